/** ONNX Runtime as WebAssembly, loaded when it is needed: a model can compute in it, and reach neither files nor network. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";

type Runtime = typeof import("onnxruntime-web/wasm");
let loading: Promise<Runtime> | undefined;

/** @param assets folder with onnxruntime.wasm.br */
export function onnxRuntime(assets: string): Promise<Runtime> {
  loading ??= load(assets);
  return loading;
}

async function load(assets: string): Promise<Runtime> {
  const packed = await readFile(path.join(assets, "onnxruntime.wasm.br"));
  const runtime = await import("onnxruntime-web/wasm");
  const { wasm } = runtime.env;
  wasm.wasmBinary = await promisify(brotliDecompress)(packed);
  wasm.numThreads = 1;
  wasm.proxy = false;
  runtime.env.logLevel = "fatal";
  return runtime;
}
