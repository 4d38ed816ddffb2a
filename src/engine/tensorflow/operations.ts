/** The operations of TensorFlow.js that the kernels are written with. tfjs-node has them, and so has what is bundled. */
import type * as tf from "@tensorflow/tfjs-core";

export type { Tensor, Tensor1D, Tensor2D, Variable } from "@tensorflow/tfjs-core";

const names = [
  "abs",
  "add",
  "argMax",
  "cast",
  "concat1d",
  "dispose",
  "div",
  "exp",
  "expm1",
  "fill",
  "greater",
  "log",
  "log1p",
  "matMul",
  "max",
  "maximum",
  "mul",
  "neg",
  "notEqual",
  "oneHot",
  "ones",
  "relu",
  "reshape",
  "sigmoid",
  "sign",
  "sqrt",
  "square",
  "step",
  "sub",
  "sum",
  "tanh",
  "tensor1d",
  "tensor2d",
  "tidy",
  "transpose",
  "variable",
  "where",
] as const satisfies (keyof typeof tf)[];

export type Operations = Pick<typeof tf, (typeof names)[number]>;

/** The first operation that is not there; null when all are. */
export function missingOperation(of: object): string | null {
  return names.find((name) => typeof (of as Record<string, unknown>)[name] !== "function") ?? null;
}
