/** The backends of TensorFlow.js that come with Rectiscope: WebAssembly, and plain JavaScript. */
import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import type { TensorflowName } from "../../common/backends.js";
import type { Operations } from "./operations.js";

export const { version_core: bundledVersion } = tf;

/** @param assets folder with tfjs-backend-wasm-simd.wasm @throws Error where it does not load */
export async function loadBundled(backend: Exclude<TensorflowName, "tensorflow">, assets: string): Promise<Operations> {
  // without it TensorFlow.js advertises its native library on standard error, which is kept for what went wrong
  tf.enableProdMode();
  if (backend === "tfjs-wasm") setWasmPaths(`${assets}/`);
  const name = backend === "tfjs-wasm" ? "wasm" : "cpu";
  if (!(await tf.setBackend(name))) throw new Error(`TensorFlow.js' backend ${name} does not load from ${assets}.`);
  await tf.ready();
  return tf;
}
