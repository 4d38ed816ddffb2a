/** Decompresses a gzipped IDX file into exactly the bytes that its header states, and never into more. */
import { createGunzip } from "node:zlib";
import { DataError } from "./dataError.js";
import { type IdxKind, idxHeaderBytes, maxIdxBytes, readIdxHeader } from "./idx.js";

/** No deflate stream grows by more (RFC 1951: 258 bytes for two bits, at best 1032 times). */
const largestRatio = 1032;

/**
 * The output is bounded by the IDX header, and what that may state by the size of the compressed file, so that a few bytes
 * cannot ask for gigabytes.
 * @throws DataError gzipCorrupt; idxTooLong when there is more than the header states; and what readIdxHeader throws. What is
 *   too short comes back as it is: the caller checks the length.
 */
export async function gunzipIdx(compressed: Uint8Array, kind: IdxKind, file: string): Promise<Uint8Array> {
  if (compressed[0] !== 0x1f || compressed[1] !== 0x8b)
    throw new DataError(
      `${file} is not compressed with gzip, although its name ends in .gz. Rename it without .gz, or download it again.`,
      { code: "gzipCorrupt", file },
    );
  const headerBytes = idxHeaderBytes(kind);
  const most = Math.min(maxIdxBytes, compressed.length * largestRatio);
  let out: Uint8Array = new Uint8Array(headerBytes);
  let filled = 0;
  let expected: number | null = null;

  const stream = createGunzip({ chunkSize: 1 << 18 });
  stream.end(compressed);
  try {
    for await (const chunk of stream) {
      let rest = chunk as Uint8Array;
      if (expected === null) {
        const taken = rest.subarray(0, headerBytes - filled);
        out.set(taken, filled);
        filled += taken.length;
        rest = rest.subarray(taken.length);
        if (filled < headerBytes) continue;
        expected = readIdxHeader(out, kind, file).fileBytes;
        const head = out;
        out = new Uint8Array(Math.min(expected, most));
        out.set(head);
      }
      if (filled + rest.length > out.length) {
        throw new DataError(
          `${file} is too long: its header states ${expected} bytes once decompressed, and there are more. Copy or download the file again.`,
          { code: "idxTooLong", file },
        );
      }
      out.set(rest, filled);
      filled += rest.length;
    }
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(
      `${file} cannot be decompressed: the gzip data is damaged or cut short (${(error as Error).message}). Copy or download the file again.`,
      { code: "gzipCorrupt", file },
    );
  }
  return out.subarray(0, filled);
}
