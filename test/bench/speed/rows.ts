/** From seconds of every round to what the table says. */
import type { ContestantName } from "./contestants.js";
import { integral, type Spread, speedup, spreadOf } from "./statistics.js";
import type { Target, Work } from "./works.js";

/** Of one contestant: seconds by point and round. */
export type Times = Partial<Record<ContestantName, number[][]>>;

export interface Ratio {
  of: string;
  to: string;
  speedup: Spread;
  floor: number | null;
  goal: number | null;
}

export interface Row {
  work: string;
  title: string;
  /** Examples a second. */
  rates: Partial<Record<ContestantName, Spread>>;
  ratios: Ratio[];
}

/** One value a round: a step's seconds, averaged over x by trapezoids where the work has an axis. */
export function combined(byPoint: readonly number[][], xs: readonly number[], combine: Work["combine"]): number[] {
  if (combine !== "integral") return byPoint[0]!;
  const length = xs.at(-1)! - xs[0]!;
  return byPoint[0]!.map((_, round) => integral(xs.map((x, p) => ({ x, y: byPoint[p]![round]! }))) / length);
}

/** @param examples in a step, or in a pass of inference */
export function rowOf(work: Work, times: Times, xs: readonly number[], examples: number): Row {
  const seconds = new Map<ContestantName, number[]>();
  for (const [name, byPoint] of Object.entries(times) as [ContestantName, number[][]][])
    seconds.set(name, combined(byPoint, xs, work.combine));
  const rates = Object.fromEntries(
    [...seconds].map(([name, values]) => [name, spreadOf(values.map((value) => examples / value))]),
  );
  const [one, two] = [seconds.get("ours 1 thread"), seconds.get("ours 2 threads")];
  const ratios: Ratio[] = [];
  const compare = (to: ContestantName, target: Target | null) => {
    const theirs = seconds.get(to);
    if (!theirs || !one || !two) return;
    const [of, best] = faster(["1 thread", one], ["2 threads", two], theirs);
    ratios.push({ of, to, speedup: best, floor: target?.floor ?? null, goal: target?.goal ?? null });
  };
  compare("PyTorch", work.target);
  compare("PyTorch as installed", null);
  compare("PyTorch by hand", null);
  compare("tfjs-wasm", work.tfjs === null ? null : { floor: work.tfjs, goal: work.tfjs });
  compare("tfjs-node", null);
  compare("backend tfjs-wasm", null);
  compare("backend tfjs-cpu", null);
  compare("backend tensorflow", null);
  if (one && two && work.threads)
    ratios.push({ of: "2 threads", to: "ours 1 thread", speedup: speedup(one, two), ...work.threads });
  return { work: work.name, title: work.title, rates, ratios };
}

type Named = [name: string, seconds: number[]];

function faster(a: Named, b: Named, theirs: readonly number[]): [string, Spread] {
  const [one, two] = [speedup(theirs, a[1]), speedup(theirs, b[1])];
  return two.median >= one.median ? [b[0], two] : [a[0], one];
}

export function verdict({ speedup: { median }, floor, goal }: Pick<Ratio, "speedup" | "floor" | "goal">): string {
  if (floor === null || goal === null) return "";
  if (median >= goal) return "goal met";
  return median >= floor ? "floor met" : "below the floor";
}
