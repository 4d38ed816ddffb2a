/** A backend's arrays in pieces: from those that offer them so, and of the others as a whole. */
import type { KeptArray, OptimizerState } from "../kernels/optimizerState.js";
import type { LayerParameters, NetworkShape, Parameters } from "../network/network.js";
import {
  type ArrayName,
  layersOf,
  type NetworkArrays,
  wholeArrays,
  wholeParameters,
} from "../network/networkArrays.js";
import type { Backend } from "./backend.js";

/** Arrays that can be written, too. */
export interface StoredArrays extends NetworkArrays {
  /** The optimizer begins anew, but for what it has kept. @param kept the arrays that are loaded beside the parameters */
  load(from: NetworkArrays, kept: readonly KeptArray[]): Promise<void>;
  /** Puts in an array's place what `change` makes of it. */
  change(layer: number, array: ArrayName, change: RowChange): void;
}

/** Changes whole rows of an array where they are, in their order, from row `first` on; the biases are the row after the last input's. */
export type RowChange = (rows: Float32Array, first: number) => void;

/** As they are until the next step. */
export function arraysOf(backend: Backend, shape: NetworkShape): NetworkArrays {
  return backend.arrays ?? new CopiedArrays(backend, shape);
}

/** @param kept the arrays that the optimizer has kept, of those in `from` */
export async function loadArrays(backend: Backend, from: NetworkArrays, kept: readonly KeptArray[]): Promise<void> {
  if (backend.arrays) return backend.arrays.load(from, kept);
  await backend.load(await wholeParameters(from));
  if (kept.length > 0) await backend.loadOptimizerState(await wholeState(from, kept));
}

/**
 * Changes parameters, and what the optimizer has kept of them, between two steps.
 * @param changeOf gives the change of a layer's array, null for none
 */
export async function changeArrays(
  backend: Backend,
  shape: NetworkShape,
  kept: readonly KeptArray[],
  changeOf: (layer: number, array: ArrayName) => RowChange | null,
): Promise<void> {
  const { arrays } = backend;
  const layers = layersOf(shape);
  if (arrays) {
    for (const l of layers.keys())
      for (const array of ["weights", ...kept] as const) {
        const change = changeOf(l, array);
        if (change) arrays.change(l, array, change);
      }
    return;
  }
  const parameters = await backend.read();
  const state = kept.length > 0 ? await backend.readOptimizerState() : [];
  for (const [l, { inputs }] of layers.entries())
    for (const array of ["weights", ...kept] as const) {
      const whole = array === "weights" ? parameters[l] : state[l]?.[array];
      const change = whole && changeOf(l, array);
      if (!change) continue;
      change(whole.weightsInOut, 0);
      change(whole.biases, inputs);
    }
  await backend.load(parameters);
  if (kept.length > 0) await backend.loadOptimizerState(state);
}

async function wholeState(from: NetworkArrays, kept: readonly KeptArray[]): Promise<OptimizerState> {
  const state: OptimizerState = [];
  for (const l of from.layers.keys()) {
    const layer: OptimizerState[number] = {};
    for (const name of kept) layer[name] = await wholeArrays(from, l, name);
    state.push(layer);
  }
  return state;
}

/** Copies as a whole, made once and only where they are asked for. */
class CopiedArrays implements NetworkArrays {
  readonly layers;
  private parameters: Promise<Parameters> | null = null;
  private state: Promise<OptimizerState> | null = null;

  constructor(
    private readonly backend: Backend,
    shape: NetworkShape,
  ) {
    this.layers = layersOf(shape);
  }

  async *rows(l: number, array: ArrayName): AsyncGenerator<Float32Array> {
    yield (await this.copied(l, array)).weightsInOut;
  }

  async biases(l: number, array: ArrayName): Promise<Float32Array> {
    return (await this.copied(l, array)).biases;
  }

  async signs(l: number): Promise<Float32Array> {
    return (await this.layer(l)).signs ?? new Float32Array(0);
  }

  private async copied(l: number, array: ArrayName): Promise<Pick<LayerParameters, "weightsInOut" | "biases">> {
    if (array === "weights") return this.layer(l);
    this.state ??= Promise.resolve(this.backend.readOptimizerState());
    const found = (await this.state)[l]?.[array];
    if (!found) throw new RangeError(`The optimizer keeps no ${array} of layer ${l + 1}.`);
    return found;
  }

  private async layer(l: number): Promise<LayerParameters> {
    this.parameters ??= Promise.resolve(this.backend.read());
    return (await this.parameters)[l] as LayerParameters;
  }
}
