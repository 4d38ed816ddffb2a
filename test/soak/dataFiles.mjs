// The third part of `npm run soak`: damages data files of every kind at random, --inputs N of each, and loads each data set (see
// test/support/dataFuzz.ts). Arguments: --inputs N, --seed S.
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { root } from "../host/paths.mjs";

const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: "50000" },
    seed: { type: "string", default: String(Date.now() % 100_000) },
  },
});
const outfile = path.join(root, ".cache/soak/dataFuzz.mjs");
await build({
  entryPoints: [path.join(root, "test/support/dataFuzz.ts")],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  logLevel: "warning",
});
const { fuzzData, fuzzedData } = await import(pathToFileURL(outfile).href);
const counts = {};
for (const name of fuzzedData) counts[name] = await fuzzData(name, Number(values.inputs), Number(values.seed));
console.table(counts);
console.log(`seed ${values.seed}, peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
