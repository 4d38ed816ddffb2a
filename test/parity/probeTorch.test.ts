/** A network that PyTorch exports, probed, against PyTorch's own activations, where a Python with PyTorch is installed. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import type { ExampleSet } from "../../src/engine/data/dataset.js";
import { openModel } from "../../src/engine/models/openModel.js";
import { Random } from "../../src/engine/network/random.js";
import { probeOnnx } from "../../src/engine/probe/probeOnnx.js";
import { dist } from "../support/kernelModule.js";
import { pythonWithTorch } from "../support/python.js";

const python = pythonWithTorch();
if (!python) console.log("PyTorch's ONNX: not run (no Python with torch; on Debian: apt-get install python3-torch)");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rectiscope-probe-torch-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

interface Theirs {
  layers: { observations: number; firings: number[]; sums: number[]; maxima: number[] }[];
  loss: number;
  errors: number;
  norm: number;
}

test.skipIf(!python)("what ONNX Runtime gives is what PyTorch gives", async () => {
  const n = 230;
  const random = Random.stream(7, "images");
  const values = Float32Array.from({ length: n * 144 }, () => random.uniform());
  const labels = Uint8Array.from({ length: n }, () => random.below(10));
  fs.writeFileSync(path.join(folder, "inputs.f32"), new Uint8Array(values.buffer));
  fs.writeFileSync(path.join(folder, "labels.u8"), labels);
  const script = path.join(import.meta.dirname, "torchActivations.py");
  const done = spawnSync(python as string, [script, folder], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(done.stderr);
  const theirs = JSON.parse(done.stdout.trim().split("\n").at(-1) as string) as Theirs;

  const file = path.join(folder, "network.onnx");
  const set: ExampleSet = { name: "valid", n, inputs: { kind: "floats", values }, labels };
  const model = await openModel(file);
  const ours = await probeOnnx(file, model, { dimension: 144, imageShape: [12, 12], classes: 10 }, set, dist, () => {});
  await model.close();

  expect(ours.layers.map(({ activation }) => activation)).toEqual(["relu", "clipped relu", "gelu", "silu", "tanh"]);
  expect(ours.layers.map(({ exact }) => exact)).toEqual([true, true, false, false, false]);
  for (const [l, { statistics }] of ours.layers.entries()) {
    const layer = theirs.layers[l]!;
    expect(statistics.n).toBe(layer.observations);
    // an output within rounding of 0 may fall on either side of it
    const off = statistics.firings.reduce((sum, count, j) => sum + Math.abs(count - layer.firings[j]!), 0);
    expect(off / (statistics.n * statistics.units)).toBeLessThan(1e-4);
    layer.sums.forEach((sum, j) => {
      expect(Math.abs(statistics.sums[j]! - sum) / statistics.n).toBeLessThan(1e-5);
      expect(statistics.maxima[j]).toBeCloseTo(layer.maxima[j]!, 4);
    });
  }
  expect(ours.answers.errors).toBe(theirs.errors);
  expect(ours.answers.lossSum! / n).toBeCloseTo(theirs.loss, 5);
  expect(ours.layers[4]!.weightNorm).toBeCloseTo(theirs.norm, 5);
});
