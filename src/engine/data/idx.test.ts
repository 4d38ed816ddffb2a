import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError } from "./dataError.js";
import { checkCounts, parseIdxImages, parseIdxLabels } from "./idx.js";
import { idxImages, idxLabels } from "./idxFixture.js";

const failure = (parse: () => unknown): DataError => {
  try {
    parse();
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    return error as DataError;
  }
  throw new Error("Nothing was thrown.");
};

describe("parseIdxImages", () => {
  it("gives the sizes and a view of the values", () => {
    const file = idxImages(2, 3, 4);
    const images = parseIdxImages(file, "images");
    expect(images).toMatchObject({ n: 2, rows: 3, columns: 4 });
    expect([...images.values]).toEqual(Array.from({ length: 24 }, (_, i) => i));
    expect(images.values.buffer).toBe(file.buffer);
  });

  it("reads a file that is a view into a larger buffer", () => {
    const inner = idxImages(1, 2, 2);
    const outer = new Uint8Array(inner.length + 5);
    outer.set(inner, 5);
    expect([...parseIdxImages(outer.subarray(5), "images").values]).toEqual([0, 1, 2, 3]);
  });

  it.each([
    ["labels in its place", idxLabels([1, 2]), "idxMagic", /0x00000801.*0x00000803.*swapped/],
    ["gzip", new Uint8Array([0x1f, 0x8b, 8, 0]), "idxMagic", /0x1f8b0800.*gzip.*\.gz/],
    ["another type", new Uint8Array([0, 0, 0x0d, 3]), "idxMagic", /0x00000d03.*unsigned bytes/],
    ["a picture", new Uint8Array([0x89, 0x50, 0x4e, 0x47]), "idxMagic", /0x89504e47/],
    ["nothing", new Uint8Array(), "idxTruncated", /has 0 bytes.*16 bytes/],
    ["half a header", idxImages(2, 3, 4).slice(0, 15), "idxTruncated", /has 15 bytes.*16 bytes/],
    ["no examples", idxImages(0, 3, 4), "idxEmpty", /0 × 3 × 4/],
    ["no rows", idxImages(2, 0, 4), "idxEmpty", /2 × 0 × 4/],
    ["one byte less", idxImages(2, 3, 4).slice(0, 39), "idxTruncated", /2 × 3 × 4.*40 bytes are expected, 39 bytes/],
    ["one byte more", Uint8Array.from([...idxImages(2, 3, 4), 0]), "idxTooLong", /40 bytes are expected, 41 bytes/],
    ["absurd sizes", header(0x0803, 0xffffffff, 0xffffffff, 0xffffffff), "idxTooLarge", /at most 2147483647 bytes/],
  ])("turns down %s", (_, file, code, message) => {
    const error = failure(() => parseIdxImages(file, "some/file"));
    expect(error).toMatchObject({ code, file: "some/file" });
    expect(error.message).toMatch(message);
    expect(error.message).toContain("some/file");
  });
});

describe("parseIdxLabels", () => {
  it("gives a view of the labels", () => {
    expect([...parseIdxLabels(idxLabels([3, 0, 9]), 10, "labels")]).toEqual([3, 0, 9]);
  });

  it("names the first label out of range, with its index and value", () => {
    const error = failure(() => parseIdxLabels(idxLabels([3, 10, 255]), 10, "some/file"));
    expect(error).toMatchObject({ code: "labelOutOfRange", file: "some/file", key: "dataset.classes", value: 10 });
    expect(error.message).toMatch(/label 1 \(counted from 0\) is 10.*0 to 9/);
  });

  it("turns down images", () => {
    expect(failure(() => parseIdxLabels(idxImages(1, 1, 1), 10, "f")).message).toMatch(/0x00000803.*swapped/);
  });
});

it("checkCounts wants one label for each image", () => {
  const images = parseIdxImages(idxImages(2, 1, 1), "images");
  checkCounts(images, new Uint8Array(2), "images", "labels");
  const error = failure(() => checkCounts(images, new Uint8Array(3), "images", "labels"));
  expect(error).toMatchObject({ code: "countMismatch", file: "labels" });
  expect(error.message).toMatch(/labels has 3 labels, images has 2 images/);
});

it("any bytes are parsed or turned down with a DataError", () => {
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    fc
      .tuple(fc.constantFrom(0x0801, 0x0803), fc.uint8Array({ maxLength: 40 }))
      .map(([magic, rest]) => Uint8Array.from([0, 0, magic >> 8, magic & 255, ...rest])),
  );
  fc.assert(
    fc.property(anything, (file) => {
      for (const parse of [parseIdxImages, (bytes: Uint8Array, name: string) => parseIdxLabels(bytes, 10, name)])
        try {
          parse(file, "file");
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
    }),
    { numRuns: 500 },
  );
});

function header(...words: number[]): Uint8Array {
  const out = new Uint8Array(4 * words.length);
  for (const [at, word] of words.entries()) new DataView(out.buffer).setUint32(4 * at, word);
  return out;
}
