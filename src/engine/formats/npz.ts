/** .npz: a zip archive of .npy files, one an array. Only headers are unpacked to list them. */
import type { ByteSource } from "./byteSource.js";
import { decodeValues } from "./decodeValues.js";
import { FormatError } from "./formatError.js";
import type { Model, StoredTensor } from "./modelFile.js";
import { checkDataBytes, npyHeaderEnd, parseNpyHeader, storedName } from "./npy.js";
import { readZip, unpack, type ZipEntry } from "./zip.js";

/** Entries that are no arrays are left out, as NumPy leaves them. @throws FormatError */
export async function readNpz(source: ByteSource): Promise<Model> {
  const tensors: StoredTensor[] = [];
  const entries = await readZip(source);
  for (const entry of entries) if (entry.name.endsWith(".npy")) tensors.push(await tensorOf(source, entry));
  if (tensors.length === 0 && entries.length > 0)
    throw new FormatError(
      `${source.name} is an archive without NumPy arrays. Archives of PyTorch and Keras are not read: save the weights as .safetensors.`,
      { code: "unknownFormat" },
    );
  return { format: "npz", metadata: {}, nodes: [], outputs: [], tensors };
}

async function tensorOf(source: ByteSource, entry: ZipEntry): Promise<StoredTensor> {
  const name = entry.name.slice(0, -".npy".length);
  const header = parseNpyHeader(await beginning(source, entry), name);
  const { dtype, bigEndian, columnMajor, shape, elements, start } = header;
  checkDataBytes(header, entry.bytes - start, name);
  return {
    name,
    shape,
    dtype,
    storedAs: storedName(header),
    elements,
    bytes: entry.bytes - start,
    columnMajor,
    values: () => decodeValues(after(start, unpack(source, entry)), { name, dtype, elements, bigEndian }),
  };
}

const firstBytes = 1 << 12;

/** As much as the header states, and a little more. */
async function beginning(source: ByteSource, entry: ZipEntry): Promise<Uint8Array> {
  let out = new Uint8Array(0);
  for await (const piece of unpack(source, entry, firstBytes)) {
    const longer = new Uint8Array(out.length + piece.length);
    longer.set(out);
    longer.set(piece, out.length);
    out = longer;
    if (out.length >= npyHeaderEnd(out)) break;
  }
  return out;
}

async function* after(start: number, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let skipped = 0;
  for await (const piece of pieces) {
    const left = Math.min(piece.length, start - skipped);
    skipped += left;
    if (left < piece.length) yield piece.subarray(left);
  }
}
