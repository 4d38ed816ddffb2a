/** Where bytes come from: a file, a part of one, or memory. Readers ask for the ranges that they need and no more. */
import { FormatError } from "./formatError.js";

export interface ByteSource {
  /** As errors call it. */
  readonly name: string;
  readonly size: number;
  /** Exactly `length` bytes. @throws FormatError when they are not there */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** The files that a model names beside its own. */
export interface SiblingFiles {
  /** @param path relative, with "/". @throws FormatError when it leaves the folder or cannot be read */
  open(path: string): Promise<ByteSource>;
}

export function memorySource(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    size: bytes.length,
    async read(offset, length) {
      checkRange(name, bytes.length, offset, length);
      return bytes.subarray(offset, offset + length);
    },
  };
}

/** @throws FormatError unless the range lies within `size` bytes */
export function checkRange(name: string, size: number, offset: number, length: number): void {
  if (Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0)
    if (offset + length <= size) return;
  throw new FormatError(
    `${name} ends too early: ${length} bytes at byte ${offset} are needed, and it has ${size}. Copy or download it again.`,
    { code: "truncated", place: `byte ${offset}`, value: length },
  );
}

/** A range in pieces of moderate size. @throws FormatError before the first when the range is not there */
export async function* bytesOf(
  source: ByteSource,
  offset: number,
  length: number,
  pieceBytes = 1 << 18,
): AsyncGenerator<Uint8Array> {
  checkRange(source.name, source.size, offset, length);
  for (let at = 0; at < length; at += pieceBytes) {
    yield await source.read(offset + at, Math.min(pieceBytes, length - at));
  }
}

/**
 * A path that a model file states, as it may be opened: relative, and within the model's own folder.
 * @throws FormatError for anything else
 */
export function siblingPath(path: string, place: string): string {
  const parts = path.split("/");
  const unsafe =
    path === "" ||
    path.length > 4096 ||
    /[\\\0]/.test(path) ||
    /^[a-z][a-z0-9+.-]*:/i.test(path) ||
    path.startsWith("/") ||
    parts.includes("..");
  if (!unsafe) return parts.filter((part) => part !== "" && part !== ".").join("/");
  throw new FormatError(
    `${place} names the file ${JSON.stringify(path.slice(0, 200))}, which is not within the model's folder. Only files beside the model are read; copy it there and name it by a relative path.`,
    { code: "pathOutside", place, value: path.slice(0, 200) },
  );
}
