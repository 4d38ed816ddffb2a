/** Contestant: our engine as it trains in the editor, on as many threads as the first argument says. */
import fs from "node:fs";
import path from "node:path";
import { BuiltinBackend } from "../../../src/engine/backends/builtin.js";
import type { ExampleSet } from "../../../src/engine/data/dataset.js";
import { WasmKernels } from "../../../src/engine/kernels/wasmKernels.js";
import { teamStarter } from "../../../src/engine/startTeam.js";
import { changes } from "./changes.js";
import { dist } from "./places.js";
import { exampleSetOf, type Problem, readProblem } from "./problem.js";
import type { Answer, Checked, Request, Tuned } from "./protocol.js";
import { repeat } from "./repeat.js";
import { peakMemory, serve } from "./serve.js";

const threads = Number(process.argv[2] ?? 1);
const inferenceBatches = [10, 20, 50, 100, 200, 500];

let problem: Problem;
let set: ExampleSet;
let order: Int32Array;
let kernels: WasmKernels;
let backend: BuiltinBackend;
let inferenceBatch = inferenceBatches[0]!;

await serve(answer);

async function answer(request: Request): Promise<Answer> {
  if (request.do === "load") return load(request.folder);
  if (request.do === "tune") return tune(request.keep);
  if (request.do === "check") return check();
  if (request.do === "train") return repeat(request.seconds, () => pass());
  if (request.do === "infer") return repeat(request.seconds, () => infer(inferenceBatch));
  return peakMemory();
}

async function load(folder: string): Promise<Answer> {
  problem = readProblem(folder);
  ({ set, order } = exampleSetOf(problem));
  const module = new WebAssembly.Module(fs.readFileSync(path.join(dist, "kernels.wasm")));
  const capacity = problem.steps > 0 ? problem.batchSize : Math.max(...inferenceBatches);
  kernels = new WasmKernels(module, problem.shape, capacity, threads, teamStarter(dist));
  await kernels.ready();
  backend = new BuiltinBackend(kernels);
  start();
  return { versions: { node: process.versions.node } };
}

function start(): void {
  backend.load(problem.start);
  const { places } = problem;
  if (places) backend.loadHistory(backend.readHistory().map((unit, l) => ({ ...unit, place: places[l]! })));
}

/** Training has nothing to choose. */
function tune(keep?: string): Tuned {
  if (problem.steps > 0) return { tried: {}, chosen: "" };
  if (keep) {
    inferenceBatch = Number(keep.replace("batch ", ""));
    return { tried: {}, chosen: keep };
  }
  for (const batch of inferenceBatches) infer(batch);
  const tried = Object.fromEntries(
    inferenceBatches.map((batch) => [`batch ${batch}`, Math.min(infer(batch).seconds, infer(batch).seconds)]),
  );
  inferenceBatch = inferenceBatches.reduce((best, b) => (tried[`batch ${b}`]! < tried[`batch ${best}`]! ? b : best));
  return { tried, chosen: `batch ${inferenceBatch}` };
}

function check(): Checked {
  if (problem.steps === 0) return { losses: [infer(inferenceBatch).loss], change: [] };
  const { losses, active } = pass();
  const examples = problem.steps * problem.batchSize;
  return {
    losses,
    change: changes(problem.start, backend.read()),
    density: problem.shape.hidden.map((units, l) => active[l]! / units / examples),
  };
}

/** All steps from the start. */
function pass() {
  const { lead, steps, batchSize, stepsBefore, learningRate, l1, shape } = problem;
  start();
  const losses: number[] = [];
  const active = shape.hidden.map(() => 0);
  let begun = performance.now();
  for (let k = 0; k < lead + steps; k++) {
    if (k === lead) begun = performance.now();
    const indices = order.subarray(k * batchSize, (k + 1) * batchSize);
    const result = backend.trainStep(set, indices, { step: stepsBefore + k + 1, learningRate, l1 });
    if (k < lead) continue;
    losses.push(result.lossSum / batchSize);
    result.activeCounts.forEach((count, l) => {
      active[l]! += count;
    });
  }
  const seconds = (performance.now() - begun) / 1000;
  return { seconds, units: steps, losses, active, loss: losses.reduce((sum, loss) => sum + loss, 0) / steps };
}

function infer(batch: number) {
  const begun = performance.now();
  let sum = 0;
  for (let from = 0; from < set.n; from += batch) {
    const indices = order.subarray(from, from + batch);
    kernels.gather(set, indices);
    kernels.forward(indices.length);
    for (let b = 0; b < indices.length; b++) sum += kernels.losses[b]!;
  }
  return { seconds: (performance.now() - begun) / 1000, units: 1, loss: sum / set.n };
}
