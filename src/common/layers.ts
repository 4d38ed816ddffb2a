/** A layer: a matrix or a kernel with its bias and what comes after them; its units are the outputs or channels of the matrix. */

export interface Layer {
  name: string;
  kind: "dense" | "conv";
  /** Names of tensors. */
  weights: string;
  bias: string | null;
  /** Of the weights' shape. */
  unitAxis: number;
  inputAxis: number;
  inputs: number;
  units: number;
  /** In lower case, such as "relu"; null where the file does not say. */
  activation: string | null;
  /** Nothing but the bias lies between the weights and the activation. */
  plain: boolean;
  /** The name of a tensor with a sign for each unit. */
  signs: string | null;
  /** The layer, by its index, whose units are this one's inputs, one by one; null where they are not, or it is not known. */
  before: number | null;
  /** What reads this layer's units are layers, and all of them are known: `before` names them. */
  closed: boolean;
}

/** Why a unit is structurally dead: no weight leads to it, no input can make it fire, nothing reads it. */
export const deadReasons = { incoming: 1, bound: 2, outgoing: 4 } as const;

/** For each unit the sum of the reasons for which it is dead: 0 for most. */
export type LayerStructure = Uint8Array;
