// What sweeps cost, for budgets.mjs: how much faster two trials at once are than one after the other, and how long a thousand runs take to
// list. `node test/bench/sweeps.mjs` alone prints them; with --record it
// puts them into docs/budgets.json in place of earlier ones.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { temporaryFolder } from "../host/folders.mjs";
import { root } from "../host/paths.mjs";

const cli = path.join(root, "dist/cli.js");
const listedRuns = 1000;
const rounds = 5;

/** Four networks of the paper's widths, on the digits that come with Rectiscope. */
const sweep = {
  base: {
    dataset: { name: "mnist-sample" },
    network: { hidden: [500, 500, 500] },
    training: { learningRate: 0.05, epochs: 3 },
  },
  axes: { "training.l1": [0.0001, 0.001] },
  seeds: 2,
};

/** @returns figures with name, value, unit and what they are */
export function measureSweeps() {
  const folder = temporaryFolder("sweeps");
  const config = path.join(folder, "bench.sweep.rectiscope.json");
  writeFileSync(config, JSON.stringify(sweep));
  const times = [1, 2].map((jobs) =>
    Array.from({ length: 3 }, (_, round) => secondsOf(config, path.join(folder, `${jobs}-${round}`), jobs)),
  );
  const [one, two] = times.map(median);
  const run = path.join(folder, "1-0/runs/0001");
  return [
    {
      name: "sweep: one job",
      value: one,
      unit: "s",
      what: "four trials of 784–500–500–500–10 on 8,000 digits, median of 3",
    },
    { name: "sweep: two jobs", value: two, unit: "s", what: "the same with two at once, median of 3" },
    { name: "sweep: throughput of two jobs", value: one / two, unit: "times", what: "that of one" },
    {
      name: "listing 1,000 runs",
      value: listing(run, path.join(folder, "many")),
      unit: "ms",
      what: `rectiscope ls --json of ${listedRuns} synthetic runs, its process's start included, median of ${rounds}`,
    },
    {
      name: "listing no runs",
      value: listing(run, path.join(folder, "none"), 0),
      unit: "ms",
      what: "the same of an empty folder: what starting the process takes",
    },
  ];
}

function secondsOf(config, out, jobs) {
  const started = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    [cli, "sweep", config, "--out", out, "--jobs", String(jobs), "--json"],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(stderr);
  return (performance.now() - started) / 1000;
}

/** Copies of a real run's record under other names. */
function listing(run, folder, count = listedRuns) {
  const runs = path.join(folder, ".rectiscope/runs");
  mkdirSync(runs, { recursive: true });
  const record = JSON.parse(readFileSync(path.join(run, "run.json"), "utf8"));
  for (let i = 0; i < count; i++) {
    const id = `2026-01-01T00-00-00-run-${String(i).padStart(4, "0")}`;
    mkdirSync(path.join(runs, id));
    writeFileSync(path.join(runs, id, "run.json"), JSON.stringify({ ...record, id, name: `run ${i}` }, null, 2));
  }
  const times = Array.from({ length: rounds }, () => {
    const started = performance.now();
    const { stdout } = spawnSync(process.execPath, [cli, "ls", folder, "--json"], {
      encoding: "utf8",
      maxBuffer: 2 ** 28,
    });
    if (JSON.parse(stdout).runs.length !== count) throw new Error("Not all runs were listed.");
    return performance.now() - started;
  });
  return median(times);
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const figures = measureSweeps().map((figure) => ({ ...figure, value: Number(figure.value.toPrecision(3)) }));
  console.table(figures.map(({ name, value, unit }) => ({ name, value, unit })));
  if (process.argv.includes("--record")) {
    const file = path.join(root, "docs/budgets.json");
    const report = JSON.parse(readFileSync(file, "utf8"));
    const others = report.figures.filter(({ name }) => !figures.some((figure) => figure.name === name));
    writeFileSync(file, `${JSON.stringify({ ...report, figures: [...others, ...figures] }, null, 2)}\n`);
  }
}
