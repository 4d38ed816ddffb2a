/** What a run has recorded of the units of a hidden layer, over all its evaluations: from the files in units/ and pretraining/. */
import { readdir } from "node:fs/promises";
import path from "node:path";
import type { RunRecord, SetName } from "../../common/run.js";
import type { UnitFigures } from "../../common/unitFrames.js";
import type { Moment, Sample } from "../../common/unitReport.js";
import { pretrainingUnitsFile } from "../runs/pretrainingUnits.js";
import { readUnitFile, readUnitLayer } from "../runs/readUnits.js";
import { runFiles } from "../runs/runFolder.js";
import { RunFolderError } from "../runs/runFolderError.js";

export const recordedColumns = [
  "firingFrequency",
  "bias",
  "incomingNorm",
  "maximum",
  "meanActivation",
  "outgoingNorm",
] as const;
export type RecordedColumn = (typeof recordedColumns)[number];

/** Those that tell what a unit died of. */
export const evidenceColumns = ["firingFrequency", "bias", "incomingNorm", "maximum"] as const;

export interface LayerRecord {
  /** From 1. */
  layer: number;
  units: number;
  /** Of the evaluations that were read, in their order; at least one. */
  moments: (Moment & Sample)[];
  /** How many of these were made in pre-training. */
  pretraining: number;
  /** [evaluation][unit]; columns that were not asked for are empty. */
  columns: Record<RecordedColumn, ArrayLike<number>[]>;
  /** At the last evaluation, [unit]; of a unit that training has not touched, what pre-training did. −1 for never. */
  lastFiredStep: Int32Array;
  maxUpdate: Float32Array;
  maxUpdateStep: Int32Array;
  /** Evaluations that there are; those that were not read lie evenly between the others. */
  evaluations: number;
}

/** Evaluations that are read at most, and values that are kept. */
const mostEvaluations = 300;
const mostValues = 2 ** 24;

/**
 * One for each of the layers that has been measured, in their order.
 * @param layers from 1
 * @throws RunFolderError where a file is missing or damaged, or does not fit to the others
 */
export async function readLayerRecords(
  folder: string,
  run: Pick<RunRecord, "layers">,
  layers: readonly number[],
  columns: readonly RecordedColumn[],
): Promise<LayerRecord[]> {
  const units = run.layers.filter(({ layer }) => layers.includes(layer)).reduce((sum, one) => sum + one.units, 0);
  const most = Math.max(2, Math.min(mostEvaluations, Math.floor(mostValues / Math.max(1, columns.length * units))));
  const builders = new Map(layers.map((layer) => [layer, new Builder(layer, columns)]));
  const early = await earlySteps(folder);
  for (const [layer, builder] of builders) {
    const steps = early.get(layer) ?? [];
    builder.evaluations += steps.length;
    for (const step of thinned(steps, most)) {
      const file = pretrainingUnitsFile(folder, layer, step);
      const { tensors, metadata } = await readUnitFile(file, step);
      builder.add(readUnitLayer(tensors, file, layer), momentOf(metadata, file), file, true);
    }
  }
  const steps = await trainingSteps(folder);
  for (const step of thinned(steps, most)) {
    const file = path.join(folder, runFiles.units, `${step}.safetensors`);
    const { tensors, metadata } = await readUnitFile(file, step);
    const moment = momentOf(metadata, file);
    for (const [layer, builder] of builders)
      if (tensors[`layer${layer}.firingFrequency`])
        builder.add(readUnitLayer(tensors, file, layer), moment, file, false);
  }
  return [...builders.values()].flatMap((builder) => {
    if (builder.record) builder.record.evaluations = builder.evaluations + steps.length;
    return builder.record ?? [];
  });
}

/** Steps of the evaluations of which there are files, ascending. */
async function trainingSteps(folder: string): Promise<number[]> {
  const names = await namesIn(path.join(folder, runFiles.units));
  return names
    .flatMap((name) => /^(\d{1,15})\.safetensors$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort(ascending);
}

/** The same of pre-training, by layer. */
async function earlySteps(folder: string): Promise<Map<number, number[]>> {
  const steps = new Map<number, number[]>();
  for (const name of await namesIn(path.join(folder, "pretraining"))) {
    const found = /^layer(\d{1,4})-(\d{1,15})\.safetensors$/.exec(name);
    if (!found) continue;
    const layer = Number(found[1]);
    steps.set(layer, [...(steps.get(layer) ?? []), Number(found[2])].sort(ascending));
  }
  return steps;
}

const ascending = (a: number, b: number) => a - b;

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw new RunFolderError(`${folder} cannot be read: ${message}. Check its permissions.`, {
      code: "unreadable",
      file: folder,
    });
  }
}

/** At most so many, evenly spaced, with the first and the last. */
export function thinned<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, k) => all[Math.round((k * (all.length - 1)) / (most - 1))] as T);
}

function momentOf({ step, epoch, set, n }: Record<string, string>, file: string): Moment & Sample {
  const [at, epochs, examples] = [step, epoch, n].map(Number) as [number, number, number];
  const sets: readonly string[] = ["train", "valid", "test"] satisfies SetName[];
  if (!Number.isInteger(at) || !(at >= 0) || !(epochs >= 0 && epochs < Number.POSITIVE_INFINITY))
    throw damaged(file, "it does not say at which step and epoch it was measured");
  if (!Number.isInteger(examples) || examples < 1 || !sets.includes(set ?? ""))
    throw damaged(file, "it does not say on which examples it was measured");
  return { step: at, epoch: epochs, set: set as SetName, n: examples };
}

class Builder {
  record: LayerRecord | null = null;
  evaluations = 0;
  /** What pre-training left of the units. */
  private pretrained: Pick<LayerRecord, "lastFiredStep" | "maxUpdate" | "maxUpdateStep"> | null = null;

  constructor(
    private readonly layer: number,
    private readonly columns: readonly RecordedColumn[],
  ) {}

  add(figures: UnitFigures, moment: Moment & Sample, file: string, early: boolean): void {
    const units = figures.firingFrequency.length;
    this.record ??= {
      layer: this.layer,
      units,
      moments: [],
      pretraining: 0,
      columns: {
        firingFrequency: [],
        bias: [],
        incomingNorm: [],
        maximum: [],
        meanActivation: [],
        outgoingNorm: [],
      },
      lastFiredStep: new Int32Array(units).fill(-1),
      maxUpdate: new Float32Array(units),
      maxUpdateStep: new Int32Array(units).fill(-1),
      evaluations: 0,
    };
    const { record } = this;
    if (units !== record.units)
      throw damaged(file, `layer${this.layer} has ${units} units, at an evaluation before it had ${record.units}`);
    record.moments.push(moment);
    if (early) record.pretraining++;
    for (const column of this.columns) record.columns[column].push(figures[column]);
    // training counts from −1 again, and so does a unit that is revived: of one that has not fired in training, pre-training knows more
    if (!early)
      this.pretrained ??= {
        lastFiredStep: record.lastFiredStep.slice(),
        maxUpdate: record.maxUpdate.slice(),
        maxUpdateStep: record.maxUpdateStep.slice(),
      };
    const { pretrained } = this;
    for (let j = 0; j < units; j++) {
      const fired = figures.lastFiredStep[j]! >= 0 || !pretrained ? figures : pretrained;
      record.lastFiredStep[j] = fired.lastFiredStep[j]!;
      const updated = figures.maxUpdateStep[j]! >= 0 || !pretrained ? figures : pretrained;
      record.maxUpdate[j] = updated.maxUpdate[j]!;
      record.maxUpdateStep[j] = updated.maxUpdateStep[j]!;
    }
  }
}

function damaged(file: string, what: string): RunFolderError {
  return new RunFolderError(`${file} is damaged: ${what}.`, { code: "damaged", file });
}
