/**
 * The seam below a backend: the arithmetic of one fully connected network on one mini-batch. Two implementations: WebAssembly
 * (wasmKernels.ts), which trains, and plain TypeScript in double precision (referenceKernels.ts), which shows what is meant.
 */

import type { Optimizer } from "../../common/optimizers.js";
import type { ExampleSet } from "../data/dataset.js";
import type { NetworkShape, Parameters } from "../network/network.js";
import type { ArrayName } from "../network/networkArrays.js";
import type { Objective } from "./objective.js";
import type { OptimizerState } from "./optimizerState.js";

/** Rows of numbers in the implementation's own memory; valid until the next call. Row b starts at b × pitch. */
export interface Rows {
  values: Float32Array | Float64Array;
  pitch: number;
}

/** Outputs of a layer: that of unit j lies `place[j]` from the start of the row. */
export interface UnitRows extends Rows {
  place: Int32Array;
}

/** What training did to each unit of a hidden layer, from the first step on. */
export interface UnitHistory {
  /** The last step in which the unit's output was not zero on some example; −1 for never. */
  lastFiredStep: Int32Array;
  /** Largest ‖Δ‖₂ of the unit's incoming weights and bias in one step. */
  maxUpdate: Float32Array;
  /** The step of that update; −1 for none. */
  maxUpdateStep: Int32Array;
  /** Where the kernels keep the unit. Sums depend on it in their last bits, so that training can only go on from the same places. */
  place: Int32Array;
}

export interface StepSettings {
  /** 1-based number of the step; Adam corrects its means by it. */
  step: number;
  learningRate: number;
  /** λ of the L1 penalty on activations. */
  l1: number;
}

/** Arrays in the kernels' own memory, in the order of the units. Layers and rows are counted from 0; after one row for each input come the biases. */
export interface RowAccess {
  /** Parameters are 0 until they are written, and the optimizer begins anew. */
  clear(): void;
  /** Fills `to`, which has room for whole rows, from row `first` on. */
  readRows(layer: number, array: ArrayName, first: number, to: Float32Array): void;
  writeRows(layer: number, array: ArrayName, first: number, from: Float32Array): void;
  /** Of a hidden layer. */
  readSigns(layer: number): Float32Array;
  writeSigns(layer: number, signs: Float32Array): void;
}

export interface Kernels {
  readonly shape: NetworkShape;
  readonly optimizer: Optimizer;
  readonly objective: Objective;
  /** Largest mini-batch. */
  readonly capacity: number;
  /** [capacity × inputs]: the caller writes the examples here. */
  readonly inputs: Rows;
  /** [capacity]: the caller writes the labels here. */
  readonly labels: Int32Array;
  /** Of the last batch, [capacity]: −log P(label) in nats, and the most probable class. */
  readonly losses: Float32Array | Float64Array;
  readonly predicted: Int32Array;
  /** [capacity × outputs], of an auto-encoder: the caller writes here what is to be reconstructed. `losses` are the reconstructions'. */
  readonly targets: Rows;

  /** Makes the named examples of a set the mini-batch: writes `inputs` and `labels`. */
  gather(set: ExampleSet, indices: Int32Array): void;
  /** What the caller has written to `inputs` is the mini-batch, and not what was gathered before. */
  useInputs(): void;

  /** The optimizer begins anew. */
  load(parameters: Parameters): void;
  read(): Parameters;
  /** What the optimizer has kept, after `load`. */
  loadOptimizerState(state: OptimizerState): void;
  /** A copy. */
  readOptimizerState(): OptimizerState;
  /** The same a few rows at a time, where that is possible; not of auto-encoders. */
  readonly rows?: RowAccess;
  loadHistory(history: UnitHistory[]): void;
  /** Copies, one per hidden layer. */
  readHistory(): UnitHistory[];

  /** Lays the hidden units out anew, so that those that fire together on the named examples lie side by side: an optimisation. */
  arrange(set: ExampleSet, indices: Int32Array): void;

  /** Forward pass of the first `size` rows, with losses. */
  forward(size: number): void;
  /** Forward and backward pass and one update by the optimizer on mean loss + L1 penalty. */
  step(size: number, settings: StepSettings): void;

  /** Outputs h of layer l (0-based) on the last batch, [size × width]; of the softmax layer its logits. */
  outputs(layer: number): UnitRows;
  /** Non-zero outputs of hidden layer l on the last batch, over units and examples. */
  activeCount(layer: number): number;
  /** ‖∂L/∂W‖₂ of hidden layer l's weights in the last step. */
  gradientNorm(layer: number): number;
  /** ‖ΔW‖₂ of hidden layer l's weights in the last step. */
  updateNorm(layer: number): number;
  dispose(): void;
}
