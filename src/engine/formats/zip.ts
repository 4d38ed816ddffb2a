/**
 * Zip archives by their central directory: entries, and the bytes of each in pieces, never more than it states.
 * Source: PKWARE APPNOTE 6.3.10, sections 4.3 and 4.5.3 (zip64).
 */
import { Inflate } from "fflate";
import { type ByteSource, bytesOf } from "./byteSource.js";
import { crc32 } from "./crc32.js";
import { FormatError } from "./formatError.js";
import { checkCount, checkName, shown } from "./modelFile.js";

export interface ZipEntry {
  name: string;
  method: "stored" | "deflated";
  compressedBytes: number;
  bytes: number;
  crc: number;
  /** Of its local header. */
  offset: number;
}

const signatures = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50, end64: 0x06064b50, locator: 0x07064b50 };
const endBytes = 22;
const localBytes = 30;
const centralBytes = 46;
const maxDirectoryBytes = 100_000_000;
/** No deflate stream grows by more (RFC 1951: 258 bytes for two bits). */
const largestRatio = 1032;
/** What an archive may unpack to, whatever it states: this, or so many times its own size. */
const generousBytes = 4 * 2 ** 30;
const generousRatio = 100;

/** @throws FormatError when it is no archive, or one that states what cannot be */
export async function readZip(source: ByteSource): Promise<ZipEntry[]> {
  const directory = await findDirectory(source);
  checkCount(directory.entries);
  if (directory.bytes > maxDirectoryBytes)
    throw damaged(source, `its directory is ${directory.bytes} bytes long`, "tooLarge");
  if (directory.offset + directory.bytes > source.size)
    throw damaged(source, "its directory is not within it", "truncated");
  const bytes = await source.read(directory.offset, directory.bytes);
  const view = viewOf(bytes);
  const entries: ZipEntry[] = [];
  for (let at = 0; entries.length < directory.entries; ) {
    if (at + centralBytes > bytes.length || view.getUint32(at, true) !== signatures.central)
      throw damaged(source, `its directory ends after ${entries.length} of ${directory.entries} entries`, "truncated");
    const lengths = [28, 30, 32].map((field) => view.getUint16(at + field, true)) as [number, number, number];
    const end = at + centralBytes + lengths[0] + lengths[1] + lengths[2];
    if (end > bytes.length) throw damaged(source, "its directory is cut short", "truncated");
    entries.push(entryOf(source, bytes.subarray(at, end), lengths));
    at = end;
  }
  checkExtents(source, entries, directory.offset);
  return entries;
}

async function findDirectory(source: ByteSource): Promise<{ entries: number; bytes: number; offset: number }> {
  const tailBytes = Math.min(source.size, endBytes + 0xffff);
  const tail = await source.read(source.size - tailBytes, tailBytes);
  const view = viewOf(tail);
  let at = tail.length - endBytes;
  while (
    at >= 0 &&
    (view.getUint32(at, true) !== signatures.end || at + endBytes + view.getUint16(at + 20, true) > tail.length)
  )
    at--;
  if (at < 0) throw damaged(source, "it has no directory at its end", "truncated");
  const [entries, bytes, offset] = [
    view.getUint16(at + 10, true),
    view.getUint32(at + 12, true),
    view.getUint32(at + 16, true),
  ];
  if (entries !== 0xffff && bytes !== 0xffffffff && offset !== 0xffffffff) return { entries, bytes, offset };
  if (at < 20 || view.getUint32(at - 20, true) !== signatures.locator) return { entries, bytes, offset };
  const place = safe(source, view.getBigUint64(at - 12, true));
  if (place + 56 > source.size) throw damaged(source, "its directory is not within it", "truncated");
  const end = viewOf(await source.read(place, 56));
  if (end.getUint32(0, true) !== signatures.end64) throw damaged(source, "its 64-bit directory is not where it says");
  return {
    entries: safe(source, end.getBigUint64(32, true)),
    bytes: safe(source, end.getBigUint64(40, true)),
    offset: safe(source, end.getBigUint64(48, true)),
  };
}

function entryOf(source: ByteSource, bytes: Uint8Array, [nameLength, extraLength]: [number, number, number]): ZipEntry {
  const view = viewOf(bytes);
  const name = checkName(new TextDecoder().decode(bytes.subarray(centralBytes, centralBytes + nameLength)));
  const flags = view.getUint16(8, true);
  const method = view.getUint16(10, true);
  const place = `Entry ${shown(name)}`;
  if (flags & 1)
    throw new FormatError(`${source.name}: ${place} is encrypted. Unpack it first.`, { code: "encrypted", place });
  if (method !== 0 && method !== 8)
    throw new FormatError(
      `${source.name}: ${place} is compressed by method ${method}; stored and deflated entries can be read. Save the archive again with numpy.savez.`,
      { code: "unknownCompression", place, value: method },
    );
  const wide = wideFields(bytes.subarray(centralBytes + nameLength, centralBytes + nameLength + extraLength));
  const field = (at: number) => {
    const value = view.getUint32(at, true);
    if (value !== 0xffffffff || wide.length === 0) return value;
    return safe(source, wide.shift()!);
  };
  const unpacked = field(24);
  const compressedBytes = field(20);
  const offset = field(42);
  return {
    name,
    method: method === 0 ? "stored" : "deflated",
    compressedBytes,
    bytes: unpacked,
    crc: view.getUint32(16, true),
    offset,
  };
}

/** The 64-bit sizes of the extra field, in their order. */
function wideFields(extra: Uint8Array): bigint[] {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; ) {
    const [id, length] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    const end = Math.min(at + 4 + length, extra.length);
    const fields: bigint[] = [];
    if (id === 1) for (let field = at + 4; field + 8 <= end; field += 8) fields.push(view.getBigUint64(field, true));
    if (id === 1) return fields;
    at += 4 + length;
  }
  return [];
}

/** Entries that share bytes, or that state more than their bytes can unpack to, make small files endless. */
function checkExtents(source: ByteSource, entries: readonly ZipEntry[], directory: number): void {
  let [end, total] = [0, 0];
  for (const entry of [...entries].sort((a, b) => a.offset - b.offset)) {
    const place = `Entry ${shown(entry.name)}`;
    if (entry.offset < end)
      throw new FormatError(
        `${source.name}: ${place} lies within another entry. The archive is damaged or malicious.`,
        {
          code: "badOffsets",
          place,
          value: entry.offset,
        },
      );
    end = entry.offset + localBytes + entry.compressedBytes;
    if (end > directory)
      throw new FormatError(`${source.name}: ${place} is not within the file. Copy or download it again.`, {
        code: "truncated",
        place,
        value: entry.offset,
      });
    const most = entry.method === "stored" ? entry.compressedBytes : entry.compressedBytes * largestRatio;
    if (entry.bytes > most)
      throw new FormatError(
        `${source.name}: ${place} states ${entry.bytes} bytes, and its ${entry.compressedBytes} cannot unpack to that many. The archive is damaged or malicious.`,
        { code: "zipBomb", place, value: entry.bytes },
      );
    total += entry.bytes;
  }
  if (total > Math.max(generousBytes, generousRatio * source.size))
    throw new FormatError(
      `${source.name} would unpack to ${total} bytes, more than ${generousRatio} times its size. Unpack it yourself if you trust it, and open its arrays.`,
      { code: "zipBomb", value: total },
    );
}

/**
 * The unpacked bytes of an entry, in pieces. Who leaves off early knows nothing about what follows.
 * @param readBytes how much of the file is read at once
 * @throws FormatError when they are damaged, too few or too many
 */
export async function* unpack(source: ByteSource, entry: ZipEntry, readBytes?: number): AsyncGenerator<Uint8Array> {
  const fail = (what: string, code = "damaged") =>
    new FormatError(`${source.name}: entry ${shown(entry.name)} ${what}. Copy or download the file again.`, {
      code,
      place: `Entry ${shown(entry.name)}`,
    });
  const head = viewOf(await source.read(entry.offset, localBytes));
  if (head.getUint32(0, true) !== signatures.local) throw fail("is not where the directory says");
  const start = entry.offset + localBytes + head.getUint16(26, true) + head.getUint16(28, true);
  const stored = bytesOf(source, start, entry.compressedBytes, readBytes);
  let [crc, got] = [0, 0];
  for await (const piece of entry.method === "stored" ? stored : inflated(stored, entry.compressedBytes, fail)) {
    got += piece.length;
    if (got > entry.bytes) throw fail(`unpacks to more than the ${entry.bytes} bytes that it states`, "zipBomb");
    crc = crc32(piece, crc);
    yield piece;
  }
  if (got !== entry.bytes) throw fail(`unpacks to ${got} bytes, and states ${entry.bytes}`, "truncated");
  if (crc !== entry.crc) throw fail("does not have the checksum that it states");
}

/** Pieces small enough that what comes out of each, at most 1032 times as much, is bounded. */
const pushBytes = 1 << 13;

async function* inflated(
  stored: AsyncIterable<Uint8Array>,
  length: number,
  fail: (what: string) => FormatError,
): AsyncGenerator<Uint8Array> {
  let out: Uint8Array[] = [];
  let left = length;
  const inflate = new Inflate((piece) => {
    out.push(piece);
  });
  for await (const piece of stored) {
    for (let at = 0; at < piece.length; at += pushBytes) {
      const part = piece.slice(at, at + pushBytes);
      left -= part.length;
      try {
        inflate.push(part, left === 0);
      } catch (error) {
        throw fail(`cannot be unpacked (${(error as Error).message})`);
      }
      yield* out;
      out = [];
    }
  }
}

function safe(source: ByteSource, value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged(source, `it states a size of ${value} bytes`);
  return Number(value);
}

function damaged(source: ByteSource, what: string, code = "damaged"): FormatError {
  return new FormatError(`${source.name} is no zip archive that can be read: ${what}. Copy or download it again.`, {
    code,
  });
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
