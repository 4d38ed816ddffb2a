/** Tensors whose reading can be followed, and stopped, between any two pieces. */
import type { StoredTensor } from "../formats/modelFile.js";

/** Called after each piece with the number of its elements; reading ends where it throws. */
export type BetweenPieces = (tensor: StoredTensor, elements: number) => void | Promise<void>;

export function pacedTensors(tensors: readonly StoredTensor[], between: BetweenPieces): StoredTensor[] {
  return tensors.map((tensor) => ({ ...tensor, values: () => paced(tensor, between) }));
}

async function* paced(tensor: StoredTensor, between: BetweenPieces): AsyncGenerator<Float64Array> {
  for await (const piece of tensor.values()) {
    yield piece;
    await between(tensor, piece.length);
  }
}
