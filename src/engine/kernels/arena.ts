/** Where things lie in the kernels' memory: it is handed out once, from the bottom up, before the first step. */
import type { Activation } from "../../common/units.js";
import { lineBytes, type PanelLayout, panelColumns, quarters } from "./panelLayout.js";

/** The fields of the structures in assembly/structures.ts, in their order; each is a word. */
const signalFields = [
  "width",
  "rowBytes",
  "rowInverse",
  "pitch",
  "unit",
  "sharpness",
  "values",
  "delta",
  "signs",
  "active",
  "activeBytes",
  "activeCounts",
  "blocks",
  "blockBytes",
  "blockCounts",
  "countBytes",
  "examples",
  "union",
  "unionCounts",
  "gram",
  "gramBytes",
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
  "panels",
  "strip",
  "rowBytes",
  "panelBytes",
  "stripGap",
  "narrow",
  "notes",
  "notesBytes",
] as const;
const notesFields = [
  "active",
  "counts",
  "union",
  "unionCount",
  "examples",
  "cursors",
  "gram",
  "heldActive",
  "heldCounts",
] as const;

const optimizerFields = [
  "adam",
  "rate",
  "decay",
  "gain",
  "squareDecay",
  "squareGain",
  "correction",
  "epsilon",
] as const;
const keptFields = ["first", "second", "changes", "gradient", "gradientBytes", "moving", "movingBytes"] as const;

type Structure<F extends string> = Record<F, number>;
/** A row of values per example; addresses are byte offsets. */
export type Signal = Structure<(typeof signalFields)[number]> & { address: number };
/** Fully connected weights in panels. */
export type Layer = Structure<(typeof layerFields)[number]> & { address: number; layout: PanelLayout };

/** What an optimizer does in a step; all but the first are floats. */
export type OptimizerStep = Structure<(typeof optimizerFields)[number]>;
/** What an optimizer keeps of a layer. */
export type Kept = Structure<(typeof keptFields)[number]> & { address: number };

/** Rows of a panel that optimizers move, or leave out, together; groupBytes of assembly/optimizers.ts. */
const rowsOfGroup = 16;
export const unitCodes: Record<Activation | "linear", number> = {
  rectifier: 0,
  softplus: 1,
  tanh: 2,
  logistic: 3,
  linear: 4,
};

const entryBytes = 8;
const lineWords = lineBytes / 4;

/** Takes addresses first; the structures are written when the memory is there. */
export class Arena {
  top: number;
  private readonly structures: { address: number; words: number[]; floats: Record<number, number> }[] = [];

  constructor(
    start: number,
    private readonly capacity: number,
    private readonly threads: number,
  ) {
    this.top = start;
  }

  /** Whole cache lines, zeros. */
  take(bytes: number): number {
    const address = this.top;
    this.top += lines(bytes);
    return address;
  }

  /** Room for the parts of any signal's gradient. */
  partial(widest: number): number {
    return this.take(quarters * this.capacity * pitchOf(widest) * 4);
  }

  /**
   * @param hidden a layer's outputs, of which training keeps more than of inputs and logits
   * @param next how the weights lie that these are the inputs of
   */
  signal(
    width: number,
    partial: number,
    unit: Activation | "linear",
    sharpness: number,
    hidden: boolean,
    next: Pick<PanelLayout, "rowBytes"> | undefined,
  ): Signal {
    const rowBytes = next?.rowBytes ?? lineBytes;
    const { capacity } = this;
    const pitch = pitchOf(width);
    const rows = capacity * pitch * 4;
    // each quarter's list begins a line further; lists are written four entries at a time, and may end with one more
    const listed = pitch + (quarters + 1) * lineWords;
    const activeBytes = listed * entryBytes;
    const blockBytes = lines((listed / 4) * entryBytes);
    const countBytes = lines(capacity * 4);
    const gramBytes = lines(capacity * capacity * 4);
    const perUnit = () => (hidden ? this.take(pitch * 4) : 0);
    return this.place(signalFields, {
      width,
      rowBytes,
      rowInverse: Math.ceil(2 ** 32 / rowBytes),
      pitch,
      unit: unitCodes[unit],
      sharpness,
      values: this.take(rows),
      delta: this.take(rows),
      signs: perUnit(),
      active: this.take(capacity * activeBytes),
      activeBytes,
      activeCounts: this.take(quarters * countBytes),
      blocks: this.take(capacity * blockBytes),
      blockBytes,
      blockCounts: this.take(quarters * countBytes),
      countBytes,
      examples: this.take(Math.ceil(capacity / 32) * pitch * 4),
      union: this.take(listed * 4),
      unionCounts: this.take(quarters * lineBytes),
      gram: this.take(quarters * gramBytes),
      gramBytes,
      partial,
      partialBytes: rows,
      lastFiredStep: perUnit(),
      maxUpdate: perUnit(),
      maxUpdateStep: perUnit(),
      squares: this.take(quarters * lineBytes),
    });
  }

  layer(input: Signal, output: Signal, first: boolean, layout: PanelLayout): Layer {
    const { capacity, threads } = this;
    const { offsets, strip, rowBytes, panelBytes, stripGap } = layout;
    const panels = this.take(offsets.length * 4);
    this.structures.push({ address: panels, words: [...offsets], floats: {} });
    const notesBytes = lines(notesFields.length * 4);
    const notes = this.take(threads * notesBytes);
    for (let thread = 0; thread < threads; thread++)
      this.write(notesFields, notes + thread * notesBytes, {
        active: this.take(capacity * input.activeBytes),
        counts: this.take(capacity * 4),
        union: this.take(input.pitch * 4),
        unionCount: 0,
        examples: this.take(capacity * 4),
        cursors: this.take(capacity * 8),
        gram: this.take(input.gramBytes),
        heldActive: first ? this.take(capacity * input.activeBytes) : 0,
        heldCounts: first ? this.take(capacity * 4) : 0,
      });
    const layer = this.place(layerFields, {
      input: input.address,
      output: output.address,
      weights: this.take(layout.bytes),
      panels,
      strip,
      rowBytes,
      panelBytes,
      stripGap,
      narrow: output.unit === unitCodes.linear && offsets.length === 1 && !first ? 1 : 0,
      notes,
      notesBytes,
    });
    return { ...layer, layout };
  }

  /** Room for what an optimizer does in a step; it is written before each: see writeOptimizer. */
  optimizer(): number {
    return this.take(optimizerFields.length * 4);
  }

  /** A panel for each thread, which holds one of each of the layers. */
  gradient(layers: readonly Layer[]): Pick<Kept, "gradient" | "gradientBytes"> {
    const gradientBytes = lines(Math.max(...layers.map(({ panelBytes }) => panelBytes)));
    return { gradient: this.take(this.threads * gradientBytes), gradientBytes };
  }

  /** @param arrays how many as large as the weights the optimizer keeps */
  kept(layer: Layer, output: Signal, arrays: number, gradient: ReturnType<Arena["gradient"]>): Kept {
    const { bytes } = layer.layout;
    const movingBytes = Math.ceil(layer.panelBytes / lineBytes / rowsOfGroup);
    return this.place(keptFields, {
      first: arrays > 0 ? this.take(bytes) : 0,
      second: arrays > 1 ? this.take(bytes) : 0,
      changes: this.take(output.pitch * 4),
      ...gradient,
      moving: this.take((bytes / layer.panelBytes) * movingBytes),
      movingBytes,
    });
  }

  /** Writes the structures into the memory. */
  fill(words: Int32Array, floats: Float32Array): void {
    for (const structure of this.structures) {
      words.set(structure.words, structure.address / 4);
      for (const [k, value] of Object.entries(structure.floats)) floats[structure.address / 4 + Number(k)] = value;
    }
  }

  private place<F extends string>(fields: readonly F[], values: Structure<F>): Structure<F> & { address: number } {
    const address = this.take(fields.length * 4);
    this.write(fields, address, values);
    return { ...values, address };
  }

  private write<F extends string>(fields: readonly F[], address: number, values: Structure<F>): void {
    const at = (fields as readonly string[]).indexOf("sharpness");
    const floats = at < 0 ? {} : { [at]: values[fields[at]!] };
    this.structures.push({ address, words: fields.map((field) => values[field]), floats });
  }
}

/** Writes what an optimizer does in a step to its place. */
export function writeOptimizer(words: Int32Array, floats: Float32Array, address: number, step: OptimizerStep): void {
  optimizerFields.forEach((field, k) => {
    (field === "adam" ? words : floats)[address / 4 + k] = step[field];
  });
}

/** An odd number of lines, so that the values of one unit in several examples lie in different sets of the cache. */
function pitchOf(width: number): number {
  const panels = Math.ceil(width / panelColumns);
  return (panels + 1 - (panels % 2)) * panelColumns;
}

function lines(bytes: number): number {
  return Math.ceil(bytes / lineBytes) * lineBytes;
}
