/** The dead units of a run at its last evaluation, as its folder has them. */
import { readdir } from "node:fs/promises";
import path from "node:path";
import type { RunRecord } from "../../common/run.js";
import { hasExactZeros } from "../../common/units.js";
import { loadUnitReader } from "../engine.js";

export interface DeadUnits {
  /** Of the evaluation. */
  step: number;
  /** Of each hidden layer its dead units, in their order; none of layers whose units have no exact zeros. */
  layers: number[][];
}

/** The step of the last evaluation; null where there is none yet. */
export async function lastMeasuredStep(folder: string): Promise<number | null> {
  const files = await readdir(path.join(folder, "units")).catch(() => []);
  const steps = files.flatMap((file) => (/^\d{1,15}\.safetensors$/.test(file) ? [Number.parseInt(file, 10)] : []));
  return steps.length > 0 ? Math.max(...steps) : null;
}

/** Null where there is no evaluation, or none that can be read. */
export async function deadUnitsOf(folder: string, { layers }: RunRecord): Promise<DeadUnits | null> {
  const step = await lastMeasuredStep(folder);
  if (step === null) return null;
  const { readUnits } = await loadUnitReader();
  const figures = await readUnits(folder, step).catch(() => null);
  if (!figures) return null;
  const defined = (l: number) => {
    const activation = layers[l]?.activation;
    return activation !== undefined && activation !== "softmax" && hasExactZeros(activation);
  };
  const deadOf = (frequencies: ArrayLike<number>) =>
    Array.from(frequencies).flatMap((frequency, unit) => (frequency === 0 ? [unit] : []));
  return { step, layers: figures.map(({ firingFrequency }, l) => (defined(l) ? deadOf(firingFrequency) : [])) };
}
