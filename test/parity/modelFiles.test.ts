/** Shapes and counts of model files beside those of NumPy and onnx, where a Python has them: of files that Python writes, and of Debian's. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { FormatError } from "../../src/engine/formats/formatError.js";
import { figuresOf, overviewOf } from "../../src/engine/models/inspectModel.js";
import { openModel } from "../../src/engine/models/openModel.js";

const script = path.join(import.meta.dirname, "modelFiles.py");
const candidates = [process.env.RECTISCOPE_PYTHON, "python3", "/usr/bin/python3"].filter((name) => name !== undefined);
const numpy = candidates.find((name) => has(name, "numpy"));
const onnx = candidates.find((name) => has(name, "numpy, onnx"));
if (!numpy) console.log("NumPy parity: not run (no Python with numpy; on Debian: apt-get install python3-numpy)");
if (!onnx) console.log("ONNX parity: not run (no Python with onnx; on Debian: apt-get install python3-onnx)");

/** libonnx-testdata, as installed or as unpacked by `dpkg -x`. */
const testdata = ["/usr/share/libonnx-testdata", path.resolve(".cache/onnx-testdata/usr/share/libonnx-testdata")].find(
  (folder) => fs.existsSync(folder),
);
if (!testdata)
  console.log("libonnx-testdata: not run (apt-get download libonnx-testdata; dpkg -x … .cache/onnx-testdata)");

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rectiscope-models-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

test.skipIf(!numpy)("NumPy's arrays of every type, order and layout, alone and in archives", async () => {
  const python = onnx ?? numpy!;
  expect(spawnSync(python, [script, folder], { encoding: "utf8" }).stderr).toBe("");
  await compare(python, filesIn(folder, /\.np[yz]$/), 50);
});

test.skipIf(!onnx)("ONNX tensors of every type, raw, typed and in external data", async () => {
  spawnSync(onnx!, [script, folder]);
  await compare(onnx!, filesIn(folder, /\.onnx$/), 2);
});

test.skipIf(!onnx || !testdata)("every model of libonnx-testdata", async () => {
  await compare(onnx!, filesIn(testdata!, /\.onnx$/), 1000);
});

test.skipIf(!onnx || !testdata)(
  "every tensor of libonnx-testdata; what else is in .pb files is turned down",
  async () => {
    const tensors: string[] = [];
    for (const file of filesIn(testdata!, /\.pb$/)) {
      const model = await openModel(file).catch((error: unknown) => {
        expect(error, file).toBeInstanceOf(FormatError);
        return null;
      });
      if (model) tensors.push(file);
      await model?.close();
    }
    await compare(onnx!, tensors, 3000);
  },
);

interface Counts {
  name: string;
  shape: number[];
  zeros: number;
  deadRows: number | null;
  deadColumns: number | null;
}

async function compare(python: string, files: string[], atLeast: number): Promise<void> {
  expect(files.length).toBeGreaterThanOrEqual(atLeast);
  const done = spawnSync(python, [script], { input: files.join("\n"), encoding: "utf8", maxBuffer: 2 ** 28 });
  expect(done.status, done.stderr).toBe(0);
  const theirs = done.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { path: string; tensors?: Counts[]; error?: string });
  expect(theirs.map(({ path }) => path)).toEqual(files);
  for (const { path: file, tensors, error } of theirs) {
    expect(error, file).toBeUndefined();
    expect(await ours(file), file).toEqual(tensors);
  }
}

async function ours(file: string): Promise<Counts[]> {
  const model = await openModel(file);
  const rows: Counts[] = [];
  const { tensors } = overviewOf(model);
  for await (const { zeros, deadRows, deadColumns, counted } of figuresOf(model.tensors, tensors)) {
    const { name, shape } = tensors[rows.length]!;
    const two = shape.length === 2;
    rows.push({
      name,
      shape,
      zeros,
      // texts have no dead rows: neither here nor there is one counted
      deadRows: counted ? deadRows : two ? 0 : null,
      deadColumns: counted ? deadColumns : two ? 0 : null,
    });
  }
  await model.close();
  return rows;
}

function filesIn(root: string, pattern: RegExp): string[] {
  return fs
    .readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((file) => pattern.test(file))
    .map((file) => path.join(root, file))
    .sort();
}

function has(python: string, modules: string): boolean {
  return spawnSync(python, ["-c", `import ${modules}`], { timeout: 20_000 }).status === 0;
}
