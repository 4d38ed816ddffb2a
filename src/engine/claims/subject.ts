/** What claims are checked on: a trained network and its data, in memory. */
import type { ClaimFigures, ClaimName } from "../../common/claims.js";
import type { Optimizer } from "../../common/optimizers.js";
import { evaluationBatch } from "../backends/builtin.js";
import type { ExampleSet } from "../data/dataset.js";
import type { Kernels } from "../kernels/kernels.js";
import type { NetworkShape, Parameters } from "../network/network.js";
import type { Random } from "../network/random.js";
import { LayerStatistics } from "../sparsity/layerStatistics.js";
import { ActiveSets } from "./activeSets.js";
import type { Pace } from "./pace.js";

export interface Subject {
  shape: NetworkShape;
  /** As trained, and as drawn from the seed; the latter is null where the run began with another network. */
  parameters: Parameters;
  initial: Parameters | null;
  train: ExampleSet;
  valid: ExampleSet;
  /** Of the run's mini-batches. */
  batchSize: number;
  /** For networks of this shape; whoever uses them loads parameters first. */
  kernels: Kernels;
  makeKernels(shape: NetworkShape, optimizer?: Optimizer): Kernels;
  /** The trained network on the validation set. */
  measured: MeasuredSet;
  /** A stream of random numbers for one use, the same every time. */
  random(use: string): Random;
}

/** @returns whether the claim holds, and by which figures */
export type Check<Name extends ClaimName> = (
  subject: Subject,
  pace: Pace,
) => Promise<{ holds: boolean; figures: ClaimFigures[Name] }>;

export interface MeasuredSet {
  sets: ActiveSets;
  /** Of each hidden layer. */
  statistics: LayerStatistics[];
  /** Share of wrong predictions. */
  error: number;
}

/** One pass over a set with the parameters that the kernels hold. @param n only the first so many examples */
export async function measureSet(kernels: Kernels, set: ExampleSet, pace: Pace, n = set.n): Promise<MeasuredSet> {
  const { hidden } = kernels.shape;
  const sets = new ActiveSets(hidden, n);
  const statistics = hidden.map((units) => new LayerStatistics(units));
  let errors = 0;
  for (let first = 0; first < n; first += evaluationBatch) {
    const size = Math.min(evaluationBatch, n - first);
    kernels.gather(
      set,
      Int32Array.from({ length: size }, (_, b) => first + b),
    );
    kernels.forward(size);
    for (const layer of hidden.keys()) {
      sets.record(layer, kernels.outputs(layer), first, size);
      statistics[layer]!.add(kernels.outputs(layer), size);
    }
    for (let b = 0; b < size; b++) if (kernels.predicted[b] !== kernels.labels[b]) errors++;
    await pace.turn((first + size) / n);
  }
  return { sets, statistics, error: errors / n };
}
