import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { encode } from "fast-png";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { npyFile, npzFile } from "../../../../test/support/modelFiles.js";
import { crc32 } from "../../formats/crc32.js";
import { AreaResize } from "./areaResize.js";
import {
  anyIdx,
  cifarBatch,
  dataFolder,
  failureOf,
  inputsOf,
  load,
  matFile,
  pngOf,
  writeAll,
} from "./arraysFixture.js";
import { readPng } from "./png.js";

let folder: string;
beforeEach(async () => {
  folder = await dataFolder();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("CIFAR-10", () => {
  const config = { name: "cifar10", folder: ".", validation: 2 } as const;
  const files = () => ({
    ...Object.fromEntries([1, 2, 3, 4, 5].map((k) => [`data_batch_${k}.bin`, cifarBatch([k, k + 1])])),
    "test_batch.bin": cifarBatch([9, 0, 3]),
  });

  it("is read in the order of its files, divided by 255", async () => {
    await writeAll(folder, files());
    const set = await load(folder, config);
    expect([set.dimension, set.classes, set.imageShape, set.planes]).toEqual([3072, 10, [96, 32], 3]);
    expect([...set.train.labels, ...set.valid.labels]).toEqual([1, 2, 2, 3, 3, 4, 4, 5, 5, 6]);
    expect([...set.test.labels]).toEqual([9, 0, 3]);
    expect(set.classNames?.[3]).toBe("cat");
    expect(inputsOf(set, set.test)[0]!.every((value) => value === Math.fround(90 / 255))).toBe(true);
  });

  it("a part of a record, a label out of range and a missing file are named", async () => {
    await writeAll(folder, { ...files(), "data_batch_2.bin": cifarBatch([1, 2]).subarray(0, 6145) });
    expect(await failureOf(folder, config)).toMatchObject({
      code: "cifarLength",
      message: expect.stringMatching(/data_batch_2\.bin.*6145 bytes, which is 1 records and 3072 bytes.*3073/),
    });
    const wrong = cifarBatch([1, 2]);
    wrong[3073] = 10;
    await writeAll(folder, { "data_batch_2.bin": wrong });
    expect(await failureOf(folder, config)).toMatchObject({
      code: "labelOutOfRange",
      message: expect.stringMatching(/record 1 .*at byte 3073, has the label 10; labels run from 0 to 9/),
    });
    await rm(path.join(folder, "test_batch.bin"));
    expect((await failureOf(folder, config)).message).toMatch(/has no test_batch\.bin.*All 6 are needed/);
  });
});

describe("NORB", () => {
  const names = ["smallnorb-5x46789x9x18x6x2x96x96-training", "smallnorb-5x01235x9x18x6x2x96x96-testing"];
  const pictures = (n: number, side: number, value: (k: number) => number) =>
    Uint8Array.from({ length: n * 2 * side * side }, (_, k) => value(Math.floor(k / (side * side))));
  const small = (littleEndian = true) => ({
    [`${names[0]}-dat.mat`]: matFile(
      "byte",
      [6, 2, 96, 96],
      pictures(6, 96, (plane) => 20 * plane),
      littleEndian,
    ),
    [`${names[0]}-cat.mat`]: matFile("integer", [6], [0, 1, 2, 3, 4, 0], littleEndian),
    [`${names[1]}-dat.mat`]: matFile(
      "byte",
      [1, 2, 96, 96],
      pictures(1, 96, (plane) => 255 * plane),
      littleEndian,
    ),
    [`${names[1]}-cat.mat`]: matFile("integer", [1], [4], littleEndian),
  });
  const config = { name: "small-norb", folder: "." } as const;

  it.each([true, false])("small: pairs of 2 × 32 × 32 from −1 to 1 (little-endian: %s)", async (littleEndian) => {
    await writeAll(folder, small(littleEndian));
    const set = await load(folder, config);
    expect([set.dimension, set.classes, set.imageShape]).toEqual([2048, 5, [64, 32]]);
    expect([set.train.n, set.valid.n, set.test.n]).toEqual([5, 1, 1]);
    expect([...set.train.labels, ...set.test.labels]).toEqual([0, 1, 2, 3, 4, 4]);
    const [test] = inputsOf(set, set.test);
    expect(test!.slice(0, 1024).every((value) => value === -1)).toBe(true);
    expect(test!.slice(1024).every((value) => Math.abs(value - 1) < 1e-6)).toBe(true);
    expect(inputsOf(set, set.train)[1]![0]).toBeCloseTo(40 / 127.5 - 1, 6);
  });

  it("jittered-cluttered: ten and two pairs of files, compressed or not, 108 × 108", async () => {
    const files: Record<string, Uint8Array> = {};
    for (let k = 1; k <= 10; k++) {
      const name = `norb-5x46789x9x18x6x2x108x108-training-${String(k).padStart(2, "0")}`;
      files[`${name}-dat.mat.gz`] = gzipSync(
        matFile(
          "byte",
          [1, 2, 108, 108],
          pictures(1, 108, () => k),
        ),
      );
      files[`${name}-cat.mat`] = matFile("integer", [1], [k % 6]);
    }
    for (let k = 1; k <= 2; k++) {
      const name = `norb-5x01235x9x18x6x2x108x108-testing-0${k}`;
      files[`${name}-dat.mat`] = matFile(
        "byte",
        [1, 2, 108, 108],
        pictures(1, 108, () => k),
      );
      files[`${name}-cat.mat.gz`] = gzipSync(matFile("integer", [1], [5]));
    }
    await writeAll(folder, files);
    const set = await load(folder, { name: "norb", folder: ".", validation: 2 });
    expect([set.classes, set.train.n, set.valid.n, set.test.n]).toEqual([6, 8, 2, 2]);
    expect([...set.train.labels, ...set.valid.labels]).toEqual([1, 2, 3, 4, 5, 0, 1, 2, 3, 4]);
    expect(inputsOf(set, set.valid)[1]![2047]).toBeCloseTo(10 / 127.5 - 1, 6);
  });

  it("says what is wrong with a file, at which byte", async () => {
    const files = small();
    const dat = `${names[0]}-dat.mat`;
    const cat = `${names[0]}-cat.mat`;
    const wrong: [string, Uint8Array, string, RegExp][] = [
      [dat, Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]), "matMagic", /at byte 0 stands 0x04030201/],
      [dat, files[cat]!, "norbType", /type integer; pictures are of the type byte.*swapped/],
      [dat, matFile("byte", [1, 2, 108, 108], new Uint8Array(2 * 108 * 108)), "norbShape", /1 × 2 × 108 × 108.*"norb"/],
      [dat, files[dat]!.subarray(0, -1), "truncated", /6 × 2 × 96 × 96.*110616 bytes are expected, 110615 were found/],
      [dat, Uint8Array.from([...files[dat]!, 0]), "tooLong", /110617/],
      [dat, matFile("byte", [5, 2, 96, 96], new Uint8Array(5 * 2 * 96 * 96)), "countMismatch", /6 categories.*5 pairs/],
      [cat, matFile("integer", [6], [0, 1, 2, 5, 4, 0]), "labelOutOfRange", /category 3 .*at byte 32, is 5.*0 to 4/],
      [dat, matFile("byte", [0xffffffff, 2, 96, 96], []), "truncated", /79164837181464/],
    ];
    for (const [name, bytes, code, message] of wrong) {
      await writeAll(folder, { ...files, [name]: bytes });
      const error = await failureOf(folder, config);
      expect([error.code, error.file]).toEqual([code, path.join(folder, code === "countMismatch" ? cat : name)]);
      expect(error.message).toMatch(message);
    }
  });

  it("a header cut anywhere is turned down", async () => {
    const whole = matFile("byte", [1, 2, 96, 96], []);
    for (let length = 0; length <= whole.length; length++) {
      await writeAll(folder, { ...small(), [`${names[0]}-dat.mat`]: whole.subarray(0, length) });
      expect((await failureOf(folder, config)).code, `${length}`).toBe(
        length < whole.length ? "matTruncated" : "truncated",
      );
    }
  });

  it("resizes by the mean of the area", () => {
    const shrink = new AreaResize(3, 3, 2, 2);
    const out = new Float64Array(4);
    shrink.plane(Uint8Array.of(0, 90, 0, 90, 90, 90, 0, 90, 0), 0, out, 0);
    // each new pixel covers one pixel, half of two and a quarter of the middle: (0 + 45 + 45 + 22.5) / 2.25
    for (const value of out) expect(value).toBeCloseTo(50, 10);
    const same = new Float64Array(6);
    new AreaResize(2, 3, 2, 3).plane(Uint8Array.of(1, 2, 3, 4, 5, 6), 0, same, 0);
    expect([...same]).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe("IDX files that a config names", () => {
  const numbers = Array.from({ length: 40 }, (_, k) => k - 20);
  const config = (more = {}) =>
    ({ name: "idx", idx: { inputs: "x", labels: "y", ...more } }) as Parameters<typeof load>[1];
  const labels = anyIdx(
    12,
    [10],
    Array.from({ length: 10 }, (_, k) => (k % 2 === 0 ? -1 : 1)),
  );

  it.each([9, 11, 12, 13, 14])("of type %s and any rank are read as they are", async (type) => {
    await writeAll(folder, { x: anyIdx(type, [10, 2, 2, 1], numbers), y: labels });
    const set = await load(folder, config());
    expect([set.dimension, set.imageShape, set.classes, set.classNames]).toEqual([4, [2, 2], 2, ["-1", "1"]]);
    const all = [set.train, set.valid, set.test].flatMap((part) => inputsOf(set, part));
    expect(all.flat().sort((a, b) => a - b)).toEqual(numbers);
    expect([set.train.n, set.valid.n, set.test.n]).toEqual([7, 1, 2]);
  });

  it("are the same with gzip, and unsigned bytes stay bytes", async () => {
    const x = anyIdx(
      8,
      [10, 4],
      Array.from({ length: 40 }, (_, k) => k),
    );
    await writeAll(folder, { x, y: labels, "x.gz": gzipSync(x), "y.gz": gzipSync(labels) });
    const plain = await load(folder, config());
    const packed = await load(folder, config({ inputs: "x.gz", labels: "y.gz" }));
    expect(packed.sha256).toBe(plain.sha256);
    expect(packed.train).toEqual(plain.train);
    expect(plain.train.inputs).toMatchObject({ kind: "bytes", scale: 1 / 255 });
    expect(plain.imageShape).toBeNull();
  });

  it.each([
    ["x", Uint8Array.of(0, 0, 10, 2), "idxMagic", /0x00000a02.*0x08 \(unsigned byte\)/],
    ["x", Uint8Array.of(0x1f, 0x8b, 8, 0), "idxMagic", /\.gz/],
    ["x", anyIdx(13, [10, 4], numbers).subarray(0, 11), "idxTruncated", /11 bytes.*takes 12/],
    [
      "x",
      anyIdx(13, [10, 4], numbers).subarray(0, 100),
      "truncated",
      /10 × 4 elements, so 172 bytes are expected, 100/,
    ],
    ["x", anyIdx(13, [2 ** 31, 2 ** 31, 4], []), "idxTooLarge", /at most 1073741824/],
    ["x", anyIdx(13, [0, 4], []), "idxEmpty", /0 × 4/],
    ["x", anyIdx(13, [10, 1], [...Array(9).fill(1), Number.NaN]), "notFinite", /element 9 .*at byte 48, is NaN/],
    ["y", anyIdx(8, [9], Array(9).fill(1)), "countMismatch", /9 labels.*10 examples/],
    ["y", anyIdx(8, [10, 3], Array(30).fill(1)), "labelShape", /10 × 3.*argmax/],
    ["y", anyIdx(13, [10], Array(10).fill(0.5)), "labelNotWhole", /label 0 .* is 0\.5/],
    ["y", anyIdx(8, [10], Array(10).fill(1)), "labelCount", /only one label, "1"/],
  ])("say what is wrong: %s %#", async (name, bytes, code, message) => {
    await writeAll(folder, { x: anyIdx(13, [10, 4], numbers), y: labels, [name]: bytes });
    const error = await failureOf(folder, config());
    expect([error.code, error.file]).toEqual([code, path.join(folder, name)]);
    expect(error.message).toMatch(message);
  });
});

describe("tables", () => {
  const table = (n = 20) =>
    `id,width,kind,height\n${Array.from({ length: n }, (_, k) => `${k},${k / 2},${k % 2 ? "oak" : "fir"},${-k}`).join("\n")}\n`;
  const csv = (more = {}) => ({ files: ["t.csv"], label: "kind", ignore: ["id"], ...more });
  const config = (more = {}, rest = {}) => ({ name: "csv", csv: csv(more), ...rest }) as Parameters<typeof load>[1];

  it("have their classes in a column, named or counted", async () => {
    await writeAll(folder, { "t.csv": table(), "bare.csv": table().replace(/.*\n/, "") });
    const named = await load(folder, config());
    expect([named.dimension, named.classNames, named.imageShape]).toEqual([2, ["fir", "oak"], null]);
    expect([named.train.n, named.valid.n, named.test.n]).toEqual([14, 2, 4]);
    for (const part of [named.train, named.valid, named.test])
      inputsOf(named, part).forEach(([width, height], k) => {
        expect([height, part.labels[k]]).toEqual([-2 * width! || 0, (2 * width!) % 2]);
      });
    const counted = await load(folder, config({ files: ["bare.csv"], header: false, label: 3, ignore: [1] }));
    expect(counted.train).toEqual(named.train);
    const other = await load(folder, config({ splitSeed: 2 }));
    expect(other.test).not.toEqual(named.test);
  });

  it("are drawn with each class's share, or without", async () => {
    await writeAll(folder, { "t.csv": table(200) });
    const ones = (labels: Uint8Array) => labels.reduce((sum, label) => sum + label, 0);
    const even = await load(folder, config());
    expect([ones(even.test.labels), ones(even.valid.labels)]).toEqual([20, 8]);
    const shares = await load(folder, config({ testShare: 0.1, validationShare: 0.5 }));
    expect([shares.train.n, shares.valid.n, shares.test.n]).toEqual([90, 90, 20]);
    const alike = new Set<number>();
    for (let splitSeed = 1; splitSeed <= 5; splitSeed++)
      alike.add(ones((await load(folder, config({ splitSeed, stratified: false }))).test.labels));
    expect(alike.size).toBeGreaterThan(1);
  });

  it("are scaled as they should be", async () => {
    await writeAll(folder, { "t.csv": table(), "test.csv": table(6) });
    const of = (scale: string) => load(folder, config({ testFiles: ["test.csv"], scale }));
    const unit = await of("unit");
    const train = [unit.train, unit.valid].flatMap((part) => inputsOf(unit, part)).flat();
    expect([Math.min(...train), Math.max(...train)].every((value) => value >= -0.2 && value <= 1.2)).toBe(true);
    expect(Math.min(...inputsOf(unit, unit.train).flat())).toBe(0);
    expect(Math.max(...inputsOf(unit, unit.train).flat())).toBe(1);
    const symmetric = await of("symmetric");
    expect(Math.min(...inputsOf(symmetric, symmetric.train).flat())).toBe(-1);
    const standard = await of("standard");
    const widths = inputsOf(standard, standard.train).map(([width]) => width!);
    const mean = widths.reduce((sum, value) => sum + value, 0) / widths.length;
    expect(mean).toBeCloseTo(0, 6);
    expect(widths.reduce((sum, value) => sum + (value - mean) ** 2, 0) / widths.length).toBeCloseTo(1, 5);
  });

  it.each([
    ["a\n1\n", {}, "columnMissing", /t\.csv:1: There is no column "kind"; it has "a"/],
    ["id,w,kind\n1,2\n", {}, "columnCount", /t\.csv:2: There are 2 columns, 3 in the first line/],
    ["id,w,kind\n1,x,a\n", {}, "notANumber", /t\.csv:2: The column "w" is "x"; a number is expected/],
    ["id,w,kind\n1,,a\n", {}, "notANumber", /t\.csv:2: The column "w" is empty/],
    ["id,w,kind\n1,1e99,a\n", {}, "notANumber", /1e99/],
    ["id,w,kind\n1,2,\n", {}, "labelMissing", /t\.csv:2: The column "kind", the label, is empty/],
    ["id,w,kind\n", {}, "noExamples", /holds no example after the line/],
    ["1,2,3\n4,5,6\n", {}, "headerMissing", /t\.csv:1: The first line has only numbers/],
    ['id,w,kind\n1,2,"a\n', {}, "csvSyntax", /quote/],
    ["id,kind\n1,a\n", {}, "columnMissing", /No column of inputs is left/],
    ["id,w,kind\n1,2,a\n2,3,a\n", {}, "labelCount", /only one label, "a"/],
    ["id,w,kind\n1,2,a\n2,3,b\n", { imageShape: [2, 2] }, "shapeMismatch", /2 × 2.*4 values.*1 columns of inputs/],
    ["id,w,kind\n1,2,a\n", {}, "labelCount", /one label/],
  ])("say what is wrong: %j", async (text, more, code, message) => {
    await writeAll(folder, { "t.csv": text });
    const error = await failureOf(folder, config(more));
    expect(error.message).toMatch(message);
    expect(error.code).toBe(code);
  });

  it("keep a share of the labels, or are dealt into folds", async () => {
    await writeAll(folder, { "t.csv": table(200) });
    const part = await load(folder, config({}, { labelFraction: 0.25 }));
    expect([part.train.n, part.unlabelled?.n, part.valid.n]).toEqual([36, 108, 16]);
    const fold = await load(folder, config({}, { fold: { index: 1, of: 4 } }));
    expect([fold.train.n, fold.valid.n, fold.test.n]).toEqual([120, 40, 40]);
  });
});

describe("NumPy archives", () => {
  const bytes = (n: number) => Uint8Array.from({ length: n }, (_, k) => k % 256);
  const config = (npz = {}) => ({ name: "npz", npz: { file: "a.npz", ...npz } }) as Parameters<typeof load>[1];
  const labels = (n: number) =>
    npyFile("'<i8'", `(${n},)`, new Uint8Array(BigInt64Array.from({ length: n }, (_, k) => BigInt(k % 3)).buffer));

  it("of pictures with a test set, as Keras stores them", async () => {
    const archive = npzFile({
      x_train: npyFile("'|u1'", "(12, 2, 3)", bytes(72)),
      y_train: labels(12),
      x_test: npyFile("'|u1'", "(3, 2, 3)", bytes(18)),
      y_test: labels(3),
    });
    await writeAll(folder, { "a.npz": archive });
    const set = await load(folder, config());
    expect([set.dimension, set.imageShape, set.classes, set.test.n]).toEqual([6, [2, 3], 3, 3]);
    expect(set.train.n + set.valid.n).toBe(12);
    expect(set.train.inputs.kind).toBe("bytes");
    expect(inputsOf(set, set.test)[1]).toEqual([6, 7, 8, 9, 10, 11].map((value) => Math.fround(value / 255)));
  });

  it("in Fortran's order are the same, and colours become planes", async () => {
    const values = bytes(4 * 5 * 2 * 3);
    await writeAll(folder, { "a.npz": npzFile({ x: npyFile("'|u1'", "(4, 5, 2, 3)", values), y: labels(4) }) });
    const set = await load(folder, config({ inputs: "x", labels: "y", testShare: 0.25 }));
    expect([set.imageShape, set.planes]).toEqual([[15, 2], 3]);
    const all = [set.train, set.valid, set.test].flatMap((part) => inputsOf(set, part));
    const first = all.find(([value]) => value === 0);
    expect(first?.slice(0, 3)).toEqual([0, 3, 6].map((value) => Math.fround(value / 255)));
    const order = [4, 30];
    const transposed = Uint8Array.from({ length: 120 }, (_, k) => values[(k % 4) * 30 + Math.floor(k / 4)]!);
    await writeAll(folder, {
      "a.npz": npzFile({ x: npyFile("'|u1'", `(${order.join(", ")})`, transposed, { fortran: true }), y: labels(4) }),
      "b.npz": npzFile({ x: npyFile("'|u1'", `(${order.join(", ")})`, values), y: labels(4) }),
    });
    const fortran = await load(folder, config({ inputs: "x", labels: "y", testShare: 0.25 }));
    const c = await load(folder, config({ file: "b.npz", inputs: "x", labels: "y", testShare: 0.25 }));
    expect(fortran.train).toEqual(c.train);
  });

  it("say what is wrong", async () => {
    const good = npzFile({ x: npyFile("'|u1'", "(4, 2)", bytes(8)), y: labels(4) });
    const wrong: [Uint8Array, object, string, RegExp][] = [
      [good, {}, "arrayMissing", /no array "x_train"; it has "x", "y"\. Set dataset\.npz\.inputs/],
      [good, { inputs: "x", labels: "x" }, "labelShape", /4 × 2/],
      [good.subarray(0, -3), { inputs: "x", labels: "y" }, "truncated", /a\.npz/],
      [npzFile({ x: npyFile("'<U2'", "(4,)", bytes(32)) }), { inputs: "x", labels: "x" }, "arrayType", /numbers/],
    ];
    for (const [archive, npz, code, message] of wrong) {
      await writeAll(folder, { "a.npz": archive });
      const error = await failureOf(folder, config(npz));
      expect([error.code, error.file]).toEqual([code, path.join(folder, "a.npz")]);
      expect(error.message).toMatch(message);
    }
  });
});

describe("pictures in class folders", () => {
  const config = (images = {}, rest = {}) => ({ name: "images", images, ...rest }) as Parameters<typeof load>[1];
  const grey = (n: number, classes = ["ash", "elm"]) =>
    Object.fromEntries(
      classes.flatMap((name, c) =>
        Array.from({ length: n }, (_, k) => [`pics/${name}/${k}.png`, pngOf(2, 3, 100 * c + k)]),
      ),
    );

  it("are classes by the folders' names", async () => {
    await writeAll(folder, { ...grey(10), "pics/elm/notes.txt": "no picture", "pics/.hidden/x.png": "no" });
    const set = await load(folder, config({ train: "pics" }));
    expect([set.dimension, set.imageShape, set.classNames]).toEqual([6, [2, 3], ["ash", "elm"]]);
    expect([set.train.n, set.valid.n, set.test.n]).toEqual([14, 2, 4]);
    inputsOf(set, set.test).forEach(([value], k) => {
      expect(value! * 255 >= 99.9).toBe(set.test.labels[k] === 1);
    });
  });

  it("have three planes in colour, or one of luma", async () => {
    const red = pngOf(2, 2, [200, 100, 50]);
    const files = Object.fromEntries(["a", "b"].flatMap((name) => [1, 2, 3].map((k) => [`${name}/${k}.png`, red])));
    await writeAll(folder, files);
    const colour = await load(folder, config({ colour: "rgb" }));
    expect([colour.imageShape, colour.planes]).toEqual([[6, 2], 3]);
    expect(inputsOf(colour, colour.train)[0]!.map((value) => Math.round(255 * value))).toEqual(
      [200, 100, 50].flatMap((value) => Array(4).fill(value)),
    );
    const luma = await load(folder, config());
    expect(Math.round(255 * inputsOf(luma, luma.train)[0]![0]!)).toBe(124);
  });

  it("of several sizes are resized where the config says so, else named", async () => {
    await writeAll(folder, { ...grey(3), "pics/elm/9.png": pngOf(4, 6, 7) });
    expect(await failureOf(folder, config({ train: "pics" }))).toMatchObject({
      code: "pictureSize",
      file: path.join(folder, "pics/elm/9.png"),
      message: expect.stringMatching(/4 × 6 pixels.*2 × 3.*dataset\.images\.size, such as \[2, 3\]/),
    });
    const set = await load(folder, config({ train: "pics", size: [1, 1] }));
    expect(set.dimension).toBe(1);
  });

  it("say what is missing", async () => {
    await writeFile(path.join(folder, "x.txt"), "");
    expect((await failureOf(folder, config())).code).toBe("noClasses");
    await writeAll(folder, { "a/x.txt": "", "b/y.jpg": "" });
    expect((await failureOf(folder, config())).message).toMatch(/2 folders \(a, b\).*\.png/);
    expect((await failureOf(folder, config({ train: "none" }))).message).toMatch(
      /none does not exist.*dataset\.images\.train/,
    );
    await writeAll(folder, { "a/x.png": Uint8Array.of(0xff, 0xd8, 1), "b/x.png": pngOf(1, 1, 1) });
    expect((await failureOf(folder, config())).message).toMatch(/a.x\.png: .*at byte 0 stands 0xffd801\. It is a JPEG/);
  });
});

describe("PNG", () => {
  const data = (n: number) => Uint8Array.from({ length: n }, (_, k) => (k * 37) % 256);

  it.each([
    [1, 8],
    [2, 8],
    [3, 8],
    [4, 8],
    [1, 16],
    [3, 16],
  ] as const)("of %s values of %s bits", (channels, depth) => {
    const bytes = data(4 * 5 * channels);
    const stored = depth === 16 ? Uint16Array.from(bytes, (value) => value * 257) : bytes;
    const file = encode({ width: 5, height: 4, channels, depth, data: stored });
    const { rows, columns, values } = readPng(file, "rgb", "p.png");
    expect([rows, columns]).toEqual([4, 5]);
    const opacity = (pixel: number) => (channels % 2 === 0 ? bytes[pixel * channels + channels - 1]! / 255 : 1);
    for (let pixel = 0; pixel < 20; pixel++)
      for (let c = 0; c < 3; c++)
        expect(values[c * 20 + pixel]).toBe(
          Math.round(bytes[pixel * channels + (channels >= 3 ? c : 0)]! * opacity(pixel)),
        );
  });

  it("cut at any byte is turned down", () => {
    const file = pngOf(3, 3, 9);
    for (let length = 0; length < file.length; length++)
      expect(() => readPng(file.subarray(0, length), "grey", "p.png"), `${length}`).toThrow(/p\.png: /);
    expect([...readPng(file, "grey", "p.png").values]).toEqual(Array(9).fill(9));
  });

  it("that unpacks to more than it states is turned down before it does", () => {
    const large = encode({ width: 4000, height: 4000, channels: 1, depth: 8, data: new Uint8Array(16_000_000) });
    const small = Uint8Array.from(large);
    const view = new DataView(small.buffer);
    view.setUint32(16, 2);
    view.setUint32(20, 2);
    expect(() => readPng(small, "grey", "p.png")).toThrow(/IHDR at byte 8 does not have the checksum/);
    view.setUint32(29, crc32(small.subarray(12, 29)));
    expect(() => readPng(small, "grey", "p.png")).toThrow(/unpack to more than that; 2 × 2 of 8 bits.*take 6/);
  });
});
