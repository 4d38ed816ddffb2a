/** A sweep beside the paper's result that it repeats, as its page, the command line and the documents show it; computed in engine/studies. */
import type { DatasetName } from "./experiment.js";
import type { PublishedRow, RowTraits, Study } from "./studies.js";
import type { Params } from "./sweepRecord.js";
import type { MeanFigure } from "./sweepSummary.js";
import type { Activation } from "./units.js";

/** A way in which the trials differ from the paper's protocol. */
export type Deviation =
  | { kind: "dataset"; ours: DatasetName; ourExamples: number | null; paper: string; paperExamples: number }
  | { kind: "hidden"; ours: number[][]; paper: readonly number[] }
  | { kind: "epochs"; least: number; most: number; paper: number }
  | { kind: "pretrainingEpochs"; least: number; most: number; paper: number }
  | { kind: "shortSearch"; search: number; final: number }
  | { kind: "rates"; ours: number[]; paper: readonly number[] }
  | { kind: "oneRate"; ours: number; paper: readonly number[] }
  | { kind: "batchSize"; ours: number[]; paper: number }
  | { kind: "optimizer"; ours: string[] }
  | { kind: "penalty"; unit: Activation; ours: number[]; paper: number }
  | { kind: "signs"; ours: string[] }
  | { kind: "targetSparsity" }
  | { kind: "revive" }
  | { kind: "warmStart" }
  | { kind: "labels"; ours: number[] }
  | { kind: "sharpness"; ours: number[] }
  | { kind: "corruption"; ours: number[]; paper: number }
  | { kind: "networks"; ours: number; paper: number }
  | { kind: "oneSeed" }
  /** Networks that were never better than before training, and are in no row. */
  | { kind: "notLearnt"; trials: number[] }
  | { kind: "folds"; ours: number | null; paper: number };

export interface StudyRow extends PublishedRow {
  /** Over seeds and folds, and where the row is a mean over several data sets over these; null before any is done. */
  ours: MeanFigure | null;
  /** Exact zeros of these networks. */
  zeros: number | null;
  /** Values of the trials that were chosen by validation error; empty where there was nothing to choose. */
  chosen: Params;
  /** Numbers of the trials that `ours` is of. */
  trials: number[];
  /** Trials of the row that have finished, of how many; 0 of 0 where the sweep has none for it. Of a band of zeros: of all networks. */
  done: number;
  of: number;
}

export interface StudyReport extends Pick<Study, "id" | "source" | "figure"> {
  rows: StudyRow[];
  deviations: Deviation[];
}

/** Are the rows ranges of zeros? Then no network is chosen: all count. */
export function hasBands(rows: readonly RowTraits[]): boolean {
  return rows.some(({ band }) => band);
}
