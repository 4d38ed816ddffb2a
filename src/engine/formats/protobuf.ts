/**
 * The wire format of Protocol Buffers, walked field by field over a window of the file: what is skipped is never read.
 * Source: protobuf.dev, "Encoding".
 */
import type { ByteSource } from "./byteSource.js";
import { FormatError } from "./formatError.js";

/** A range of bytes: a message, text, or packed values. */
export interface Range {
  start: number;
  end: number;
}

export type Field = { number: number } & (
  | { wire: "varint" /** The lower and upper 32 bits. */; low: number; high: number }
  | { wire: "bytes" | "fixed32" | "fixed64"; start: number; end: number }
);

const windowBytes = 1 << 14;
/** A tag and a varint or a length take at most ten bytes each. */
const fieldBytes = 20;

export class ProtobufReader {
  #window: Uint8Array = new Uint8Array(0);
  #begin = 0;
  #at = 0;

  constructor(
    private readonly source: ByteSource,
    /** How errors call the file, such as "an ONNX model". */
    private readonly what: string,
  ) {}

  /** The fields of a message, in order. Groups, which are long deprecated, are turned down. @throws FormatError */
  async *fields({ start, end }: Range): AsyncGenerator<Field> {
    let at = start;
    while (at < end) {
      const field = await this.#field(at, end);
      at = this.#at;
      if (field.wire !== "varint") at = field.end;
      yield field;
    }
  }

  /** @throws FormatError when it is longer than `most` */
  async bytes({ start, end }: Range, most: number): Promise<Uint8Array> {
    if (end - start > most)
      throw this.error(start, `a text of ${end - start} bytes; at most ${most} are read`, "tooLarge");
    if (start >= this.#begin && end <= this.#begin + this.#window.length)
      return this.#window.subarray(start - this.#begin, end - this.#begin);
    return this.source.read(start, end - start);
  }

  async text(range: Range, most = 1 << 16): Promise<string> {
    return new TextDecoder().decode(await this.bytes(range, most));
  }

  error(at: number, what: string, code = "badProtobuf"): FormatError {
    return new FormatError(
      `${this.source.name} is not ${this.what} that can be read: at byte ${at} there is ${what}. Export it again.`,
      {
        code,
        place: `byte ${at}`,
      },
    );
  }

  async #field(at: number, end: number): Promise<Field> {
    const windowEnd = this.#begin + this.#window.length;
    if (at < this.#begin || (at + fieldBytes > windowEnd && windowEnd < this.source.size)) {
      this.#window = await this.source.read(at, Math.min(windowBytes, this.source.size - at));
      this.#begin = at;
    }
    this.#at = at;
    const tag = this.#varint(end);
    const number = tag.low >>> 3;
    if (tag.high !== 0 || number === 0) throw this.error(at, "a field without a number");
    const wire = tag.low & 7;
    if (wire === 0) return { number, wire: "varint", ...this.#varint(end) };
    if (wire === 1) return this.#range(number, "fixed64", 8, end);
    if (wire === 5) return this.#range(number, "fixed32", 4, end);
    if (wire !== 2) throw this.error(at, `a field of type ${wire}`);
    const length = this.#varint(end);
    const bytes = length.high * 2 ** 32 + length.low;
    return this.#range(number, "bytes", bytes, end);
  }

  #range(number: number, wire: "bytes" | "fixed32" | "fixed64", length: number, end: number): Field {
    const start = this.#at;
    if (length > end - start)
      throw this.error(
        start,
        `a field of ${length} bytes, and ${end - start} are left (is it cut short?)`,
        "truncated",
      );
    return { number, wire, start, end: start + length };
  }

  #varint(end: number): { low: number; high: number } {
    let [low, high] = [0, 0];
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.#at >= end)
        throw this.error(this.#at, "the end in the middle of a number (is it cut short?)", "truncated");
      const byte = this.#window[this.#at++ - this.#begin]!;
      if (shift < 28) low |= (byte & 127) << shift;
      else if (shift === 28) {
        low |= (byte & 127) << 28;
        high = (byte & 127) >> 4;
      } else high |= (byte & 127) << (shift - 32);
      if (byte < 128) return { low: low >>> 0, high: high >>> 0 };
    }
    throw this.error(this.#at, "a number of more than ten bytes");
  }
}

/**
 * Packed varints, in pieces of any size, each as `bytesOfEach` little-endian bytes (8 at most).
 * @throws what `fail` makes when the last is cut off or one is too long
 */
export async function* varintsAsBytes(
  pieces: AsyncIterable<Uint8Array>,
  bytesOfEach: number,
  fail: () => Error,
): AsyncGenerator<Uint8Array> {
  let [low, high, shift] = [0, 0, 0];
  for await (const piece of pieces) {
    const out = new Uint8Array(piece.length * bytesOfEach);
    let filled = 0;
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at]!;
      if (shift < 28) low |= (byte & 127) << shift;
      else if (shift === 28) {
        low |= (byte & 127) << 28;
        high = (byte & 127) >> 4;
      } else if (shift < 70) high |= (byte & 127) << (shift - 32);
      else throw fail();
      if (byte >= 128) {
        shift += 7;
        continue;
      }
      for (let b = 0; b < bytesOfEach; b++) out[filled++] = b < 4 ? low >>> (8 * b) : high >>> (8 * (b - 4));
      [low, high, shift] = [0, 0, 0];
    }
    yield out.subarray(0, filled);
  }
  if (shift > 0) throw fail();
}
