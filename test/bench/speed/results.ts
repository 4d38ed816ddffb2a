/** What is kept of every work: docs/performance.json holds it as it is. */
import { parameterCount } from "../../../src/engine/network/network.js";
import type { Ceiling } from "./ceilings.js";
import type { Competition, Outcome } from "./compete.js";
import type { ContestantName } from "./contestants.js";
import { type Operations, operationsOf, total } from "./operations.js";
import type { Problem } from "./problem.js";
import { type Row, rowOf, type Times } from "./rows.js";
import { median } from "./statistics.js";
import type { Work } from "./works.js";

export interface PointResult {
  label: string;
  x: number;
  examples: number;
  density: number[];
  inputDensity: number;
  parameters: number;
  outcomes: Partial<Record<ContestantName, Outcome & { medianSeconds: number }>>;
  /** Multiply-adds of a step, from the units that were active; null where nobody counted. */
  operations: (Operations & { total: number }) | null;
  /** Of our engine on one thread: those multiply-adds against a loop of nothing else. */
  shareOfCeiling: number | null;
}

export interface WorkResult {
  combine: Work["combine"];
  row: Row;
  points: PointResult[];
  ceiling: Ceiling;
}

export function pointResult(
  { label, x }: { label: string; x: number },
  problem: Problem,
  { outcomes, density }: Competition,
  ceiling: Ceiling,
): PointResult {
  const examples = problem.steps > 0 ? problem.batchSize : problem.labels.length;
  const inputDensity = problem.inputs.reduce((n, value) => n + (value === 0 ? 0 : 1), 0) / problem.inputs.length;
  const operations = density.length > 0 ? operationsFor(problem, inputDensity, density, examples) : null;
  const seconds = outcomes["ours 1 thread"]?.seconds;
  return {
    label,
    x,
    examples,
    density,
    inputDensity,
    parameters: parameterCount(problem.shape),
    outcomes: Object.fromEntries(
      Object.entries(outcomes).map(([name, outcome]) => [name, { ...outcome, medianSeconds: median(outcome.seconds) }]),
    ),
    operations,
    shareOfCeiling:
      operations && seconds ? operations.total / median(seconds) / (ceiling.gigaMultiplyAdds * 1e9) : null,
  };
}

export function workResult(work: Work, points: PointResult[], ceiling: Ceiling): WorkResult {
  const names = Object.keys(points[0]!.outcomes) as ContestantName[];
  const times: Times = Object.fromEntries(
    names.map((name) => [name, points.map(({ outcomes }) => outcomes[name]!.seconds)]),
  );
  const xs = points.map(({ x }) => x);
  return { combine: work.combine, row: rowOf(work, times, xs, points[0]!.examples), points, ceiling };
}

function operationsFor({ shape, steps }: Problem, inputDensity: number, density: readonly number[], examples: number) {
  const each = operationsOf(shape, inputDensity, density);
  // without training nothing goes back
  const scaled: Operations = {
    forward: each.forward * examples,
    backward: steps > 0 ? each.backward * examples : 0,
    update: steps > 0 ? each.update * examples : 0,
  };
  return { ...scaled, total: total(scaled) };
}
