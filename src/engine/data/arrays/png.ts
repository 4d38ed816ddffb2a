/**
 * PNG pictures as bytes. The chunks are checked here, and what they unpack to is bounded by the size that the header states; filters,
 * interlacing and palettes are fast-png's.
 * Source: W3C, "Portable Network Graphics (PNG) Specification", third edition.
 */
import { inflateSync } from "node:zlib";
import { decode } from "fast-png";
import { crc32 } from "../../formats/crc32.js";
import { DataError } from "../dataError.js";
import { copyAgain } from "./statedBytes.js";

export interface Picture {
  rows: number;
  columns: number;
  /** One plane of grey, or three of red, green and blue: [planes × rows × columns] */
  values: Uint8Array;
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** By colour type: values of a pixel, and the depths that there are. */
const colourTypes: Record<number, { values: number; depths: readonly number[] }> = {
  0: { values: 1, depths: [1, 2, 4, 8, 16] },
  2: { values: 3, depths: [8, 16] },
  3: { values: 1, depths: [1, 2, 4, 8] },
  4: { values: 2, depths: [8, 16] },
  6: { values: 4, depths: [8, 16] },
};
/** Decoded pixels of one picture; a photograph of a camera has fewer. */
const mostPixels = 1 << 26;
/** What the decoder needs; everything else, text and profiles that unpack to any size included, is left out. */
const needed = new Set(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]);

interface Header {
  columns: number;
  rows: number;
  depth: number;
  colour: number;
  interlaced: boolean;
}

/**
 * Transparent pixels lie on black; 16 bits are rounded to 8.
 * @param colour one plane (luma of Rec. 601 where the picture is coloured) or three
 * @throws DataError pngSignature, pngTruncated, pngHeader, pngChecksum, pngTooLarge, pngDamaged
 */
export function readPng(bytes: Uint8Array, colour: "grey" | "rgb", file: string): Picture {
  const { header, kept } = checked(bytes, file);
  const { rows, columns } = header;
  const pixels = pixelsOf(kept, header, file);
  const n = rows * columns;
  const values = new Uint8Array(colour === "rgb" ? 3 * n : n);
  for (let k = 0; k < n; k++) {
    const [r, g, b] = [pixels[3 * k]!, pixels[3 * k + 1]!, pixels[3 * k + 2]!];
    if (colour === "grey") values[k] = r === g && g === b ? r : Math.round(0.299 * r + 0.587 * g + 0.114 * b);
    else {
      values[k] = r;
      values[n + k] = g;
      values[2 * n + k] = b;
    }
  }
  return { rows, columns, values };
}

function fail(file: string, code: string, what: string, mend = copyAgain): DataError {
  return new DataError(`${file}: ${what} ${mend}`, { code, file });
}

/** Walks the chunks. @returns the header, and a file of those chunks that the decoder needs */
function checked(bytes: Uint8Array, file: string): { header: Header; kept: Uint8Array } {
  if (signature.some((byte, at) => bytes[at] !== byte)) {
    const found = bytes.length === 0 ? "nothing" : `0x${Buffer.from(bytes.subarray(0, 8)).toString("hex")}`;
    const jpeg = bytes[0] === 0xff && bytes[1] === 0xd8 ? " It is a JPEG: convert it." : "";
    throw fail(
      file,
      "pngSignature",
      `it does not begin as a PNG does (0x89504e470d0a1a0a); at byte 0 stands ${found}.${jpeg}`,
      "Save it as PNG, or remove it.",
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts = [bytes.subarray(0, 8)];
  const data: Uint8Array[] = [];
  let header: Header | null = null;
  for (let at = 8; ; ) {
    if (at + 12 > bytes.length)
      throw fail(file, "pngTruncated", `it ends at byte ${bytes.length}, before its last chunk.`);
    const length = view.getUint32(at);
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString("latin1");
    const end = at + 12 + length;
    if (end > bytes.length)
      throw fail(
        file,
        "pngTruncated",
        `the chunk ${JSON.stringify(type)} at byte ${at} states ${length} bytes, and ${bytes.length - at - 12} follow.`,
      );
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (!header) header = headerOf(type, body, file);
    else if (type === "IHDR") throw fail(file, "pngHeader", `at byte ${at} stands a second header.`);
    if (needed.has(type)) {
      if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length))
        throw fail(file, "pngChecksum", `the chunk ${type} at byte ${at} does not have the checksum that it states.`);
      parts.push(bytes.subarray(at, end));
      if (type === "IDAT") data.push(body);
    }
    at = end;
    if (type === "IEND") break;
  }
  checkData(data, header as Header, file);
  return { header: header as Header, kept: Buffer.concat(parts) };
}

function headerOf(type: string, body: Uint8Array, file: string): Header {
  if (type !== "IHDR" || body.length !== 13)
    throw fail(
      file,
      "pngHeader",
      `its first chunk is ${JSON.stringify(type)} of ${body.length} bytes; a header of 13 is expected.`,
    );
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const [columns, rows] = [view.getUint32(0), view.getUint32(4)];
  const [depth = 0, colour = 0, compression = 0, filter = 0, interlace = 0] = body.subarray(8);
  if (columns === 0 || rows === 0 || columns * rows > mostPixels)
    throw fail(
      file,
      columns * rows > 0 ? "pngTooLarge" : "pngHeader",
      `its header, at byte 16, states ${rows} × ${columns} pixels; 1 to ${mostPixels} are read.`,
      "Make the picture smaller, or remove it.",
    );
  const known = Object.hasOwn(colourTypes, colour) && colourTypes[colour]!.depths.includes(depth);
  if (!known || compression !== 0 || filter !== 0 || interlace > 1 || (interlace === 1 && depth < 8))
    throw fail(
      file,
      "pngHeader",
      `its header, at byte 24, states ${depth} bits, colour type ${colour}, compression ${compression}, filter ${filter}, interlacing ${interlace}${known && interlace === 1 ? "; interlaced pictures of less than 8 bits are not read" : ", which PNG does not have together"}.`,
      "Save it again as PNG.",
    );
  return { columns, rows, depth, colour, interlaced: interlace === 1 };
}

/** Whether the data unpack to exactly what the header states; never to more. */
function checkData(data: readonly Uint8Array[], header: Header, file: string): void {
  const expected = dataBytes(header);
  let found: number;
  try {
    // one more shows that there is too much
    found = inflateSync(Buffer.concat(data), { maxOutputLength: expected + 1 }).length;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ERR_BUFFER_TOO_LARGE") found = Number.POSITIVE_INFINITY;
    else throw fail(file, "pngDamaged", `its pixels cannot be unpacked (${message}).`);
  }
  if (found !== expected)
    throw fail(
      file,
      "pngDamaged",
      `its pixels unpack to ${found > expected ? "more than that" : `${found} bytes`}; ${header.rows} × ${header.columns} of ${header.depth} bits, colour type ${header.colour}, take ${expected}.`,
    );
}

/** Of the unpacked data: a byte for the filter before each line. */
function dataBytes({ rows, columns, depth, colour, interlaced }: Header): number {
  const bits = depth * colourTypes[colour]!.values;
  const pass = (down: number, across: number) =>
    down > 0 && across > 0 ? down * (1 + Math.ceil((across * bits) / 8)) : 0;
  if (!interlaced) return pass(rows, columns);
  const steps = [
    [0, 0, 8, 8],
    [0, 4, 8, 8],
    [4, 0, 8, 4],
    [0, 2, 4, 4],
    [2, 0, 4, 2],
    [0, 1, 2, 2],
    [1, 0, 2, 1],
  ] as const;
  return steps.reduce(
    (sum, [y, x, down, across]) => sum + pass(Math.ceil((rows - y) / down), Math.ceil((columns - x) / across)),
    0,
  );
}

/** Red, green and blue of each pixel, from 0 to 255. */
function pixelsOf(kept: Uint8Array, { rows, columns, depth, colour }: Header, file: string): Uint8Array {
  const { data, palette, transparency } = decoded(kept, file);
  const n = rows * columns;
  const out = new Uint8Array(3 * n);
  const values = colourTypes[colour]!.values;
  const most = 2 ** depth - 1;
  const rowBytes = Math.ceil((columns * values * depth) / 8);
  const valueAt = (pixel: number, value: number): number => {
    if (depth >= 8) return data[pixel * values + value]!;
    const bit = (pixel % columns) * depth;
    const byte = data[Math.floor(pixel / columns) * rowBytes + (bit >> 3)]!;
    return (byte >> (8 - depth - (bit & 7))) & most;
  };
  for (let k = 0; k < n; k++) {
    const first = valueAt(k, 0);
    let [r, g, b, opacity] = [first, first, first, 1];
    if (colour === 3) {
      const entry = palette?.[first];
      if (!entry)
        throw fail(
          file,
          "pngDamaged",
          `pixel ${k} has the colour ${first}, and the palette has ${palette?.length ?? 0}.`,
        );
      [r = 0, g = 0, b = 0, opacity = 255] = entry;
      opacity /= 255;
    } else {
      if (values >= 3) [g, b] = [valueAt(k, 1), valueAt(k, 2)];
      if (values === 2 || values === 4) opacity = valueAt(k, values - 1) / most;
      else if (transparency && transparency.length === values)
        opacity = [r, g, b].slice(0, values).every((value, i) => value === transparency[i]) ? 0 : 1;
      [r, g, b] = [(r * 255) / most, (g * 255) / most, (b * 255) / most];
    }
    out[3 * k] = Math.round(r * opacity);
    out[3 * k + 1] = Math.round(g * opacity);
    out[3 * k + 2] = Math.round(b * opacity);
  }
  return out;
}

function decoded(kept: Uint8Array, file: string) {
  try {
    return decode(kept);
  } catch (error) {
    throw fail(file, "pngDamaged", `it cannot be decoded (${(error as Error).message}).`);
  }
}
