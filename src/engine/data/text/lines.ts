/** The lines of a text file, plain or gzipped, in bounded memory: whatever the file is. */
import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { DataError } from "../dataError.js";
import { filePieces, type PieceErrors } from "../filePieces.js";

export interface Line {
  /** From 1. */
  number: number;
  /** Without its end. */
  text: string;
}

export interface TextLimits {
  /** Bytes of one line. */
  line: number;
  /** Bytes of one file, decompressed. */
  file: number;
}

export const textLimits: TextLimits = { line: 4 << 20, file: 64 * 2 ** 30 };

const newline = 0x0a;
const textErrors: PieceErrors = {
  code: "textUnreadable",
  keys: "dataset.folder and the names in dataset.text",
  expected: "a file of texts",
};

/**
 * All lines, some at a time; the last needs no end. A byte order mark is left out.
 * @param hash takes every byte, decompressed
 * @throws DataError textUnreadable, textTooLarge, lineTooLong, textEncoding, gzipCorrupt
 */
export async function* readLines(
  file: string,
  hash = createHash("sha256"),
  limits: TextLimits = textLimits,
  errors: PieceErrors = textErrors,
): AsyncGenerator<Line[]> {
  let number = 0;
  let total = 0;
  let rest: Buffer[] = [];
  let restBytes = 0;
  const take = (end: Buffer): Line => {
    number++;
    const bytes = rest.length > 0 ? Buffer.concat([...rest, end]) : end;
    [rest, restBytes] = [[], 0];
    checkLength(file, number, bytes.length, limits.line);
    if (!isUtf8(bytes))
      throw new DataError(
        `${file}:${number} is not UTF-8 text. Save the file with the encoding UTF-8${bytes.includes(0) ? ", or name a text file: this one seems to be binary" : ""}.`,
        { code: "textEncoding", file },
      );
    const text = bytes.toString("utf8", 0, bytes.at(-1) === 0x0d ? bytes.length - 1 : bytes.length);
    return { number, text: number === 1 ? text.replace(/^\uFEFF/, "") : text };
  };
  for await (const piece of filePieces(file, errors)) {
    hash.update(piece);
    total += piece.length;
    if (total > limits.file)
      throw new DataError(
        `${file} has more than ${limits.file} bytes${file.endsWith(".gz") ? " once decompressed" : ""}. Split it.`,
        { code: "textTooLarge", file },
      );
    const lines: Line[] = [];
    let from = 0;
    for (let end = piece.indexOf(newline); end >= 0; end = piece.indexOf(newline, from)) {
      lines.push(take(piece.subarray(from, end)));
      from = end + 1;
    }
    if (from < piece.length) {
      rest.push(piece.subarray(from));
      restBytes += piece.length - from;
      checkLength(file, number + 1, restBytes, limits.line);
    }
    if (lines.length > 0) yield lines;
  }
  if (restBytes > 0) yield [take(Buffer.alloc(0))];
}

function checkLength(file: string, line: number, bytes: number, most: number): void {
  if (bytes <= most) return;
  throw new DataError(
    `${file}:${line} is too long: a line may have ${most} bytes. Check that it is a text file with one example a line, in the right format.`,
    { code: "lineTooLong", file },
  );
}
