/** What is known about a stored tensor: the inspector's figures, the same on the command line and in the editor. */

/** A tensor as its file lists it, before its values are read. */
export interface TensorDescription {
  name: string;
  shape: number[];
  /** Of the decoded values, such as "float32". */
  dtype: string;
  /** As stored, where that is something else. */
  storedAs: string;
  elements: number;
  bytes: number;
  role: TensorRole;
  /** Index of the layer that it belongs to. */
  layer: number | null;
  /** The axis that a layer sums over; null where that is not known. */
  inputAxis: number | null;
}

/** Null where a figure does not exist for the tensor. */
export interface TensorFigures {
  /** False where the elements are no numbers: then all counts are 0 and mean nothing. */
  counted: boolean;
  /** Elements whose decoded value is 0 or −0. */
  zeros: number;
  /** Elements with |w| < nearZeroEpsilon, zeros included. */
  nearZero: number;
  notNumbers: number;
  infinite: number;
  /** ‖w‖₂ of the finite elements. */
  norm: number;
  /** Of the finite elements; null where there are none. */
  min: number | null;
  max: number | null;
  /** [e, count]: elements with 2^e ≤ |w| < 2^(e+1), on each side of zero. */
  histogram: { negative: [number, number][]; positive: [number, number][] };
  /** Rows (along the first axis) that hold nothing but zeros; null unless the tensor has two axes. */
  deadRows: number | null;
  deadColumns: number | null;
  /** Groups of four weights along the input axis, by how many of them are zero; null where there are none. */
  groupsOfFour: number[] | null;
}

/** What a tensor is to the network. Only weights count towards sparsity. */
export type TensorRole = "weight" | "bias" | "norm" | "embedding" | "state" | "other";

export const roleTexts: Record<TensorRole, { label: string; text: string }> = {
  weight: { label: "weights", text: "A matrix or kernel: an engine could skip its zeros. Counts towards sparsity." },
  bias: { label: "bias", text: "One number a unit: there is nothing to skip. Does not count towards sparsity." },
  norm: {
    label: "normalisation",
    text: "Scales, shifts and statistics of a normalisation. Does not count towards sparsity.",
  },
  embedding: {
    label: "embedding",
    text: "A table that rows are looked up in, not multiplied by. Does not count towards sparsity.",
  },
  state: { label: "training state", text: "What training keeps beside the weights. Does not count towards sparsity." },
  other: { label: "other", text: "Constants, shapes and what is not recognised. Does not count towards sparsity." },
};

/** Share of groups of `of` = 4 with at least 4 − n zeros, such as 2:4; null where there are no groups. */
export function groupShare(groupsOfFour: readonly number[] | null, n: number): number | null {
  const total = groupsOfFour?.reduce((sum, count) => sum + count, 0) ?? 0;
  if (!groupsOfFour || total === 0) return null;
  return groupsOfFour.slice(4 - n).reduce((sum, count) => sum + count, 0) / total;
}

/** Zeros ÷ elements over the tensors that count; null where none does. */
export function weightSparsity(
  tensors: readonly { role: TensorRole; elements: number; figures: TensorFigures | null }[],
): { zeros: number; elements: number; tensors: number; share: number | null } {
  let [zeros, elements, count] = [0, 0, 0];
  for (const { role, figures, elements: size } of tensors) {
    if (role !== "weight" || !figures?.counted) continue;
    zeros += figures.zeros;
    elements += size;
    count++;
  }
  return { zeros, elements, tensors: count, share: elements > 0 ? zeros / elements : null };
}
