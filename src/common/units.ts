/** Hidden units and sign masks by name. Imports nothing, so that small bundles stay small. */

export const activations = ["rectifier", "softplus", "tanh", "logistic"] as const;
export type Activation = (typeof activations)[number];

export const signMasks = ["half", "random", "none"] as const;
export type SignMask = (typeof signMasks)[number];

/** The sign mask that applies when the config names none (the paper uses one for rectifiers). */
export function signMaskOf(network: { signs?: SignMask | undefined; activation: Activation }): SignMask {
  return network.signs ?? (network.activation === "rectifier" ? "half" : "none");
}

/** True for units whose output can be exactly zero: for these, and only these, sparsity and dead units are defined. */
export function hasExactZeros(activation: Activation): boolean {
  return activation === "rectifier";
}
