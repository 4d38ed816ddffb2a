/** The hidden units as formulas in double precision: the reference that the kernels are held to. */
import type { Activation } from "./units.js";

/** The unit's output for pre-activation a. Softplus does not overflow: (max(z, 0) + log(1 + e^−|z|))/α with z = αa. */
export function unitOutput(unit: Activation, a: number, sharpness: number): number {
  if (unit === "rectifier") return Number.isNaN(a) ? a : Math.max(0, a);
  if (unit === "tanh") return Math.tanh(a);
  if (unit === "logistic") return 1 / (1 + Math.exp(-a));
  const z = sharpness * a;
  return (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)))) / sharpness;
}

/** The unit's derivative, from its output u. The rectifier's derivative at 0 is 0. */
export function unitDerivative(unit: Activation, u: number, sharpness: number): number {
  if (unit === "rectifier") return u === 0 ? 0 : 1;
  if (unit === "tanh") return 1 - u * u;
  if (unit === "logistic") return u * (1 - u);
  return -Math.expm1(-sharpness * u); // logistic(αa)
}
