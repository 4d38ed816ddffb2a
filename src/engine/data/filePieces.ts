/** The bytes of a file in pieces, plain or gzipped, in bounded memory: whatever the file is. */
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { DataError } from "./dataError.js";

const pieceBytes = 1 << 18;

/** What errors say of a file that is not there. */
export interface PieceErrors {
  /** Code of the error where the file cannot be read. */
  code: string;
  /** The config's keys that name it. */
  keys: string;
  /** What is expected in its place, such as "a file of texts". */
  expected: string;
}

export const dataFileErrors: PieceErrors = {
  code: "unreadable",
  keys: "dataset.folder and the names of the files",
  expected: "a file of the data set",
};

/** Decompressed where the name ends in .gz. @throws DataError of the given code; gzipCorrupt */
export async function* filePieces(file: string, errors: PieceErrors = dataFileErrors): AsyncGenerator<Buffer> {
  const handle = await openFile(file, errors);
  const source = handle.createReadStream({ highWaterMark: pieceBytes });
  if (!file.endsWith(".gz")) {
    try {
      for await (const piece of source) yield piece as Buffer;
    } catch (error) {
      throw unreadable(file, error, errors);
    } finally {
      source.destroy();
    }
    return;
  }
  const gunzip = createGunzip({ chunkSize: pieceBytes });
  source.on("error", (error) => gunzip.destroy(error)).pipe(gunzip);
  try {
    for await (const piece of gunzip) yield piece as Buffer;
  } catch (error) {
    if (!(error as NodeJS.ErrnoException).code?.startsWith("Z_")) throw unreadable(file, error, errors);
    throw new DataError(
      `${file} cannot be decompressed: damaged, cut short or no gzip (${(error as Error).message}). Copy it again, or name it without .gz.`,
      { code: "gzipCorrupt", file },
    );
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

async function openFile(file: string, errors: PieceErrors): Promise<FileHandle> {
  try {
    // without waiting: a named pipe in the file's place must not hold the reader up
    const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
  } catch (error) {
    throw unreadable(file, error, errors);
  }
  throw new DataError(`${file} is not a file. Name ${errors.expected}.`, { code: errors.code, file });
}

function unreadable(file: string, error: unknown, { code: errorCode, keys }: PieceErrors): DataError {
  if (error instanceof DataError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const what = code === "ENOENT" ? "does not exist" : `cannot be read: ${message}`;
  return new DataError(`${file} ${what}. Check ${keys}.`, { code: errorCode, file });
}
