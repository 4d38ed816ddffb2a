/**
 * The one build script. `node esbuild.mjs [--production] [--tests]` fills dist/:
 *   kernels.wasm, extension.js, worker.js, team.js, pictures.js, claims.js, units.js, inspector.js, dataset.js, sweep.js, trial.js, probe.js, onnxruntime.wasm.br, tensorflow.js, tfjs-backend-wasm-simd.wasm, cli.js, webview/, data/mnist-sample/, *.schema.json, ThirdPartyNotices.txt, and with --tests
 *   test/vscode/.
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";
import { writeNotices } from "./scripts/notices.mjs";
import { packSample } from "./scripts/sample.mjs";
import { writeSchemas } from "./scripts/schemas.mjs";

const production = process.argv.includes("--production");
const tests = process.argv.includes("--tests");
const root = import.meta.dirname;
const dist = path.join(root, "dist");

const common = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : "linked",
  logLevel: "warning",
  legalComments: "none",
  metafile: true,
  mainFields: ["module", "main"],
  plugins: [withoutLocales()],
};
const node = { ...common, platform: "node", format: "cjs", target: "node20", external: ["vscode", "mocha"] };
const browser = {
  ...common,
  platform: "browser",
  format: "iife",
  target: "es2022",
  mainFields: ["browser", "module", "main"],
};

if (production) rmSync(dist, { recursive: true, force: true });
mkdirSync(path.join(dist, "webview"), { recursive: true });
buildKernels();
const host = await build({
  ...node,
  entryPoints: {
    extension: "src/extension/extension.ts",
    worker: "src/engine/worker.ts",
    team: "src/engine/team.ts",
    pictures: "src/engine/pictures/picturesWorker.ts",
    claims: "src/engine/claims/claimsWorker.ts",
    units: "src/engine/units/unitWorker.ts",
    inspector: "src/engine/inspector/inspectorWorker.ts",
    dataset: "src/engine/data/datasetWorker.ts",
    sweep: "src/engine/sweeps/sweepProcess.ts",
    trial: "src/engine/sweeps/trialProcess.ts",
  },
  outdir: dist,
});
const probe = await build({
  ...node,
  entryPoints: { probe: "src/engine/probe/probeProcess.ts" },
  outdir: dist,
  // ONNX Runtime asks where it lies
  define: { "import.meta.url": "bundleUrl" },
  banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
});
packRuntime();
const tensorflow = await build({
  ...node,
  // TensorFlow.js would fetch models with it; this process fetches nothing
  external: ["node-fetch"],
  entryPoints: { tensorflow: "src/engine/tensorflow/tensorflowService.ts" },
  outdir: dist,
});
const cli = await build({
  ...node,
  entryPoints: { cli: "src/cli/main.ts" },
  outdir: dist,
  banner: { js: "#!/usr/bin/env node" },
});
chmodSync(path.join(dist, "cli.js"), 0o755);
const views = await build({
  ...browser,
  entryPoints: {
    dashboard: "webview/dashboard/main.ts",
    sweep: "webview/sweep/main.ts",
    inspector: "webview/inspector/main.ts",
    dataset: "webview/dataset/main.ts",
    unitCurves: "webview/unitCurves/main.ts",
    unit: "webview/unit/main.ts",
  },
  outdir: path.join(dist, "webview"),
  loader: { ".ttf": "file" },
});
for (const file of ["codicon.css", "codicon.ttf"])
  copyFileSync(path.join(root, "node_modules/@vscode/codicons/dist", file), path.join(dist, "webview", file));
const wasm = "tfjs-backend-wasm-simd.wasm";
copyFileSync(path.join(root, "node_modules/@tensorflow/tfjs-backend-wasm/dist", wasm), path.join(dist, wasm));
const bundled = [host, probe, tensorflow, cli, views].flatMap(({ metafile }) => Object.keys(metafile.inputs));
writeNotices(root, bundled, ["@vscode/codicons"], path.join(dist, "ThirdPartyNotices.txt"));
await writeSchemas(dist);
await packSample(path.join(dist, "data/mnist-sample"));
if (tests) await buildHostTests();

/** Messages about configs are our own: of zod's forty languages only English is bundled. */
function withoutLocales() {
  return {
    name: "without-locales",
    setup: (context) =>
      context.onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.c?js$/ }, () => ({
        contents: 'export { default as en } from "./en.js";',
      })),
  };
}

/** AssemblyScript → kernels.wasm; skipped when the module is newer than its sources. */
function buildKernels() {
  const folder = path.join(root, "src/engine/kernels/assembly");
  const out = path.join(dist, "kernels.wasm");
  const sources = readdirSync(folder).map((file) => path.join(folder, file));
  const newest = Math.max(...[...sources, path.join(root, "esbuild.mjs")].map((file) => statSync(file).mtimeMs));
  if (existsSync(out) && statSync(out).mtimeMs > newest) return;
  const flags = "-O3 --noAssert --runtime stub --importMemory --sharedMemory --initialMemory 16 --maximumMemory 65536";
  const features = "--enable simd --enable threads --memoryBase 65536 --use abort=";
  const asc = path.join(root, "node_modules/assemblyscript/bin/asc.js");
  const args = [asc, path.join(folder, "index.ts"), "-o", out, ...`${flags} ${features}`.split(" ")];
  const done = spawnSync(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] });
  if (done.status !== 0) throw new Error("The kernels do not compile (see above).");
}

/** ONNX Runtime's WebAssembly, which compresses to a fifth; skipped when that is newer. */
function packRuntime() {
  const from = path.join(root, "node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm");
  const out = path.join(dist, "onnxruntime.wasm.br");
  if (existsSync(out) && statSync(out).mtimeMs > statSync(from).mtimeMs) return;
  const { BROTLI_PARAM_QUALITY: quality, BROTLI_PARAM_LGWIN: window } = constants;
  // of its eleven degrees the last two take ten times as long, for an eighth less: for the package only
  const degree = production ? 11 : 9;
  writeFileSync(out, brotliCompressSync(readFileSync(from), { params: { [quality]: degree, [window]: 24 } }));
}

/** The suite that runs inside the extension host: one bundle a file, so that mocha can load them by name. */
async function buildHostTests() {
  const files = readdirSync(path.join(root, "test/vscode")).filter((file) => file.endsWith(".ts"));
  await build({
    ...node,
    entryPoints: files.map((file) => `test/vscode/${file}`),
    outdir: path.join(dist, "test/vscode"),
  });
}
