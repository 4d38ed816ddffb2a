/**
 * The seam between training and what computes: a backend holds the network's parameters, makes training steps and measures sets.
 * Calls may answer at once or with a promise: a backend in another process cannot answer at once.
 */
import type { ExampleSet } from "../data/dataset.js";
import type { StepSettings, UnitHistory } from "../kernels/kernels.js";
import type { OptimizerState } from "../kernels/optimizerState.js";
import type { Parameters } from "../network/network.js";
import type { LayerStatistics } from "../sparsity/layerStatistics.js";
import type { StoredArrays } from "./backendArrays.js";

export type Awaitable<T> = T | Promise<T>;

/** One training step, measured before its update. */
export interface StepResult {
  size: number;
  /** Sum over the mini-batch of −log P(label), in nats, without the L1 penalty. */
  lossSum: number;
  /** Examples whose most probable class is not their label. */
  errors: number;
  /** [hidden layers]: non-zero outputs on the mini-batch. */
  activeCounts: number[];
  /** [hidden layers]: ‖∂L/∂W‖₂ */
  gradientNorms: number[];
  /** [hidden layers]: ‖ΔW‖₂ of the step's update */
  updateNorms: number[];
}

export interface Evaluation {
  n: number;
  lossSum: number;
  errors: number;
  /** Sum over the examples of (expected stars − stars)²; null where labels are not stars. */
  starSquares: number | null;
  /** One per hidden layer. */
  layers: LayerStatistics[];
}

export interface Backend {
  readonly name: string;
  /** The optimizer begins anew. */
  load(parameters: Parameters): Awaitable<void>;
  read(): Awaitable<Parameters>;
  /** What the optimizer has kept, after `load`. */
  loadOptimizerState(state: OptimizerState): Awaitable<void>;
  readOptimizerState(): Awaitable<OptimizerState>;
  /** The same in pieces, for networks that memory has no room for twice; a backend without them is asked for the whole. */
  readonly arrays?: StoredArrays | undefined;
  loadHistory(history: UnitHistory[]): Awaitable<void>;
  readHistory(): Awaitable<UnitHistory[]>;
  /** One update by the optimizer on the examples of `set` that `indices` names. */
  trainStep(set: ExampleSet, indices: Int32Array, settings: StepSettings): Awaitable<StepResult>;
  /** @param turn called every now and then, with the examples that are done: a large set takes seconds */
  evaluate(set: ExampleSet, turn: (done: number) => Awaitable<void>): Promise<Evaluation>;
  /**
   * Where numbers stopped being finite, after a step that returned such a loss: the first layer (1-based) with a non-finite output
   * on the last batch; null when all are finite.
   */
  firstNonFiniteLayer(): Awaitable<number | null>;
  dispose(): void;
}
