/** How much arithmetic a step asks for when zeros cost nothing: the floor below which no implementation can go. */
import type { NetworkShape } from "../../../src/engine/network/network.js";

export interface Operations {
  /** Multiply-adds. */
  forward: number;
  /** Dot products that carry the gradient to the layer below. */
  backward: number;
  update: number;
}

/**
 * Per example. The pre-activations of all units are needed, each from the active inputs; gradients only between active units.
 * @param inputDensity share of inputs that are not zero
 * @param density the same of every hidden layer
 */
export function operationsOf(shape: NetworkShape, inputDensity: number, density: readonly number[]): Operations {
  const active = [inputDensity * shape.inputs, ...shape.hidden.map((units, l) => density[l]! * units), shape.classes];
  const operations = { forward: 0, backward: 0, update: 0 };
  [...shape.hidden, shape.classes].forEach((units, l) => {
    const pairs = active[l]! * active[l + 1]!;
    operations.forward += active[l]! * units;
    operations.update += pairs;
    if (l > 0) operations.backward += pairs;
  });
  return operations;
}

export function total({ forward, backward, update }: Operations): number {
  return forward + backward + update;
}
