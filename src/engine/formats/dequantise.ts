/** Values of quantised tensors: (stored − zero point) × scale, for the whole tensor, along an axis, or in blocks along it. */
import { FormatError } from "./formatError.js";
import { type StoredTensor, shown } from "./modelFile.js";

export interface Quantisation {
  /** Null where only the zero point matters, as in ConvInteger. */
  scale: StoredTensor | null;
  zeroPoint: StoredTensor | null;
  axis: number;
  /** Elements along the axis that share a scale; 0 where there are no blocks. */
  block: number;
}

const maxScales = 1 << 24;

/** Null where scale or zero point do not have the shape that the tensor needs: its values are then as stored. */
export function quantised(tensor: StoredTensor, { scale, zeroPoint, axis, block }: Quantisation): StoredTensor | null {
  const { shape } = tensor;
  const parameters = scale ?? zeroPoint;
  if (!parameters || parameters.elements > maxScales) return null;
  if (scale && zeroPoint && scale.elements !== zeroPoint.elements && zeroPoint.elements !== 1) return null;
  const along = axis < 0 ? axis + shape.length : axis;
  const size = shape[along] ?? 0;
  const blocks = block > 0 ? Math.ceil(size / block) : size;
  const inner = shape.slice(along + 1).reduce((count, n) => count * n, 1);
  const expected = parameters.elements === 1 ? 1 : block > 0 ? (tensor.elements / Math.max(1, size)) * blocks : size;
  if (parameters.elements !== expected) return null;
  const placeOf = (i: number) => {
    if (expected === 1) return 0;
    const position = Math.floor(i / inner) % size;
    if (block === 0) return position;
    return (Math.floor(i / (inner * size)) * blocks + Math.floor(position / block)) * inner + (i % inner);
  };
  return {
    ...tensor,
    storedAs: `${tensor.dtype}, ${[scale && "scale", zeroPoint && "zero point"].filter(Boolean).join(" and ")}`,
    async *values() {
      const scales = scale && (await allOf(scale));
      const zeroPoints = zeroPoint && (await allOf(zeroPoint));
      let at = 0;
      for await (const piece of tensor.values()) {
        for (let i = 0; i < piece.length; i++) {
          const place = placeOf(at + i);
          const shift = zeroPoints ? zeroPoints[zeroPoints.length === 1 ? 0 : place]! : 0;
          piece[i] = scales ? Math.fround((piece[i]! - shift) * scales[place]!) : piece[i]! - shift;
        }
        at += piece.length;
        yield piece;
      }
    },
  };
}

async function allOf(tensor: StoredTensor): Promise<Float64Array> {
  const all = new Float64Array(tensor.elements);
  let at = 0;
  for await (const piece of tensor.values()) {
    all.set(piece, at);
    at += piece.length;
  }
  if (at === all.length) return all;
  throw new FormatError(`Tensor ${shown(tensor.name)} holds no numbers, and is the scale of another.`, {
    code: "badScale",
    place: `Tensor ${shown(tensor.name)}`,
  });
}
