/** Where things lie in the kernels' memory: it is handed out once, from the bottom up, before the first step. */
import type { Activation } from "../../common/units.js";

/** The fields of the structures in assembly/structures.ts, in their order; each is a word. */
const signalFields = [
  "width",
  "pitch",
  "unit",
  "sharpness",
  "values",
  "delta",
  "signs",
  "active",
  "activeBytes",
  "activeEnds",
  "blocks",
  "blockEnds",
  "examples",
  "union",
  "partial",
  "partialBytes",
  "lastFiredStep",
  "maxUpdate",
  "maxUpdateStep",
  "squares",
] as const;
const layerFields = [
  "input",
  "output",
  "weights",
  "panelBytes",
  "panels",
  "gram",
  "scratch",
  "scratchBytes",
  "heldActive",
  "heldCount",
  "narrow",
] as const;

/** A row of values per example; addresses are byte offsets. */
export type Signal = Record<(typeof signalFields)[number], number> & { address: number };
/** Fully connected weights in panels. */
export type Layer = Record<(typeof layerFields)[number], number> & { address: number };

export const panelColumns = 16;
/** Parts of a layer's units that threads share out: no more threads than these find work. */
export const quarters = 4;
export const unitCodes: Record<Activation | "linear", number> = {
  rectifier: 0,
  softplus: 1,
  tanh: 2,
  logistic: 3,
  linear: 4,
};

const entryWords = 2;
const lineBytes = 64;

/** Takes addresses first; the structures are written when the memory is there. */
export class Arena {
  top: number;
  private readonly structures: { fields: readonly string[]; values: Record<string, number> }[] = [];

  constructor(start: number) {
    this.top = start;
  }

  /** Whole cache lines, zeros. */
  take(words: number): number {
    const address = this.top;
    this.top += Math.ceil((words * 4) / lineBytes) * lineBytes;
    return address;
  }

  /** @param hidden a layer's outputs, of which training keeps more than of inputs and logits */
  signal(width: number, capacity: number, unit: Activation | "linear", sharpness: number, hidden: boolean): Signal {
    const panels = Math.ceil(width / panelColumns);
    // an odd number of panels, so that the values of one unit in several examples lie in different sets of the cache
    const pitch = (panels + 1 - (panels % 2)) * panelColumns;
    // lists are written four entries at a time, and may end with one more
    const activeBytes = (pitch + panelColumns) * entryWords * 4;
    const perUnit = () => (hidden ? this.take(pitch) : 0);
    return this.place(signalFields, {
      width,
      pitch,
      unit: unitCodes[unit],
      sharpness,
      values: this.take(capacity * pitch),
      delta: this.take(capacity * pitch),
      signs: perUnit(),
      active: this.take((capacity * activeBytes) / 4),
      activeBytes,
      activeEnds: this.take(capacity * quarters),
      blocks: this.take((capacity * pitch * entryWords) / 4),
      blockEnds: this.take(capacity * quarters),
      examples: this.take(Math.ceil(capacity / 32) * pitch),
      union: this.take(quarters + pitch),
      partial: this.take(quarters * capacity * pitch),
      partialBytes: capacity * pitch * 4,
      lastFiredStep: perUnit(),
      maxUpdate: perUnit(),
      maxUpdateStep: perUnit(),
      squares: this.take(pitch),
    });
  }

  /** @param first layers whose input is that of the network hold their update back */
  layer(input: Signal, output: Signal, capacity: number, threads: number, first: boolean): Layer {
    const rows = input.width + 1;
    const panelBytes = (rows + 1 - (rows % 2)) * panelColumns * 4;
    const panels = Math.ceil(output.width / panelColumns);
    const scratchBytes = Math.ceil((capacity * 4) / lineBytes) * lineBytes;
    return this.place(layerFields, {
      input: input.address,
      output: output.address,
      weights: this.take((panels * panelBytes) / 4),
      panelBytes,
      panels,
      gram: this.take(capacity * capacity),
      scratch: this.take((threads * scratchBytes) / 4),
      scratchBytes,
      heldActive: first ? this.take((capacity * input.activeBytes) / 4) : 0,
      heldCount: first ? this.take(capacity) : 0,
      narrow: output.unit === unitCodes.linear && panels === 1 && !first ? 1 : 0,
    });
  }

  write(words: Int32Array, floats: Float32Array): void {
    for (const { fields, values } of this.structures)
      fields.forEach((field, k) => {
        const at = values.address! / 4 + k;
        if (field === "sharpness") floats[at] = values[field]!;
        else words[at] = values[field]!;
      });
  }

  private place<F extends string>(
    fields: readonly F[],
    values: Record<F, number>,
  ): Record<F, number> & { address: number } {
    const placed = { ...values, address: this.take(fields.length) };
    this.structures.push({ fields, values: placed });
    return placed;
  }
}
