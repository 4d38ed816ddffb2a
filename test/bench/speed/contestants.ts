/** Who takes part, and how each is started. */
import { createRequire } from "node:module";
import path from "node:path";
import { Contestant } from "./contestant.js";
import { program, root, source } from "./places.js";
import type { Python } from "./python.js";

export const contestantNames = [
  "ours 1 thread",
  "ours 2 threads",
  "PyTorch",
  "PyTorch as installed",
  "PyTorch by hand",
  "tfjs-wasm",
  "tfjs-node",
  "backend tfjs-wasm",
  "backend tfjs-cpu",
  "backend tensorflow",
] as const;
export type ContestantName = (typeof contestantNames)[number];

/** Who works the way that another chose, so that nothing but the circumstances differ. */
export const follows: Partial<Record<ContestantName, ContestantName>> = { "PyTorch as installed": "PyTorch" };

/** At least this much time at work in a turn; a pass is never cut short. */
export const turnSeconds = 0.4;
/** Before the first turn. WebAssembly is compiled again, better, while it runs, and the product runs for minutes. */
export const warmUpSeconds = 1.5;

/** @returns null where it is not available on this machine */
export function start(name: ContestantName, python: Python | null): Contestant | null {
  const node = (file: string, argument: string) =>
    new Contestant(name, [process.execPath, path.join(program, file), argument]);
  const torch = (mode: string, memory: NodeJS.ProcessEnv = keptMemory) =>
    python &&
    new Contestant(name, [python.program, path.join(source, "torchContestant.py"), mode, String(mostTorchThreads)], {
      ...python.environment,
      ...memory,
    });
  switch (name) {
    case "ours 1 thread":
      return node("ours.mjs", "1");
    case "ours 2 threads":
      return node("ours.mjs", "2");
    case "PyTorch":
      return torch("autograd");
    case "PyTorch as installed":
      return torch("autograd", {});
    case "PyTorch by hand":
      return torch("hand");
    case "tfjs-wasm":
      return resolves("@tensorflow/tfjs-backend-wasm") ? node("tfjs.mjs", "wasm") : null;
    case "tfjs-node":
      return resolves("@tensorflow/tfjs-node") ? node("tfjs.mjs", "node") : null;
    case "backend tfjs-wasm":
      return node("backend.mjs", "tfjs-wasm");
    case "backend tfjs-cpu":
      return node("backend.mjs", "tfjs-cpu");
    case "backend tensorflow":
      return resolves("@tensorflow/tfjs-node") ? node("backend.mjs", "tensorflow") : null;
  }
}

const mostTorchThreads = 2;

/**
 * glibc keeps what PyTorch frees. Left alone it gives large pieces back to the system, so that the gradients of every step lie in fresh pages,
 * each of which costs an interrupt: how much that is depends on the machine more than on PyTorch.
 */
const keptMemory = {
  MALLOC_MMAP_THRESHOLD_: String(2 ** 30),
  MALLOC_TRIM_THRESHOLD_: String(2 ** 32),
  MALLOC_TOP_PAD_: String(2 ** 28),
};

function resolves(name: string): boolean {
  try {
    createRequire(path.join(root, "package.json")).resolve(name);
    return true;
  } catch {
    return false;
  }
}
