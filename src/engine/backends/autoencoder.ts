/** The seam between pre-training and what computes: one layer as a denoising auto-encoder, on top of layers that stay as they are. */
import type { ExampleSet } from "../data/dataset.js";
import type { StepSettings, UnitHistory } from "../kernels/kernels.js";
import type { NetworkShape, Parameters } from "../network/network.js";
import type { LayerStatistics } from "../sparsity/layerStatistics.js";
import type { LayerPlan } from "../training/layerPlan.js";
import type { Awaitable, StepResult } from "./backend.js";

export interface ReconstructionEvaluation {
  n: number;
  /** Sum over the set of the reconstructions' costs, from corrupted inputs and from the inputs themselves. */
  lossSum: number;
  cleanLossSum: number;
  /** Of the layer, on the inputs themselves. */
  layer: LayerStatistics;
}

export interface Autoencoder {
  /** The layers below, with their signs; none for the first layer. */
  loadBelow(parameters: Parameters): Awaitable<void>;
  /** What the layer's input is divided by; 1 unless said. */
  setScale(scale: number): void;
  /** The largest |input| of the layer over a set, before it is divided. @param turn called every now and then */
  greatestInput(set: ExampleSet, turn: () => Awaitable<void>): Promise<number>;
  /** Encoder and decoder. */
  load(parameters: Parameters): Awaitable<void>;
  read(): Awaitable<Parameters>;
  loadHistory(history: UnitHistory[]): Awaitable<void>;
  readHistory(): Awaitable<UnitHistory[]>;
  /** One update on the examples that `indices` names, with the noise of `settings.step`; measured before. There are no errors. */
  trainStep(set: ExampleSet, indices: Int32Array, settings: StepSettings): Awaitable<StepResult>;
  evaluate(set: ExampleSet, turn: () => Awaitable<void>): Promise<ReconstructionEvaluation>;
  dispose(): void;
}

/** @param shape of the whole network */
export type MakeAutoencoder = (plan: LayerPlan, shape: NetworkShape, seed: number) => Promise<Autoencoder>;
