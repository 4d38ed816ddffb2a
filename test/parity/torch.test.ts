/** Fifty steps of the same training in PyTorch, for every unit and optimizer, where a Python with PyTorch is installed. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { optimizerOf, optimizers } from "../../src/common/optimizers.js";
import { activations } from "../../src/common/units.js";
import { maxNormError } from "../support/problems.js";
import { pythonWithTorch } from "../support/python.js";
import { batchSize, digitsProblem, l1, learningRates, type Problem, trainOurs } from "./problem.js";

const python = pythonWithTorch();
if (!python) console.log("PyTorch parity: not run (no Python with torch; on Debian: apt-get install python3-torch)");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rectiscope-torch-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const cases = optimizers.flatMap((optimizer) => activations.map((activation) => [optimizer, activation] as const));

test.skipIf(!python).each(cases)("%s, %s", async (optimizer, activation) => {
  const sharpness = activation === "softplus" ? 2 : 1;
  const problem = await digitsProblem(
    { hidden: [48, 40], activation, sharpness, signs: "half" },
    optimizerOf({ optimizer }),
  );
  const ours = trainOurs(problem);
  const theirs = trainTorch(problem);
  const values = ours.parameters.flatMap((layer) => [layer.weightsInOut, layer.biases]);
  let at = 0;
  for (const expected of values) {
    expect(maxNormError(expected, theirs.subarray(at, at + expected.length))).toBeLessThan(1e-4);
    at += expected.length;
  }
  expect(maxNormError(ours.losses, theirs.subarray(at))).toBeLessThan(1e-4);
});

/** @returns each layer's weights and biases, then the loss of each step */
function trainTorch({ optimizer, shape, start, batches }: Problem): Float32Array {
  const file = (name: string) => path.join(folder, name);
  const signs = start.map((layer) => layer.signs ?? new Float32Array(0));
  fs.writeFileSync(
    file("problem.json"),
    JSON.stringify({
      ...shape,
      optimizer,
      learningRate: learningRates[optimizer.name],
      batchSize,
      l1,
      steps: batches.length,
    }),
  );
  write(
    file("start.f32"),
    start.flatMap((layer, l) => [layer.weightsInOut, layer.biases, signs[l]!]),
  );
  write(
    file("inputs.f32"),
    batches.map((batch) => batch.inputs),
  );
  write(
    file("labels.i32"),
    batches.map((batch) => batch.labels),
  );
  const script = path.join(import.meta.dirname, "torchTraining.py");
  const done = spawnSync(python as string, [script, folder], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(done.stderr);
  const bytes = fs.readFileSync(file("end.f32"));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

function write(file: string, arrays: (Float32Array | Int32Array)[]): void {
  fs.writeFileSync(file, Buffer.concat(arrays.map((a) => Buffer.from(a.buffer, a.byteOffset, a.byteLength))));
}
