/** Small IDX files for tests. */

/** Images whose values count up from 0, modulo 256. */
export function idxImages(n: number, rows: number, columns: number): Uint8Array {
  const values = Uint8Array.from({ length: n * rows * columns }, (_, i) => i);
  return idxFile([0x0803, n, rows, columns], values);
}

export function idxLabels(labels: readonly number[]): Uint8Array {
  return idxFile([0x0801, labels.length], Uint8Array.from(labels));
}

function idxFile(header: number[], values: Uint8Array): Uint8Array {
  const file = new Uint8Array(4 * header.length + values.length);
  const view = new DataView(file.buffer);
  for (const [at, word] of header.entries()) view.setUint32(4 * at, word);
  file.set(values, 4 * header.length);
  return file;
}
