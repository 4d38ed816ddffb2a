/** The optimizers by name, with their settings. Imports nothing, so that small bundles stay small. */

export const optimizers = ["sgd", "momentum", "adam"] as const;
export type OptimizerName = (typeof optimizers)[number];

/** An optimizer with all its settings but the learning rate. */
export type Optimizer =
  | { name: "sgd" }
  | { name: "momentum"; momentum: number }
  | { name: "adam"; beta1: number; beta2: number; epsilon: number };

/** Keys of the config that only some optimizers have. */
export type OptimizerKey = "momentum" | "beta1" | "beta2" | "epsilon";
export type OptimizerSettings = { [key in OptimizerKey]?: number | undefined };

/** The part of a config's training section that says which optimizer. */
export type OptimizerChoice = OptimizerSettings & { optimizer: OptimizerName };

/** Which of the keys each optimizer has, and what they are where the config says nothing. */
export const optimizerDefaults: Record<OptimizerName, OptimizerSettings> = {
  sgd: {},
  momentum: { momentum: 0.9 },
  adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
};

export const plainSgd: Optimizer = { name: "sgd" };

export function optimizerOf(training: OptimizerChoice): Optimizer {
  return { name: training.optimizer, ...settingsOf(training) } as Optimizer;
}

/** The settings of the chosen optimizer, with its defaults. */
export function settingsOf(training: OptimizerChoice): OptimizerSettings {
  const settings = { ...optimizerDefaults[training.optimizer] };
  for (const key of Object.keys(settings) as OptimizerKey[]) settings[key] = training[key] ?? settings[key];
  return settings;
}
