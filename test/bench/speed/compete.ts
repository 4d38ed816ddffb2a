/** One problem: all contestants prepare, are compared, and then take turns. */
import fs from "node:fs";
import path from "node:path";
import { parameterCount } from "../../../src/engine/network/network.js";
import { disagreement } from "./agreement.js";
import type { Contestant } from "./contestant.js";
import { type ContestantName, follows, start, turnSeconds, warmUpSeconds } from "./contestants.js";
import { cache } from "./places.js";
import { type Problem, writeProblem } from "./problem.js";
import type { Checked } from "./protocol.js";
import type { Python } from "./python.js";
import { interleaved } from "./rounds.js";

export interface Outcome {
  /** Seconds a step, or of one pass over all examples; one value a round. */
  seconds: number[];
  versions: Record<string, string>;
  /** The way that proved fastest, and all that were tried, with their seconds. */
  chosen: string;
  tried: Record<string, number>;
  /** Peak of the process without the copy of the starting weights that every contestant keeps. */
  peakBytes: number;
  /** The very first pass of the process, before anything was compiled well, gave what the later ones give. */
  sameWhenCold: boolean;
}

export interface Competition {
  outcomes: Partial<Record<ContestantName, Outcome>>;
  /** Mean share of non-zero outputs of every hidden layer over the timed steps; empty where nobody counted. */
  density: number[];
}

export interface Conditions {
  python: Python | null;
  rounds: number;
  say: (line: string) => void;
  /** Ways that proved fastest on a problem like this one. */
  keep: Partial<Record<ContestantName, string>>;
}

interface Entrant {
  name: ContestantName;
  process: Contestant;
  outcome: Outcome;
}

/** Between the mean loss of the first pass and of a later one: rounding may differ where threads share a sum. */
const coldTolerance = 1e-5;

/** @throws Error when two contestants did not do the same work */
export async function compete(
  problem: Problem,
  names: readonly ContestantName[],
  { python, rounds, say, keep }: Conditions,
): Promise<Competition> {
  const folder = path.join(cache, "problem");
  const started: Contestant[] = [];
  try {
    writeProblem(folder, problem);
    const entrants: Entrant[] = [];
    const ways = { ...keep };
    let first: { name: string; checked: Checked } | null = null;
    for (const name of names) {
      say(`${name}: preparing`);
      const entrant = await prepare(name, ways[follows[name] ?? name]);
      if (!entrant) continue;
      ways[name] = entrant.outcome.chosen;
      entrants.push(entrant);
      const cold = await timed(entrant.process, 0);
      const warm = await timed(entrant.process, warmUpSeconds);
      entrant.outcome.sameWhenCold = Math.abs(cold.loss - warm.loss) <= coldTolerance;
      // before the check, which reads all weights
      const { peakBytes } = await entrant.process.ask({ do: "memory" });
      entrant.outcome.peakBytes = peakBytes - 4 * parameterCount(problem.shape);
      const checked = await entrant.process.ask({ do: "check" });
      const different = first && disagreement(first.checked, checked);
      if (different) throw new Error(`${first?.name} and ${name} did not do the same work: ${different}.`);
      first ??= { name, checked };
    }
    const seconds = await interleaved(entrants, rounds, async ({ name, process }, round) => {
      say(`round ${round + 1} of ${rounds}: ${name}`);
      const { seconds, units } = await timed(process, turnSeconds);
      return seconds / units;
    });
    for (const entrant of entrants) entrant.outcome.seconds = seconds.get(entrant)!;
    return {
      outcomes: Object.fromEntries(entrants.map(({ name, outcome }) => [name, outcome])),
      density: first?.checked.density ?? [],
    };
  } finally {
    await Promise.all(started.map((process) => process.end()));
    fs.rmSync(folder, { recursive: true, force: true });
  }

  /** Tuning happens in a process of its own: what it tries must not count as memory of the way that is chosen. */
  async function prepare(name: ContestantName, way?: string): Promise<Entrant | null> {
    const open = async () => {
      const process = start(name, python);
      if (!process) return null;
      started.push(process);
      return { process, versions: (await process.ask({ do: "load", folder })).versions };
    };
    let opened = await open();
    if (!opened) return null;
    let tuned = await opened.process.ask({ do: "tune", keep: way });
    const { tried } = tuned;
    if (Object.keys(tried).length > 0) {
      await opened.process.end();
      opened = (await open())!;
      tuned = await opened.process.ask({ do: "tune", keep: tuned.chosen });
    }
    const { process, versions } = opened;
    const outcome = { seconds: [], versions, chosen: tuned.chosen, tried, peakBytes: 0, sameWhenCold: true };
    return { name, process, outcome };
  }

  function timed(process: Contestant, seconds: number) {
    return problem.steps > 0 ? process.ask({ do: "train", seconds }) : process.ask({ do: "infer", seconds });
  }
}
