/** Files as sources of bytes, and the files beside a model: inside its folder, symbolic links included. */
import { constants } from "node:fs";
import { type FileHandle, open, realpath } from "node:fs/promises";
import path from "node:path";
import { type ByteSource, bytesOf, checkRange, type SiblingFiles, siblingPath } from "../formats/byteSource.js";
import { FormatError } from "../formats/formatError.js";

export interface OpenFile extends ByteSource {
  close(): Promise<void>;
}

/** @throws FormatError unless it is a plain file that can be read */
export async function openFile(file: string, name = path.basename(file)): Promise<OpenFile> {
  let handle: FileHandle | undefined;
  try {
    // a pipe would block until someone writes to it
    handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const status = await handle.stat();
    if (!status.isFile()) throw new FormatError(`${file} is not a file. Name a model file.`, { code: "notAFile" });
    return sourceOf(handle, name, status.size);
  } catch (error) {
    await handle?.close();
    throw error instanceof FormatError ? error : unreadable(file, error);
  }
}

function sourceOf(handle: FileHandle, name: string, size: number): OpenFile {
  return {
    name,
    size,
    async read(offset, length) {
      checkRange(name, size, offset, length);
      const out = new Uint8Array(length);
      for (let filled = 0; filled < length; ) {
        const { bytesRead } = await handle
          .read(out, filled, length - filled, offset + filled)
          .catch((error: unknown) => Promise.reject(unreadable(name, error)));
        if (bytesRead === 0)
          throw new FormatError(`${name} has become shorter while it was read. Open it again.`, { code: "truncated" });
        filled += bytesRead;
      }
      return out;
    },
    close: () => handle.close(),
  };
}

/** The files beside a model; each is opened once, and all are closed together. */
export class Siblings implements SiblingFiles {
  readonly #files = new Map<string, Promise<OpenFile>>();

  constructor(private readonly folder: string) {}

  open(relative: string): Promise<ByteSource> {
    const known = this.#files.get(relative);
    if (known) return known;
    const opening = this.#open(relative);
    this.#files.set(relative, opening);
    return opening;
  }

  async close(): Promise<void> {
    for (const file of await Promise.allSettled(this.#files.values()))
      if (file.status === "fulfilled") await file.value.close();
    this.#files.clear();
  }

  async #open(relative: string): Promise<OpenFile> {
    const file = path.join(this.folder, siblingPath(relative, "The model"));
    let real: string;
    try {
      real = await realpath(file);
    } catch (error) {
      throw unreadable(file, error);
    }
    const inside = path.relative(await realpath(this.folder), real);
    if (inside.startsWith("..") || path.isAbsolute(inside))
      throw new FormatError(
        `${file} is a link to ${real}, outside the model's folder, and is not read. Copy the file there.`,
        { code: "pathOutside", place: relative, value: real },
      );
    return openFile(real, relative);
  }
}

function unreadable(file: string, error: unknown): FormatError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    ENOENT: "it does not exist. Is a part of the model missing?",
    EACCES: "no permission. Change its permissions, or copy it.",
    EISDIR: "it is a folder. Name a file.",
  };
  return new FormatError(`${file} cannot be read: ${reasons[code ?? ""] ?? `${message}.`}`, {
    code: code === "ENOENT" ? "missing" : "unreadable",
  });
}

/** A whole file, read by pieces: others get a turn. */
export async function fileBytes(source: ByteSource): Promise<Uint8Array> {
  const all = new Uint8Array(source.size);
  let at = 0;
  for await (const piece of bytesOf(source, 0, source.size, 1 << 22)) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
