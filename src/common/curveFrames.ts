/**
 * Curves packed for the way host → webview: [magic, version, points, columns] and the x of the points in double precision, then for
 * each column its means, lows and highs in single precision, which is more than a screen can show. NaN stands for no value.
 */
import type { Curves } from "./series.js";

const magic = 0x52534331; // "RSC1"
const version = 1;
const header = 4;
const kinds = ["means", "lows", "highs"] as const;

export function packCurves({ x, columns }: Curves): ArrayBuffer {
  const points = x.length;
  const doubles = header + points;
  const buffer = new ArrayBuffer(doubles * 8 + points * columns.length * kinds.length * 4);
  const head = new Float64Array(buffer, 0, doubles);
  head.set([magic, version, points, columns.length]);
  head.set(x, header);
  const values = new Float32Array(buffer, doubles * 8);
  columns.forEach((column, c) => {
    kinds.forEach((kind, k) => {
      values.set(column[kind], (c * kinds.length + k) * points);
    });
  });
  return buffer;
}

/** @throws RangeError when the buffer is not what packCurves makes */
export function unpackCurves(buffer: ArrayBuffer): Curves {
  if (buffer.byteLength < header * 8) throw new RangeError("Not curves: wrong size.");
  const [foundMagic, foundVersion, points = 0, columns = 0] = new Float64Array(buffer, 0, header);
  if (foundMagic !== magic || foundVersion !== version) throw new RangeError("Not curves of this version.");
  const doubles = header + points;
  if (buffer.byteLength !== doubles * 8 + points * columns * kinds.length * 4)
    throw new RangeError("Not curves: their size does not match their header.");
  const values = new Float32Array(buffer, doubles * 8);
  const part = (c: number, k: number) => values.subarray((c * kinds.length + k) * points).subarray(0, points);
  return {
    x: new Float64Array(buffer, header * 8, points),
    columns: Array.from({ length: columns }, (_, c) => ({ means: part(c, 0), lows: part(c, 1), highs: part(c, 2) })),
  };
}
