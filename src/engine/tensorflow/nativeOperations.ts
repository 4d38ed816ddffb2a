/** TensorFlow's native library by way of tfjs-node, from the folder where a person has installed it. For a process of its own. */
import nodeUtil from "node:util";
import { requireFrom } from "./installed.js";
import { missingOperation, type Operations } from "./operations.js";

/** What it was written for, and Node 23 and later have no more. */
const utilities: Record<string, (value: unknown) => boolean> = {
  isNullOrUndefined: (value) => value === null || value === undefined,
  isArray: Array.isArray,
};

/** The parts of tfjs-node that are not operations. */
interface TensorflowModule extends Operations {
  ready(): Promise<void>;
  getBackend(): string;
  backend(): { isUsingGpuDevice?: boolean; binding?: { TF_Version?: string } };
}

export interface NativeTensorflow {
  tf: Operations;
  library: { version: string | null; gpu: boolean };
  provided: string[];
}

/** @throws Error where it does not load, or is something else */
export async function loadNative(folder: string, name: string): Promise<NativeTensorflow> {
  const provided = provideUtilities(nodeUtil as unknown as Record<string, unknown>);
  const tf = requireFrom(folder)(name) as TensorflowModule;
  const missing = missingOperation(tf);
  if (missing !== null) throw new Error(`it has no operation ${missing}`);
  await tf.ready();
  if (tf.getBackend() !== "tensorflow") throw new Error(`its backend is ${tf.getBackend()}, not tensorflow`);
  const { isUsingGpuDevice, binding } = tf.backend();
  return { tf, library: { version: binding?.TF_Version ?? null, gpu: isUsingGpuDevice === true }, provided };
}

/** @returns the names of those that were not there */
export function provideUtilities(util: Record<string, unknown>): string[] {
  const provided = Object.keys(utilities).filter((name) => typeof util[name] !== "function");
  for (const name of provided) util[name] = utilities[name];
  return provided;
}
