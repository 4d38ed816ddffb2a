/** What the pre-training of each layer is: every choice of the config made (the paper, section 3.2). Pure. */
import type { Experiment, Pretraining } from "../../common/experiment.js";
import { layerValue, pretrainedLayers } from "../../common/layerValue.js";
import {
  type Noise,
  pretrainingDefaults,
  type ReconstructionStrategy,
  type ReconstructionTarget,
} from "../../common/pretraining.js";
import { type Activation, hasExactZeros } from "../../common/units.js";
import type { InputTraits } from "../data/inputTraits.js";
import type { Decoder } from "../kernels/objective.js";

export interface LayerNoise {
  kind: Exclude<Noise, "auto">;
  /** Probability that a value (with salt and pepper: one that is not 0) becomes 0. */
  corruption: number;
  /** Salt and pepper: probability that a 0 becomes 1. */
  salt: number;
}

export interface LayerPlan {
  /** 1-based. */
  layer: number;
  decoder: Decoder;
  target: ReconstructionTarget;
  /** The input is divided by its maximum over the training set. */
  scaled: boolean;
  /** The division is made in the layer below, for good. */
  foldsBelow: boolean;
  /** (x + 1)/2 is reconstructed in place of x. */
  shifted: boolean;
  noise: LayerNoise;
  tied: boolean;
  learningRate: number;
  l1: number;
  batchSize: number;
}

const decoders: Record<Exclude<ReconstructionStrategy, "auto">, Decoder> = {
  softplus: "softplus",
  scaled: "logistic",
  linear: "linear",
  rectifier: "rectifier",
  crossEntropy: "logistic",
};

/** Cannot be reconstructed that way. */
export class StrategyError extends Error {
  readonly code = "strategy";

  constructor(
    message: string,
    readonly key: string,
    readonly value: unknown,
  ) {
    super(message);
  }
}

/**
 * The section with all choices made, as lists over the layers.
 * @param traits of the data
 * @throws StrategyError where a layer's strategy cannot reach what it is to reconstruct
 */
export function resolvePretraining(experiment: Experiment, traits: InputTraits): Pretraining | undefined {
  const { pretraining, network, training } = experiment;
  if (!pretraining) return undefined;
  const layers = Array.from({ length: pretrainedLayers(experiment) }, (_, l) => l);
  if (layers.length === 0) return pretraining;
  const strategies = layers.map((l) => strategyOf(pretraining.strategy, l, network.activation, traits));
  const noise = layers.map((l) => noiseOf(layerValue(pretraining.noise, l), l, traits));
  const resolved: Pretraining = {
    strategy: strategies,
    target: layers.map((l) => layerValue(pretraining.target, l)),
    noise,
    corruption: layers.map((l) => layerValue(pretraining.corruption ?? defaultCorruption(l, traits), l)),
    salt: layers.map((l) => layerValue(pretraining.salt, l)),
    tied: pretraining.tied,
    learningRate: layers.map((l) => layerValue(pretraining.learningRate, l)),
    epochs: layers.map((l) => layerValue(pretraining.epochs, l)),
    batchSize: pretraining.batchSize ?? training.batchSize,
    l1: layers.map((l) => layerValue(pretraining.l1 ?? training.l1, l)),
    layers: layers.length,
  };
  checkReach(strategies[0] as ReconstructionStrategy, traits);
  return resolved;
}

/** @param experiment with its pre-training resolved */
export function layerPlans(experiment: Experiment): LayerPlan[] {
  const { pretraining, network } = experiment;
  if (!pretraining) return [];
  return Array.from({ length: pretrainedLayers(experiment) }, (_, l) => {
    const strategy = layerValue(pretraining.strategy, l);
    if (strategy === "auto") throw new Error("The pre-training is not resolved.");
    const scaled = strategy === "scaled";
    return {
      layer: l + 1,
      decoder: decoders[strategy],
      target: l === 0 ? "unmasked" : layerValue(pretraining.target, l),
      scaled,
      // s · max(0, a) = max(0, s · a); the other units do not scale
      foldsBelow: scaled && l > 0 && hasExactZeros(network.activation),
      shifted: strategy === "crossEntropy" && l > 0 && network.activation === "tanh",
      noise: {
        kind: layerValue(pretraining.noise, l) as LayerNoise["kind"],
        corruption: layerValue(pretraining.corruption ?? 0, l),
        salt: layerValue(pretraining.salt, l),
      },
      tied: pretraining.tied,
      learningRate: layerValue(pretraining.learningRate, l),
      l1: layerValue(pretraining.l1 ?? 0, l),
      batchSize: pretraining.batchSize ?? experiment.training.batchSize,
    };
  });
}

/** A list says exactly what each layer does; what is said of all leaves a first layer that it cannot reach to the linear decoder. */
function strategyOf(
  given: Pretraining["strategy"],
  l: number,
  activation: Activation,
  traits: InputTraits,
): Exclude<ReconstructionStrategy, "auto"> {
  const strategy = layerValue(given, l);
  if (l === 0 && traits.least < 0 && !(Array.isArray(given) && strategy !== "auto")) return "linear";
  if (strategy !== "auto") return strategy;
  if (traits.sparse && activation !== "tanh") return "scaled";
  if (activation === "tanh" || activation === "logistic")
    return l === 0 && traits.greatest > 1 ? "scaled" : "crossEntropy";
  return "softplus";
}

function noiseOf(noise: Noise, l: number, traits: InputTraits): LayerNoise["kind"] {
  if (noise !== "auto") return noise;
  return traits.sparse && l === 0 ? "saltAndPepper" : "masking";
}

function defaultCorruption(l: number, { sparse }: InputTraits): number {
  const { text, masking } = pretrainingDefaults;
  return sparse ? (text[Math.min(l, text.length - 1)] as number) : masking;
}

/** What the cross-entropy can be taken of lies in 0…1. */
function checkReach(first: ReconstructionStrategy, { least, greatest }: InputTraits): void {
  const refuse = (why: string, mend: string) => {
    throw new StrategyError(
      `pretraining.strategy is "${first}" for layer 1, but the data have ${why}. ${mend}`,
      "pretraining.strategy",
      first,
    );
  };
  if (first !== "linear" && least < 0) refuse("negative values", 'Use "linear" for that layer.');
  if (first === "crossEntropy" && greatest > 1) refuse("values greater than 1", 'Use "scaled" for that layer.');
}
