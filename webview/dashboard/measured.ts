/** The moments of a run at which it was measured: in pre-training by how a layer reconstructs, in training by an evaluation. */
import type { ToldEvaluation } from "../../src/common/messages.js";
import type { LayerFigures } from "../../src/common/metrics.js";
import type { ReconstructionLine, SetName } from "../../src/common/run.js";
import type { TrainLoss } from "../../src/common/trainingSeries.js";
import type { MomentKey } from "./viewState.js";

export interface Measured {
  step: number;
  epoch: number;
  set: SetName;
  n: number;
  /** Absent in pre-training. */
  error?: number;
  /** Of labels that are stars. */
  rmse?: number;
  trainLoss: TrainLoss | null;
  /** Of each hidden layer; in pre-training those below stay as they were last measured, and those above have none. */
  layers: readonly (LayerFigures | undefined)[];
  /** Absent in training. */
  reconstruction?: ReconstructionLine;
}

/** Two layers are measured at the step where one ends and the next begins. */
export function keyOf({ step, reconstruction }: Measured): MomentKey {
  return reconstruction ? `${step}/${reconstruction.layer}` : step;
}

/** Whether a layer was measured at that moment, and not only before. */
export function isOf({ reconstruction }: Measured, layer: number): boolean {
  return !reconstruction || reconstruction.layer === layer;
}

/** In the order of the run. */
export function measuredOf(lines: readonly ReconstructionLine[], evaluations: readonly ToldEvaluation[]): Measured[] {
  const latest: (LayerFigures | undefined)[] = [];
  const pretrained = lines.map((line): Measured => {
    const { step, epoch, set, n, figures, layer } = line;
    latest[layer - 1] = figures;
    return { step, epoch, set, n, trainLoss: null, layers: [...latest], reconstruction: line };
  });
  return [...pretrained, ...evaluations];
}
