/** Who takes part, and how each is started. */
import path from "node:path";
import { Contestant } from "./contestant.js";
import { program, source } from "./places.js";
import type { Python } from "./python.js";

export const contestantNames = ["ours 1 thread", "ours 2 threads", "PyTorch", "PyTorch by hand"] as const;
export type ContestantName = (typeof contestantNames)[number];

/** At least this much time at work in a turn; a pass is never cut short. */
export const turnSeconds: Record<ContestantName, number> = {
  "ours 1 thread": 0.5,
  "ours 2 threads": 0.5,
  PyTorch: 0.1,
  "PyTorch by hand": 0.1,
};

/** WebAssembly is compiled again, better, while it runs. */
export const warmUpSeconds: Record<ContestantName, number> = {
  "ours 1 thread": 1.5,
  "ours 2 threads": 1.5,
  PyTorch: 0.1,
  "PyTorch by hand": 0.1,
};

/** @returns null where it is not available on this machine */
export function start(name: ContestantName, python: Python | null): Contestant | null {
  const ours = path.join(program, "ours.mjs");
  if (name === "ours 1 thread") return new Contestant(name, [process.execPath, ours, "1"]);
  if (name === "ours 2 threads") return new Contestant(name, [process.execPath, ours, "2"]);
  if (!python) return null;
  const script = path.join(source, "torchContestant.py");
  const mode = name === "PyTorch" ? "autograd" : "hand";
  return new Contestant(name, [python.program, script, mode, "2"], python.environment);
}
