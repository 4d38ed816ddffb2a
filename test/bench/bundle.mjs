// Programs of the benchmarks, bundled for Node: `.ts` in, `.mjs` out.
import { existsSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { root } from "../host/paths.mjs";

/** Bundles files of a folder, by their names without ending; returns the folder that they then lie in. */
export async function bundlePrograms(folder, names) {
  if (!existsSync(path.join(root, "dist/kernels.wasm"))) throw new Error("Run 'npm run build' first.");
  const outdir = path.join(root, ".cache/bench/program");
  await build({
    entryPoints: names.map((name) => path.join(folder, `${name}.ts`)),
    outdir,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    outExtension: { ".js": ".mjs" },
    packages: "external",
    logLevel: "warning",
  });
  return outdir;
}
