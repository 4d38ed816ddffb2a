/** The compiled kernels, as the build left them. */
import fs from "node:fs";
import path from "node:path";

export const dist = path.resolve(import.meta.dirname, "../../dist");

export function kernelModule(): WebAssembly.Module {
  const file = path.join(dist, "kernels.wasm");
  if (!fs.existsSync(file)) throw new Error("Run 'npm run build' first: the tests use the kernels in dist/.");
  return new WebAssembly.Module(fs.readFileSync(file));
}
