/** A safetensors file of our own whose header is read at once, and its arrays when they are asked for. */
import fs from "node:fs";
import {
  headerLength,
  parseSafetensorsHeader,
  prefixBytes,
  type SafetensorsEntry,
} from "../formats/safetensorsHeader.js";
import { filledPieces } from "../network/networkArrays.js";

type Values = { F32: Float32Array<ArrayBuffer>; I32: Int32Array<ArrayBuffer> };
const types = { F32: Float32Array, I32: Int32Array } as const;

export class TensorFile {
  private constructor(
    readonly file: string,
    readonly metadata: Record<string, string>,
    private readonly entries: ReadonlyMap<string, SafetensorsEntry>,
    /** Where values begin. */
    private readonly start: number,
    private readonly stamp: string,
    private readonly lost: (why: string) => Error,
  ) {}

  /**
   * @param lost makes the error of values that cannot be read later
   * @throws FormatError when it is damaged, and the file system's errors
   */
  static open(file: string, lost: (why: string) => Error): TensorFile {
    return withFile(file, (descriptor) => {
      const { size } = fs.fstatSync(descriptor);
      const take = (at: number, length: number) => {
        const bytes = new Uint8Array(length);
        fill(descriptor, bytes, at);
        return bytes;
      };
      const length = headerLength(take(0, Math.min(prefixBytes, size)), size);
      const start = prefixBytes + length;
      const { metadata, entries } = parseSafetensorsHeader(take(prefixBytes, length), size - start);
      const byName = new Map(entries.map((entry) => [entry.name, entry]));
      return new TensorFile(file, metadata, byName, start, stampOf(descriptor), lost);
    });
  }

  has(name: string, type: keyof Values, length: number): boolean {
    const entry = this.entries.get(name);
    return entry?.storedAs === type && entry.elements === length;
  }

  /** A copy of an array that is there. */
  array<T extends keyof Values>(name: string, type: T): Values[T] {
    const { elements } = this.entry(name);
    const values = new types[type](elements) as Values[T];
    this.reading((descriptor) => fill(descriptor, bytesIn(values), this.start + this.entry(name).begin));
    return values;
  }

  /** Rows of an F32 array that is there, piece by piece. */
  *rows(name: string, inputs: number, units: number): Generator<Float32Array> {
    const at = this.start + this.entry(name).begin;
    yield* filledPieces({ inputs, units }, (piece, first) => {
      this.reading((descriptor) => fill(descriptor, bytesIn(piece), at + first * units * 4));
    });
  }

  private entry(name: string): SafetensorsEntry {
    const entry = this.entries.get(name);
    if (!entry) throw new RangeError(`${this.file} has no ${name}.`);
    return entry;
  }

  private reading(read: (descriptor: number) => void): void {
    try {
      withFile(this.file, (descriptor) => {
        if (stampOf(descriptor) !== this.stamp) throw new Error("it has been replaced while it was read");
        read(descriptor);
      });
    } catch (error) {
      throw this.lost((error as Error).message);
    }
  }
}

/** Tells a file from another that takes its place. */
function stampOf(descriptor: number): string {
  const { ino, size, mtimeMs } = fs.fstatSync(descriptor);
  return `${ino} ${size} ${mtimeMs}`;
}

function withFile<T>(file: string, use: (descriptor: number) => T): T {
  const descriptor = fs.openSync(file, "r");
  try {
    return use(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

function fill(descriptor: number, bytes: Uint8Array, at: number): void {
  for (let filled = 0; filled < bytes.length; ) {
    const read = fs.readSync(descriptor, bytes, filled, Math.min(2 ** 28, bytes.length - filled), at + filled);
    if (read === 0) throw new Error("it ends too early");
    filled += read;
  }
}

function bytesIn({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
