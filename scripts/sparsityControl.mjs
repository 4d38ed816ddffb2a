/**
 * Measures what target sparsity and revival do, on all of MNIST, and writes docs/results/<part>.json:
 * `node scripts/sparsityControl.mjs targets revive [--jobs N]`. Each run computes with one thread; a run that was made before is not made again.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { provenanceOf } from "./provenance.mjs";

const root = path.resolve(import.meta.dirname, "..");
const runs = path.join(root, ".cache", "results", "sparsity-control");

const common = { dataset: { name: "mnist" }, threads: 1 };
const dying = { learningRate: 0.1, batchSize: 10, epochs: 4, l1: 0.01 };
const parts = {
  /** The paper's network, at a rate at which it is less sparse by itself than any target, and at one at which it is sparser than the least. */
  targets: [0.03, 0.1].flatMap((learningRate) =>
    [0.7, 0.8, 0.9].map((targetSparsity) => ({
      name: `target-${targetSparsity}-rate-${learningRate}`,
      config: {
        ...common,
        network: { hidden: [1000, 1000, 1000] },
        training: { learningRate, batchSize: 10, epochs: 5, targetSparsity },
      },
    })),
  ),
  /** After three epochs that kill units, one more: without revival, with λ kept, and with λ = 0 in it. */
  revive: [1, 2, 3].flatMap((seed) =>
    Object.entries({
      control: dying,
      kept: { ...dying, revive: { everyEpochs: 3 } },
      paused: { ...dying, revive: { everyEpochs: 3, pauseL1Epochs: 1 } },
    }).map(([name, training]) => ({
      name: `revive-${name}-seed-${seed}`,
      config: { ...common, network: { hidden: [300, 300, 300] }, training, seed },
    })),
  ),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { jobs: { type: "string", default: "1" } },
});
if (positionals.length === 0 || positionals.some((part) => !(part in parts)))
  throw new Error(`Name parts: ${Object.keys(parts).join(", ")}.`);
const queue = positionals.flatMap((part) => parts[part]);
await Promise.all(
  Array.from({ length: Number(values.jobs) }, async () => {
    for (let run = queue.shift(); run; run = queue.shift()) await make(run);
  }),
);
for (const part of positionals) write(part);

async function make({ name, config }) {
  const folder = path.join(runs, name);
  if (existsSync(path.join(folder, "run.json")) && recordOf(name).state === "finished") return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(runs, { recursive: true });
  const file = path.join(runs, `${name}.rectiscope.json`);
  writeFileSync(file, JSON.stringify(config));
  const args = [path.join(root, "dist/cli.js"), "train", file, "--out", folder, "--json"];
  console.log(`${name}: training`);
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "ignore"] });
  const code = await new Promise((resolve) => child.once("exit", resolve));
  if (code !== 0) throw new Error(`${name} ended with exit ${code}.`);
  console.log(`${name}: done`);
}

function write(part) {
  const results = parts[part].map(({ name }) => {
    const record = recordOf(name);
    const lines = readFileSync(path.join(runs, name, "metrics.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map(JSON.parse);
    const { training, network, dataset } = record.config;
    return {
      name,
      config: { dataset: dataset.name, network, training, seed: record.seed },
      evaluations: lines.filter(({ kind }) => kind === "eval").map(figuresOf),
      revivals: lines.filter(({ kind }) => kind === "revive"),
    };
  });
  const record = recordOf(parts[part][0].name);
  const result = {
    dataset: { name: record.dataset.name, sha256: record.dataset.sha256 },
    ...provenanceOf(record),
    runs: results,
  };
  const file = { targets: "target-sparsity.json", revive: "revive.json" }[part];
  mkdirSync(path.join(root, "docs/results"), { recursive: true });
  writeFileSync(path.join(root, "docs/results", file), `${JSON.stringify(result, null, 2)}\n`);
  console.log(`docs/results/${file}`);
}

/** Of an evaluation, or of the test set at the end. */
function figuresOf({ set, n, epoch, error, l1, revival, layers }) {
  const sparsities = layers.map(({ sparsity }) => sparsity);
  return {
    set,
    n,
    epoch,
    error,
    sparsity: sparsities.reduce((sum, share) => sum + share, 0) / sparsities.length,
    layers: sparsities,
    dead: layers.map(({ dead }) => dead),
    ...(l1 !== undefined && { l1 }),
    ...(revival && { revival }),
  };
}

function recordOf(name) {
  return JSON.parse(readFileSync(path.join(runs, name, "run.json"), "utf8"));
}
