/** One work: all contestants prepare, are compared, and then take turns. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { disagreement } from "./agreement.js";
import type { Contestant } from "./contestant.js";
import { type ContestantName, start, turnSeconds, warmUpSeconds } from "./contestants.js";
import { type Problem, writeProblem } from "./problem.js";
import type { Checked } from "./protocol.js";
import type { Python } from "./python.js";
import { interleaved } from "./rounds.js";

export interface Outcome {
  /** Seconds a step, or of one pass over all examples; one value a round. */
  seconds: number[];
  versions: Record<string, string>;
  /** The way that proved fastest, and all that were tried. */
  chosen: string;
  tried: Record<string, number>;
  peakBytes: number;
}

export interface Competition {
  outcomes: Partial<Record<ContestantName, Outcome>>;
  /** Mean share of non-zero outputs of every hidden layer over the timed steps. */
  density: number[];
}

interface Entrant {
  name: ContestantName;
  process: Contestant;
  outcome: Outcome;
}

/** @throws Error when two contestants did not do the same work */
export async function compete(
  problem: Problem,
  names: readonly ContestantName[],
  { python, rounds, say }: { python: Python | null; rounds: number; say: (line: string) => void },
): Promise<Competition> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rectiscope-bench-"));
  const entrants: Entrant[] = [];
  try {
    writeProblem(folder, problem);
    let first: { name: string; checked: Checked } | null = null;
    for (const name of names) {
      const process = start(name, python);
      if (!process) continue;
      const outcome: Outcome = { seconds: [], versions: {}, chosen: "", tried: {}, peakBytes: 0 };
      entrants.push({ name, process, outcome });
      say(`${name}: preparing`);
      outcome.versions = (await process.ask({ do: "load", folder })).versions;
      Object.assign(outcome, await process.ask({ do: "tune" }));
      await timed(process, warmUpSeconds[name]);
      const checked = await process.ask({ do: "check" });
      const different = first && disagreement(first.checked, checked);
      if (different) throw new Error(`${first?.name} and ${name} did not do the same work: ${different}.`);
      first ??= { name, checked };
    }
    await interleaved(entrants, rounds, async ({ name, process, outcome }, round) => {
      say(`round ${round + 1} of ${rounds}: ${name}`);
      const { seconds, passes } = await timed(process, turnSeconds[name]);
      const value = seconds / passes / Math.max(1, problem.steps);
      outcome.seconds.push(value);
      return value;
    });
    for (const { process, outcome } of entrants) outcome.peakBytes = (await process.ask({ do: "memory" })).peakBytes;
    return {
      outcomes: Object.fromEntries(entrants.map(({ name, outcome }) => [name, outcome])),
      density: first?.checked.density ?? [],
    };
  } finally {
    await Promise.all(entrants.map(({ process }) => process.end()));
    if (!process.env.KEEP) fs.rmSync(folder, { recursive: true, force: true });
  }

  function timed(process: Contestant, seconds: number) {
    return problem.steps > 0 ? process.ask({ do: "train", seconds }) : process.ask({ do: "infer", seconds });
  }
}
