/**
 * Contestant: one of the engine's other backends, named by the argument, as a run opens it: in a process of its own. It is slow: of a
 * problem's steps it makes the first few only.
 */
import { type BackendName, backends } from "../../../src/common/backends.js";
import { plainSgd } from "../../../src/common/optimizers.js";
import { type Engine, openEngine } from "../../../src/engine/backends/engine.js";
import { changes } from "./changes.js";
import { dist } from "./places.js";
import { exampleSetOf, type Problem, readProblem } from "./problem.js";
import type { Answer, Checked, Request } from "./protocol.js";
import { repeat } from "./repeat.js";
import { peakMemory, serve } from "./serve.js";

const name = backends.find((backend) => backend === process.argv[2]) as BackendName;
const mostSteps = 10;

let problem: Problem;
let engine: Engine;

await serve(answer);

async function answer(request: Request): Promise<Answer> {
  if (request.do === "load") return load(request.folder);
  if (request.do === "tune") return { tried: {}, chosen: "" };
  if (request.do === "check") return check();
  if (request.do === "train") return repeat(request.seconds, pass);
  if (request.do === "infer") throw new Error(`${name} takes part in training only.`);
  return peakMemory();
}

async function load(folder: string): Promise<Answer> {
  problem = readProblem(folder);
  const { shape, batchSize } = problem;
  const settings = { shape, batchSize, optimizer: plainSgd, threads: 1, assets: dist, tensorflowFolder: null };
  engine = await openEngine(name, settings);
  return { versions: { [name]: engine.version ?? "" } };
}

async function check(): Promise<Checked> {
  const { losses } = await pass();
  return { losses, change: changes(problem.start, await engine.backend.read()) };
}

async function pass() {
  const { start, lead, batchSize, stepsBefore, learningRate, l1 } = problem;
  const steps = Math.min(problem.steps, mostSteps);
  const { set, order } = exampleSetOf(problem);
  await engine.backend.load(start);
  const losses: number[] = [];
  let begun = performance.now();
  for (let k = 0; k < lead + steps; k++) {
    if (k === lead) begun = performance.now();
    const indices = order.subarray(k * batchSize, (k + 1) * batchSize);
    const { lossSum } = await engine.backend.trainStep(set, indices, { step: stepsBefore + k + 1, learningRate, l1 });
    if (k >= lead) losses.push(lossSum / batchSize);
  }
  const seconds = (performance.now() - begun) / 1000;
  return { seconds, units: steps, losses, loss: losses.reduce((sum, loss) => sum + loss, 0) / steps };
}
