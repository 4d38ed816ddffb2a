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
}

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
