/** Whether a file can hold what its header states, told before anything of that size is reserved. */
import { stat } from "node:fs/promises";
import { DataError } from "../dataError.js";

/** No deflate stream grows by more (RFC 1951: 258 bytes for two bits, at best 1032 times). */
const largestRatio = 1032;

/** @param bytes header included, decompressed. @throws DataError truncated, tooLong, unreadable */
export async function checkStatedBytes(file: string, bytes: number, stated: string): Promise<void> {
  const { size } = await stat(file).catch((error: Error) => {
    throw new DataError(`${file} cannot be read: ${error.message}. Check the file and its permissions.`, {
      code: "unreadable",
      file,
    });
  });
  if (file.endsWith(".gz")) {
    if (bytes <= size * largestRatio) return;
    throw new DataError(
      `${file} cannot hold what its header states: ${stated} take ${bytes} bytes, and ${size} compressed bytes never unpack to that many. ${copyAgain}`,
      { code: "truncated", file },
    );
  }
  if (size === bytes) return;
  throw wrongLength(file, size, bytes, stated);
}

export function wrongLength(file: string, found: number, expected: number, stated: string): DataError {
  const short = found < expected;
  return new DataError(
    `${file} is ${short ? "truncated" : "too long"}: its header states ${stated}, so ${expected} bytes are expected, ${found}${short ? "" : " or more"} were found. ${copyAgain}`,
    { code: short ? "truncated" : "tooLong", file },
  );
}

export const copyAgain = "Copy or download the file again.";
