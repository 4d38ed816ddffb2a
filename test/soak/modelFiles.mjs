// The second half of `npm run soak`: damages model files of every format at random, --inputs N of each, and reads each whole (see
// test/support/modelFuzz.ts). Arguments: --inputs N, --seed S. Writes docs/model-files.json.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { root } from "../host/paths.mjs";

const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: "1000000" },
    seed: { type: "string", default: String(Date.now() % 100_000) },
    record: { type: "boolean", default: true },
  },
  allowNegative: true,
});
// of the code that is bundled now, whatever is committed while this runs
const commit = git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain", "--", "src") ? "+" : "");
const outfile = path.join(root, ".cache/soak/modelFuzz.mjs");
await build({
  entryPoints: [path.join(root, "test/support/modelFuzz.ts")],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  logLevel: "warning",
});
const { fuzz, fuzzedFiles } = await import(pathToFileURL(outfile).href);

const share = 50_000;
const counts = {};
for (const name of fuzzedFiles) {
  const total = { inputs: 0, read: 0, turnedDown: 0 };
  for (let seed = Number(values.seed); total.inputs < Number(values.inputs); seed++) {
    const some = await fuzz(name, Math.min(share, Number(values.inputs) - total.inputs), seed);
    for (const key of Object.keys(total)) total[key] += some[key];
    process.stdout.write(`\r${name}: ${total.inputs} of ${values.inputs}`);
  }
  counts[name] = total;
  console.log();
}
const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024);
console.table(counts);
console.log(`peak memory ${peakMegabytes} MB`);
if (values.record) record();

function record() {
  const report = {
    recorded: new Date().toISOString().slice(0, 10),
    commit,
    seed: Number(values.seed),
    machine: { cpu: os.cpus()[0]?.model.trim(), cores: os.cpus().length, node: process.version },
    peakMegabytes,
    counts,
  };
  writeFileSync(path.join(root, "docs/model-files.json"), `${JSON.stringify(report, null, 2)}\n`);
  console.log("docs/model-files.json");
}

function git(...args) {
  return spawnSync("git", args, { cwd: root, encoding: "utf8" }).stdout.trim();
}
