// `npm run bench [-- --quick] [--only NAME] [--rounds N]`: our engine beside PyTorch and TensorFlow.js on the same work.
// Bundles the programs in speed/ for Node and runs main.ts; see docs/performance.md.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { root } from "../host/paths.mjs";

if (!existsSync(path.join(root, "dist/kernels.wasm"))) throw new Error("Run 'npm run build' first.");
const source = path.join(import.meta.dirname, "speed");
const outdir = path.join(root, ".cache/bench/program");
await build({
  entryPoints: ["main", "ours", "tfjs", "ceiling"].map((name) => path.join(source, `${name}.ts`)),
  outdir,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  outExtension: { ".js": ".mjs" },
  packages: "external",
  logLevel: "warning",
});
const done = spawnSync(process.execPath, [path.join(outdir, "main.mjs"), ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
});
process.exitCode = done.status ?? 1;
