/** `rectiscope inspect FILE`, as a process of its own: what it prints, and what it turns down. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeSafetensors } from "../../src/engine/formats/safetensors.js";
import { externalData, floats, jsonFile, onnxFile, onnxTensorFile, safetensorsFile } from "../support/modelFiles.js";
import { isBuilt, jsonOf, runCli } from "./cliFixture.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "rectiscope-inspect-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, bytes: Uint8Array): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  return file;
}

const layer = safetensorsFile(
  {
    "l.weight": { dtype: "F32", shape: [2, 4], data_offsets: [0, 32] },
    "l.bias\u001b[2J": { dtype: "F32", shape: [2], data_offsets: [32, 40] },
  },
  floats(0, 0, 0, 0, 1, 0, 1, 1, 0, 1),
);

describe.skipIf(!isBuilt)("rectiscope inspect FILE", () => {
  it("--json: one line with format, names, shapes, types and counts, and nothing else", async () => {
    expect(jsonOf(await runCli(["inspect", write("a.safetensors", layer), "--json"]))).toEqual({
      format: "safetensors",
      tensors: [
        { name: "l.weight", shape: [2, 4], dtype: "float32", elements: 8, zeros: 5, deadRows: 1, deadColumns: 1 },
        {
          name: "l.bias\u001b[2J",
          shape: [2],
          dtype: "float32",
          elements: 2,
          zeros: 1,
          deadRows: null,
          deadColumns: null,
        },
      ],
    });
  });

  it("a table: what counts towards sparsity is said, and names cannot command the terminal", async () => {
    const { code, stdout } = await runCli(["inspect", write("a.safetensors", layer)]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Weight sparsity 62\.50 %: 5 zeros of 8 elements in 1 tensor; biases, .* do not count/);
    expect(stdout).toMatch(/l\.weight +2×4 +float32 +weights .* 62\.5 % .* 1 +1 +50\.0 %/);
    expect(stdout).not.toContain("\u001b");
  });

  it("a file without an ending is known by its content", async () => {
    expect(jsonOf(await runCli(["inspect", write("blob", layer), "--json"]))).toMatchObject({ format: "safetensors" });
  });

  it("TensorFlow.js with its shards, and external data of ONNX, from the model's folder", async () => {
    write("tf/w.bin", floats(0, 1));
    const weights = [{ name: "d/bias", shape: [2], dtype: "float32" }];
    const model = write("tf/model.json", jsonFile({ weightsManifest: [{ paths: ["w.bin"], weights }] }));
    const read = jsonOf(await runCli(["inspect", model, "--json"]));
    expect(read).toMatchObject({ format: "tfjs", tensors: [{ name: "d/bias", zeros: 1 }] });
    const outside = onnxTensorFile({ name: "x", dims: [2], more: externalData({ location: "w.bin" }) });
    const onnx = write("tf/model.onnx", onnxFile([outside]));
    expect(jsonOf(await runCli(["inspect", onnx, "--json"]))).toMatchObject({
      format: "onnx",
      tensors: [{ zeros: 1 }],
    });
  });

  it("layers with their structurally dead units; a second file: what is different, and which units died", async () => {
    const checkpoint = (name: string, ...weights: number[]) => {
      const tensor = (shape: number[], ...values: number[]) => ({
        dtype: "F32" as const,
        shape,
        data: Float32Array.from(values),
      });
      const tensors = {
        "layer1.weights": tensor([2, 2], ...weights),
        "layer1.biases": tensor([2], 0, 0),
        "layer2.weights": tensor([2, 1], 1, 1),
        "layer2.biases": tensor([1], 0),
      };
      return write(name, encodeSafetensors(tensors, { activation: "rectifier", sizes: "2,2,1", signs: "none" }));
    };
    const [before, after] = [checkpoint("before.safetensors", 1, 1, 1, 1), checkpoint("after.safetensors", 1, 0, 1, 0)];
    const shown = await runCli(["inspect", after]);
    expect(shown.stdout).toMatch(/layer1 +dense +2 +2 +rectifier +1\n/);
    expect(shown.stdout).toMatch(/layer2 +dense +2 +1 +softmax +–\n/);
    const { code, stdout } = await runCli(["inspect", before, after]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/layer1\.weights +values +\+2 +-0\.586\n/);
    expect(stdout).not.toMatch(/layer2\.weights/);
    expect(stdout).toMatch(/layer1 +1 +0 +0\n/);
    expect(jsonOf(await runCli(["inspect", before, after, "--json"]))).toMatchObject({
      layers: [{ name: "layer1", died: [1], revived: [], deadInBoth: [] }],
    });
    expect(await runCli(["inspect", before, after, after])).toMatchObject({ code: 2 });
  });

  async function failure(args: string[]): Promise<{ code: string; message: string; file: string }> {
    const ended = await runCli([...args, "--json"]);
    expect(ended.code).toBe(2);
    const { error } = jsonOf(ended) as unknown as { error: { code: string; message: string; file: string } };
    expect(ended.stderr).toBe(`${error.message}\n`);
    return error;
  }

  it.each([
    ["cut short", "cut.safetensors", layer.slice(0, layer.length - 1), "truncated", /cut short/],
    [
      "a header of 2⁶³ bytes",
      "huge.safetensors",
      Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0x80, 123),
      "truncated",
      /9223372036854775808/,
    ],
    ["empty", "empty.onnx", new Uint8Array(), "noGraph", /Export it again/],
    ["of another kind", "weights.h5", Uint8Array.of(0x89, 0x48, 0x44, 0x46), "unknownFormat", /\.safetensors, \.onnx/],
    ["JSON of another kind", "run.json", jsonFile({ a: 1 }), "noManifest", /weightsManifest/],
  ])("%s: exit code 2, with file and mend", async (_, name, bytes, code, message) => {
    const file = write(name, bytes);
    const error = await failure(["inspect", file]);
    expect(error).toMatchObject({ code, file, message: expect.stringMatching(message) });
    expect(error.message).toContain(name);
  });

  it("a shard that is missing, or a link out of the folder: exit code 2", async () => {
    const weights = [{ name: "a", shape: [2], dtype: "float32" }];
    const model = write("gone/model.json", jsonFile([{ paths: ["w.bin"], weights }]));
    expect((await failure(["inspect", model])).message).toMatch(/w\.bin cannot be read: it does not exist/);
    symlinkSync(write("secret.bin", floats(1, 2)), path.join(folder, "gone/w.bin"));
    expect(await failure(["inspect", model])).toMatchObject({ code: "pathOutside", file: model });
  });

  it("a file that is not there is said to be no run, as before", async () => {
    expect((await failure(["inspect", path.join(folder, "nothing.onnx")])).message).toMatch(/nothing\.onnx/);
  });
});
