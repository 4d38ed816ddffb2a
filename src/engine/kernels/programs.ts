/** What the threads do in a forward pass and in a step, operation by operation: assembly/index.ts runs it. */
import type { Layer, Signal } from "./arena.js";
import { quarters } from "./panelLayout.js";

/** The operations of assembly/index.ts. */
const code = {
  barrier: 0,
  input: 1,
  list: 2,
  union: 3,
  mark: 4,
  gram: 5,
  join: 6,
  forward: 7,
  loss: 8,
  biases: 9,
  backward: 10,
  gradient: 11,
  hold: 12,
  update: 13,
  optimize: 14,
  reconstruction: 15,
  transpose: 16,
} as const;

/** code, and what it works on: the words of an operation in assembly/index.ts. */
export type Operation = [code: number, on?: number, a?: number, b?: number, c?: number];
export const operationWords = 5;
const barrier: Operation = [code.barrier];

/** Addresses of all that a step works on. */
export interface Layout {
  /** The inputs, and the outputs of every layer. */
  signals: readonly Signal[];
  layers: readonly Layer[];
  bytes: { address: number; table: number };
  labels: number;
  losses: number;
  predicted: number;
  /** Of an auto-encoder; else null: the last layer is a softmax. */
  reconstruction: { targets: number; decoder: number; tied: boolean } | null;
}

/** The update that the first layer holds back. */
export function flushing({ layers }: Layout): Operation[] {
  return [[code.update, layers[0]!.address], barrier];
}

export function predicting(layout: Layout): Operation[] {
  return forwardPass(layout, false);
}

/** @param updates of an optimizer that goes through all weights; none for plain descent, which moves them on the way back */
export function training(
  layout: Layout,
  updates: readonly [on: number, a?: number, b?: number, c?: number][],
): Operation[] {
  const optimizing = updates.map((on): Operation => [code.optimize, ...on]);
  const back = backwardPass(layout, updates.length === 0);
  return [...forwardPass(layout, true), ...back, ...optimizing, ...(updates.length > 0 ? [barrier] : [])];
}

/** @param training lists also what only the backward pass needs */
function forwardPass(layout: Layout, training: boolean): Operation[] {
  const { signals, layers, bytes } = layout;
  const operations: Operation[] = [];
  layers.forEach((layer, l) => {
    const input = signals[l]!;
    const below = layers[l - 1];
    if (below) operations.push([code.list, input.address, below.panels]);
    else operations.push([code.input, input.address, bytes.address, bytes.table]);
    operations.push([training && below ? code.mark : code.union, input.address]);
    if (training) operations.push([code.gram, input.address]);
    if (below) operations.push(...tying(layout, layer, below));
    // a narrow layer's forward pass takes only what the thread has itself
    if (!layer.narrow) operations.push(barrier, [code.join, layer.address, training ? 1 : 0]);
    operations.push([code.forward, layer.address, training && !below ? 1 : 0]);
  });
  return [...operations, barrier, lossOf(layout), barrier];
}

function lossOf({ layers, labels, losses, predicted, reconstruction }: Layout): Operation {
  const last = layers.at(-1)!.address;
  if (!reconstruction) return [code.loss, last, labels, losses, predicted];
  return [code.reconstruction, last, reconstruction.targets, losses, reconstruction.decoder];
}

/** With tied weights, makes one layer's the other's transposed, when all threads have done with both. */
function tying({ reconstruction }: Layout, to: Layer, from: Layer): Operation[] {
  return reconstruction?.tied ? [barrier, [code.transpose, to.address, from.address], barrier] : [];
}

/** @param hold the first layer's update waits for the next forward pass */
function backwardPass(layout: Layout, hold: boolean): Operation[] {
  const { signals, layers } = layout;
  const operations: Operation[] = [];
  for (let l = layers.length - 1; l >= 0; l--) {
    const { address, narrow } = layers[l]!;
    if (narrow) operations.push([code.join, address, 1]);
    operations.push([code.biases, address]);
    if (l > 0) operations.push([code.backward, address]);
    else if (hold) operations.push([code.hold, address]);
    if (l > 0) operations.push(...tying(layout, layers[l - 1]!, layers[l]!));
    if (l > 0 && !narrow) operations.push(barrier);
    if (l > 0) operations.push([code.gradient, signals[l]!.address, narrow ? 1 : quarters]);
  }
  return [...operations, barrier];
}
