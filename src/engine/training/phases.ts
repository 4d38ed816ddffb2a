/** The phases of a run in their order, and how much there is to do in each: what its remaining time is estimated by. Pure. */
import type { Experiment } from "../../common/experiment.js";
import type { RunPhase } from "../../common/run.js";
import { type NetworkShape, parameterCount } from "../network/network.js";
import { endOf, pretrainingSchedules, type Schedule } from "./schedule.js";

/** A forward pass costs about a third of a training step. */
export const trainingCost = 3;

export interface Phase {
  name: string;
  schedule: Schedule;
  /** Multiplications for an example in a step, about. Zeros, which cost nothing, are counted. */
  exampleWork: number;
}

/** Those of pre-training and, last, the training. @param unlabelled examples that are pre-trained on */
export function phasesOf(experiment: Experiment, shape: NetworkShape, schedule: Schedule, unlabelled: number): Phase[] {
  const widths = [shape.inputs, ...shape.hidden];
  const between = (l: number) => (widths[l] as number) * (widths[l + 1] as number);
  return [
    ...pretrainingSchedules(experiment, unlabelled).map((one, l) => ({
      name: `pre-training, layer ${l + 1}`,
      schedule: one,
      // encoder and decoder, and a forward pass through the layers below
      exampleWork:
        2 * trainingCost * between(l) + Array.from({ length: l }, (_, k) => between(k)).reduce((a, b) => a + b, 0),
    })),
    { name: "training", schedule, exampleWork: trainingCost * parameterCount(shape) },
  ];
}

/** All of a run, in the unit of exampleWork. */
export function totalWork(phases: readonly Phase[]): number {
  return workDone(phases, Number.POSITIVE_INFINITY);
}

/** Up to a step of the run. */
export function workDone(phases: readonly Phase[], step: number): number {
  return phases.reduce((sum, { schedule, exampleWork }) => {
    const { before, totalSteps, stepsPerEpoch, examplesPerEpoch } = schedule;
    const steps = Math.min(totalSteps, Math.max(0, step - before.steps));
    return sum + (steps / stepsPerEpoch) * examplesPerEpoch * exampleWork;
  }, 0);
}

/** As run.json has them, up to one; none for a run of a single phase. @param last its place */
export function begunPhases(phases: readonly Phase[], last: number): { phases?: RunPhase[] } {
  if (phases.length < 2) return {};
  return {
    phases: phases.slice(0, last + 1).map(({ name, schedule: { before } }) => ({
      name,
      step: before.steps,
      epoch: before.epochs,
    })),
  };
}

/** Steps and epochs of a run. */
export function totalOf(phases: readonly Phase[]): { steps: number; epochs: number } {
  return endOf(phases.at(-1)?.schedule);
}
