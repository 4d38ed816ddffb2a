/**
 * Trains example experiments and keeps what came out: `npm run results -- mnist-rectifier mnist-tanh` writes docs/results/<name>.json with
 * the figures, the config, the commit, the seed and the machine.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { provenanceOf } from "./provenance.mjs";

const root = path.resolve(import.meta.dirname, "..");
const names = process.argv.slice(2);
if (names.length === 0) throw new Error("Name the examples to run, such as mnist-rectifier.");

for (const name of names) {
  const run = path.join(root, ".cache", "results", name);
  rmSync(run, { recursive: true, force: true });
  const cli = path.join(root, "dist/cli.js");
  const config = path.join(root, "examples", `${name}.rectiscope.json`);
  const done = spawnSync(process.execPath, [cli, "train", config, "--json", "--out", run], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (done.status !== 0) throw new Error(`${name} ended with exit ${done.status}: ${done.stdout}`);
  const { run: _, ...figures } = JSON.parse(done.stdout);
  const record = JSON.parse(readFileSync(path.join(run, "run.json"), "utf8"));
  const result = {
    name,
    figures,
    config: record.config,
    seed: record.seed,
    layers: record.layers,
    dataset: { name: record.dataset.name, sha256: record.dataset.sha256 },
    ...provenanceOf(record),
  };
  mkdirSync(path.join(root, "docs/results"), { recursive: true });
  writeFileSync(path.join(root, "docs/results", `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  console.log(`docs/results/${name}.json`);
}
