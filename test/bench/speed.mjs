// `npm run bench [-- --quick] [--only NAME] [--rounds N]`: our engine beside PyTorch and TensorFlow.js on the same work.
// Bundles the programs in speed/ for Node and runs main.ts; see docs/performance.md.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { root } from "../host/paths.mjs";
import { bundlePrograms } from "./bundle.mjs";

const outdir = await bundlePrograms(path.join(import.meta.dirname, "speed"), [
  "main",
  "ours",
  "backend",
  "tfjs",
  "ceiling",
]);
const done = spawnSync(process.execPath, [path.join(outdir, "main.mjs"), ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
});
process.exitCode = done.status ?? 1;
