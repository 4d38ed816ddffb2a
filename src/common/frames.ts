/**
 * Training figures packed for the way worker → host → webview: one buffer per frame instead of thousands of objects.
 * Layout: Float64Array [magic, version, columns, rows, …rows × columns], row-major. The columns follow from the number of
 * hidden layers: step, epoch, n, loss, error, λ, then each layer's sparsity, then each layer's gradient norm. NaN stands for null, and for no λ.
 */
import type { TrainLine } from "./run.js";

const magic = 0x52534631; // "RSF1"
const version = 2;
const header = 4;
const fixedColumns = 6;

export function packTrainLines(lines: readonly TrainLine[], layers: number): ArrayBuffer {
  const columns = fixedColumns + 2 * layers;
  const out = new Float64Array(header + lines.length * columns);
  out.set([magic, version, columns, lines.length]);
  let at = header;
  for (const line of lines) {
    out.set([line.step, line.epoch, line.n, line.loss, line.error, line.l1 ?? Number.NaN], at);
    for (let l = 0; l < layers; l++) {
      out[at + fixedColumns + l] = line.layers[l]?.sparsity ?? Number.NaN;
      out[at + fixedColumns + layers + l] = line.layers[l]?.gradientNorm ?? Number.NaN;
    }
    at += columns;
  }
  return out.buffer;
}

/** @throws RangeError when the buffer is not a frame of this version. */
export function unpackTrainLines(buffer: ArrayBuffer): TrainLine[] {
  if (buffer.byteLength % 8 !== 0 || buffer.byteLength < header * 8) throw new RangeError("Not a frame: wrong size.");
  const values = new Float64Array(buffer);
  const [foundMagic, foundVersion, columns = 0, rows = 0] = values;
  if (foundMagic !== magic || foundVersion !== version) throw new RangeError("Not a frame of this version.");
  if (columns < fixedColumns || values.length !== header + rows * columns)
    throw new RangeError("Not a frame: its size does not match its header.");
  const layers = (columns - fixedColumns) / 2;
  const at = (index: number) => values[index] as number;
  return Array.from({ length: rows }, (_, row) => {
    const start = header + row * columns;
    const l1 = at(start + 5);
    return {
      kind: "train",
      step: at(start),
      epoch: at(start + 1),
      set: "train",
      n: at(start + 2),
      loss: at(start + 3),
      error: at(start + 4),
      ...(!Number.isNaN(l1) && { l1 }),
      layers: Array.from({ length: layers }, (_, l) => {
        const sparsity = at(start + fixedColumns + l);
        return {
          sparsity: Number.isNaN(sparsity) ? null : sparsity,
          gradientNorm: at(start + fixedColumns + layers + l),
        };
      }),
    };
  });
}
