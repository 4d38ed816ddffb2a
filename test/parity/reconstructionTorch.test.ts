/** A hundred steps of the same auto-encoder in PyTorch, where a Python with PyTorch is installed. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { maxNormError } from "../support/problems.js";
import { pythonWithTorch } from "../support/python.js";
import {
  cases,
  l1,
  learningRate,
  type ReconstructionProblem,
  reconstructionProblem,
  reconstructOurs,
} from "./reconstruction.js";

const python = pythonWithTorch();
if (!python) console.log("PyTorch parity: not run (no Python with torch; on Debian: apt-get install python3-torch)");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rectiscope-torch-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

test.skipIf(!python).each(cases)("%s decoder, %s units, tied %s", async (decoder, activation, tied) => {
  const problem = await reconstructionProblem(decoder, activation, tied);
  const ours = reconstructOurs(problem);
  const theirs = trainTorch(problem);
  let at = 0;
  for (const expected of ours.parameters.flatMap((layer) => [layer.weightsInOut, layer.biases])) {
    expect(maxNormError(expected, theirs.subarray(at, at + expected.length))).toBeLessThan(1e-4);
    at += expected.length;
  }
  expect(maxNormError(ours.losses, theirs.subarray(at))).toBeLessThan(1e-4);
});

/** @returns encoder and decoder, then the loss of each step */
function trainTorch({ shape, decoder, tied, start, batches }: ReconstructionProblem): Float32Array {
  const file = (name: string) => path.join(folder, name);
  const { inputs, hidden, activation, sharpness } = shape;
  const settings = { inputs, units: hidden[0], activation, sharpness, decoder, tied, learningRate, l1 };
  const batchSize = batches[0]!.size;
  fs.writeFileSync(file("problem.json"), JSON.stringify({ ...settings, batchSize, steps: batches.length }));
  write(
    file("start.f32"),
    start.flatMap(({ weightsInOut, biases, signs }) => [weightsInOut, biases, ...(signs ? [signs] : [])]),
  );
  write(
    file("inputs.f32"),
    batches.map((batch) => batch.inputs),
  );
  write(
    file("targets.f32"),
    batches.map((batch) => batch.targets),
  );
  const script = path.join(import.meta.dirname, "torchReconstruction.py");
  const done = spawnSync(python as string, [script, folder], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(done.stderr);
  const bytes = fs.readFileSync(file("end.f32"));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

function write(file: string, arrays: Float32Array[]): void {
  fs.writeFileSync(file, Buffer.concat(arrays.map((a) => Buffer.from(a.buffer, a.byteOffset, a.byteLength))));
}
