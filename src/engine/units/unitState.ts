/** What a unit is at the last evaluation, and what it was at those before. */
import type { RunRecord } from "../../common/run.js";
import type { Moment, UnitSeries, UnitState } from "../../common/unitReport.js";
import { dyingAt, rareOn } from "../sparsity/layerFigures.js";
import { momentAt } from "./causeOfDeath.js";
import type { LayerRecord, RecordedColumn } from "./layerRecord.js";

/** @param exact whether the layer's units can be exactly zero */
export function unitState(
  run: Pick<RunRecord, "config" | "dataset" | "phases">,
  record: LayerRecord,
  unit: number,
  exact: boolean,
): UnitState {
  const moment = record.moments.at(-1) as LayerRecord["moments"][number];
  const column = (name: RecordedColumn) => record.columns[name].at(-1) as ArrayLike<number>;
  const value = (name: RecordedColumn) => column(name)[unit] as number;
  const frequency = value("firingFrequency");
  const firings = Math.round(frequency * moment.n);
  const lastFiredStep = record.lastFiredStep[unit] as number;
  const maxUpdateStep = record.maxUpdateStep[unit] as number;
  const { evaluation } = run.config ?? {};
  const isRare = evaluation ? rareOn(moment.n, evaluation.rareThreshold) : null;
  const isDying = dyingNow(run, moment);
  return {
    ...moment,
    dead: exact ? frequency === 0 : null,
    dying: exact ? (isDying?.(lastFiredStep) ?? null) : null,
    // outputs of a rectifier have one sign: its mean |h| is |mean h|
    dormant: exact && evaluation ? isDormant(column("meanActivation"), unit, evaluation.dormantThreshold) : null,
    rare: exact ? (isRare?.(firings) ?? null) : null,
    alwaysOn: exact ? firings === moment.n : null,
    firingFrequency: exact ? frequency : null,
    meanActivation: value("meanActivation"),
    maximum: value("maximum"),
    bias: value("bias"),
    incomingNorm: value("incomingNorm"),
    outgoingNorm: value("outgoingNorm"),
    lastFired: lastFiredStep < 0 ? null : momentAt(lastFiredStep, record.moments),
    maxUpdate:
      maxUpdateStep < 0
        ? null
        : { size: record.maxUpdate[unit] as number, at: momentAt(maxUpdateStep, record.moments) },
  };
}

function isDormant(means: ArrayLike<number>, unit: number, threshold: number): boolean {
  let sum = 0;
  for (let j = 0; j < means.length; j++) sum += Math.abs(means[j]!);
  return Math.abs(means[unit]!) <= (threshold * sum) / means.length;
}

/** In the training; null where it is not known, or has not lasted long enough. */
function dyingNow(
  { config, dataset, phases }: Pick<RunRecord, "config" | "dataset" | "phases">,
  { step }: Moment,
): ((lastFiredStep: number) => boolean) | null {
  const begun = trainingFrom(phases);
  if (!config || !dataset || !begun || step < begun.step) return null;
  const stepsPerEpoch = Math.ceil(dataset.train / config.training.batchSize);
  const position = { step: step - begun.step, stepsPerEpoch, examplesPerEpoch: dataset.train };
  const isDying = dyingAt(position, config.evaluation.dyingWindow ?? dataset.train);
  return isDying && ((last) => isDying(last - begun.step));
}

/** Null where the run is still being pre-trained. */
function trainingFrom(phases: RunRecord["phases"]): Moment | null {
  if (!phases) return { step: 0, epoch: 0 };
  const found = phases.find(({ name }) => name === "training");
  return found ? { step: found.step, epoch: found.epoch } : null;
}

export function unitSeries(
  { phases }: Pick<RunRecord, "phases">,
  { moments, columns, evaluations }: LayerRecord,
  unit: number,
  exact: boolean,
): UnitSeries {
  const of = (column: RecordedColumn) => columns[column].map((values) => values[unit] as number);
  return {
    steps: moments.map(({ step }) => step),
    epochs: moments.map(({ epoch }) => epoch),
    firingFrequency: exact ? of("firingFrequency") : null,
    meanActivation: of("meanActivation"),
    maximum: of("maximum"),
    bias: of("bias"),
    incomingNorm: of("incomingNorm"),
    outgoingNorm: of("outgoingNorm"),
    trainingFrom: phases ? trainingFrom(phases) : null,
    evaluations,
  };
}
