// What texts take, for docs/budgets.json: 300,000 synthetic reviews read into 5000 inputs, and the paper's network for text on them.
// `node test/bench/texts.mjs` prints it; with --record it puts the figures into docs/budgets.json in place of earlier ones.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { temporaryFolder } from "../host/folders.mjs";
import { root } from "../host/paths.mjs";
import { bundlePrograms } from "./bundle.mjs";

const outdir = await bundlePrograms(path.join(import.meta.dirname, "texts"), ["write", "read"]);
const file = path.join(temporaryFolder("texts"), "reviews.jsonl");
const run = (program, ...args) =>
  JSON.parse(execFileSync(process.execPath, [path.join(outdir, program), file, ...args], { encoding: "utf8" }));
const written = run("write.mjs");
const read = run("read.mjs", path.join(root, "dist/kernels.wasm"));

const reviews = `300,000 synthetic reviews of ${Math.round(written.words)} words on average (${Math.round(written.bytes / 1e6)} MB, ${Math.round(written.different / 1000)},000 different words), 5000 inputs`;
const figures = [
  { name: "texts: reading", value: read.seconds, unit: "s", what: `processor time: ${reviews}` },
  {
    name: "texts: memory while reading",
    value: read.peakMiB,
    unit: "MiB",
    what: "most that the process took, Node's own 40 to 60 MiB included",
  },
  {
    name: "texts: inputs",
    value: read.inputMiB,
    unit: "MiB",
    what: `kept while training: ${(100 * read.share).toFixed(2)} % of the inputs are 1`,
  },
  {
    name: "texts: network",
    value: read.kernelMiB,
    unit: "MiB",
    what: "all that the kernels take: 5000–5000–5000–5000–5, room for 100 examples at a time",
  },
  {
    name: "texts: memory while training",
    value: read.trainingMiB,
    unit: "MiB",
    what: "most that the process took by the end of 200 steps of that network, its random weights' copy included",
  },
].map((figure) => ({ ...figure, value: Number(figure.value.toPrecision(3)) }));
console.table(figures.map(({ name, value, unit }) => ({ name, value, unit })));
if (process.argv.includes("--record")) {
  const target = path.join(root, "docs/budgets.json");
  const report = JSON.parse(readFileSync(target, "utf8"));
  const others = report.figures.filter(({ name }) => !figures.some((figure) => figure.name === name));
  writeFileSync(target, `${JSON.stringify({ ...report, figures: [...others, ...figures] }, null, 2)}\n`);
}
