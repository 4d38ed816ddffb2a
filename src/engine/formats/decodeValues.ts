/** From a tensor's stored bytes to its values. */
import { bitsOf, bytesFor, type DType, decodeOf } from "./dtypes.js";
import { FormatError } from "./formatError.js";
import { shown } from "./modelFile.js";

export interface Stored {
  name: string;
  dtype: DType;
  elements: number;
  bigEndian?: boolean;
}

/** A multiple of every type's bytes. */
const bufferBytes = 3 << 16;

/**
 * The same array every time, filled anew.
 * @param bytes in pieces of any size
 * @throws FormatError unless there are as many bytes as the elements take
 */
export async function* decodeValues(
  bytes: AsyncIterable<Uint8Array>,
  { name, dtype, elements, bigEndian = false }: Stored,
): AsyncGenerator<Float64Array> {
  const decode = decodeOf(dtype);
  if (!decode) return;
  const needed = bytesFor(dtype, elements);
  const bits = bitsOf(dtype);
  const buffer = new Uint8Array(Math.min(bufferBytes, Math.max(16, Math.ceil(needed / 16) * 16)));
  const values = new Float64Array(Math.min((bufferBytes * 8) / bits, elements));
  const count = (length: number, left: number) => Math.min(left, Math.floor((length * 8) / bits));
  let [filled, got, done] = [0, 0, 0];
  const flush = () => {
    const n = count(filled, elements - done);
    if (bigEndian) swap(buffer.subarray(0, filled), dtype);
    decode(buffer.subarray(0, filled), n, values);
    done += n;
    filled = 0;
    return n === values.length ? values : values.subarray(0, n);
  };
  for await (const piece of bytes) {
    got += piece.length;
    if (got > needed) throw wrongSize(name, dtype, elements, needed, "more than that");
    for (let at = 0; at < piece.length; ) {
      const taken = Math.min(buffer.length - filled, piece.length - at);
      buffer.set(piece.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      if (filled === bufferBytes) yield flush();
    }
  }
  if (got < needed) throw wrongSize(name, dtype, elements, needed, String(got));
  if (filled > 0) yield flush();
}

function wrongSize(name: string, dtype: DType, elements: number, needed: number, got: string): FormatError {
  return new FormatError(
    `Tensor ${shown(name)}: ${elements} elements of ${dtype} take ${needed} bytes, and the file holds ${got}. It is damaged or cut short; copy or download it again.`,
    { code: "wrongSize", place: `Tensor ${shown(name)}`, value: got },
  );
}

/** In place; both parts of a complex number on their own. */
function swap(bytes: Uint8Array, dtype: DType): void {
  const size = bytesFor(dtype, 1) / (dtype.startsWith("complex") ? 2 : 1);
  if (size === 1) return;
  for (let at = 0; at + size <= bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}
