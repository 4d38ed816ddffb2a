/** The choices of pre-training by name. Imports nothing, so that small bundles stay small. */

/** Decoder and cost together; see docs/pretraining.md. */
export const reconstructionStrategies = ["auto", "softplus", "scaled", "linear", "rectifier", "crossEntropy"] as const;
export type ReconstructionStrategy = (typeof reconstructionStrategies)[number];

export const noises = ["auto", "masking", "saltAndPepper", "none"] as const;
export type Noise = (typeof noises)[number];

/** What is reconstructed of a layer below. */
export const reconstructionTargets = ["unmasked", "masked", "preActivation"] as const;
export type ReconstructionTarget = (typeof reconstructionTargets)[number];

/** What stands where a config says nothing. */
export const pretrainingDefaults = {
  learningRate: 0.01,
  epochs: 30,
  /** Masking: of each input. */
  masking: 0.25,
  /** Of texts: of the ones of the input, of the first hidden layer, and of those above. */
  text: [0.8, 0.5, 0.3],
  salt: 0.005,
} as const;
