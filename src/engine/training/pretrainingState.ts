/** Where pre-training stands, as plain data: with the parameters and the units' histories it is all that going on needs, to the bit. */
import type { UnitHistory } from "../kernels/kernels.js";
import type { Parameters } from "../network/network.js";
import { noSteps, type StepSums } from "./stepSums.js";

export interface PretrainingState {
  phase: "pretraining";
  /** 1-based. */
  layer: number;
  /** Steps of this layer done. */
  step: number;
  /** Training examples seen, over all layers. */
  examples: number;
  /** Step of the last measurement; −1 before the first. */
  measuredStep: number;
  /** What the layer's input is divided by; the encoder's weights are those for the quotient until its pre-training ends. */
  scale: number;
  sinceLine: StepSums;
  sinceEvaluation: StepSums;
  /** Of this layer and those below, as far as they have been measured: the last loss on the validation set. */
  losses: number[];
  /** Of the layers below: what is left of their inputs' division when their weights are as they stay; see DecoderNote. */
  scales: number[];
}

/** [inputs] what reconstructs the input of a layer from its unmasked output. */
export interface DecoderParameters {
  /** [units × inputs], row-major */
  weightsInOut: Float32Array;
  biases: Float32Array;
}

export interface PretrainingCheckpoint {
  /** Of the whole network; the layer that is pre-trained as its auto-encoder has it. */
  parameters: Parameters;
  /** From the first layer to that one. */
  decoders: DecoderParameters[];
  /** Of the layer that is pre-trained. */
  history: UnitHistory;
  state: PretrainingState;
}

export function layerState(
  layer: number,
  before: Pick<PretrainingState, "examples" | "losses" | "scales">,
): PretrainingState {
  return {
    phase: "pretraining",
    layer,
    step: 0,
    examples: before.examples,
    measuredStep: -1,
    scale: 1,
    sinceLine: noSteps(1),
    sinceEvaluation: noSteps(1),
    losses: before.losses,
    scales: before.scales,
  };
}
