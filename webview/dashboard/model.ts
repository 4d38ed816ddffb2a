/** What the dashboard knows of a run, and what follows from it. No document, no drawing. */
import type { ClaimsView } from "../../src/common/claims.js";
import { unpackCurves } from "../../src/common/curveFrames.js";
import { isLive, type Response, type ToDashboard, type ToldEvaluation } from "../../src/common/messages.js";
import { pretrainedLayer } from "../../src/common/phases.js";
import { isBefore, type PretrainingView } from "../../src/common/pretrainingSeries.js";
import type { LayerShape, ReconstructionLine, ReviveLine, RunPhase, RunRecord, SetName } from "../../src/common/run.js";
import type { Curves } from "../../src/common/series.js";
import type { TrainingView } from "../../src/common/trainingSeries.js";
import { type Measured, measuredOf } from "./measured.js";

export type Update = Exclude<ToDashboard, Response>;

/** The training figures, as far as they are shown. */
export interface Training extends Omit<TrainingView, "curves" | "penalty"> {
  /** Over epochs: the loss, then each layer's sparsity where it was asked for. */
  curves: Curves;
  /** Over epochs: λ; null where it stays as the config says. */
  penalty: Curves | null;
}

/** The training figures of pre-training, as far as they are shown. */
export interface Pretraining extends Omit<PretrainingView, "curves"> {
  /** Over epochs: of each hidden layer the reconstruction error, then its sparsity. */
  curves: Curves;
}

const noCurves: Curves = { x: new Float64Array(), columns: [] };
const notPretrained: Pretraining = { curves: noCurves, lines: 0, lastEpoch: 0, loss: null, history: [] };

const untrained: Training = {
  curves: noCurves,
  penalty: null,
  lines: 0,
  lastEpoch: 0,
  loss: null,
  history: [],
};

/** The run as the host last told it. */
export class DashboardModel {
  folder = "";
  run: RunRecord | null = null;
  /** Why the run folder cannot be read; null while it can. */
  unreadable: string | null = null;
  training = untrained;
  pretraining = notPretrained;
  evaluations: ToldEvaluation[] = [];
  reconstructions: ReconstructionLine[] = [];
  revivals: ReviveLine[] = [];
  /** Null until the host has told. */
  claims: ClaimsView | null = null;
  /** Differ whenever training figures or evaluations do. */
  trainingRevision = 0;
  pretrainingRevision = 0;
  evaluationsRevision = 0;
  private shownCache: ToldEvaluation[] | null = null;
  private measuredCache: Measured[] | null = null;

  apply(update: Update): void {
    switch (update.type) {
      case "snapshot":
        if (this.folder !== update.folder) this.claims = null;
        this.folder = update.folder;
        this.unreadable = null;
        this.evaluations = [];
        this.reconstructions = [];
        this.revivals = [];
        this.pretraining = notPretrained;
        this.pretrainingRevision++;
        this.evaluationsChanged();
        this.take(update);
        break;
      case "frame":
        this.take(update);
        break;
      case "claims":
        this.claims = update.claims;
        break;
      case "unreadable":
        this.folder = update.folder;
        this.unreadable = update.message;
        break;
    }
  }

  get live(): boolean {
    return this.run !== null && isLive(this.run.state);
  }

  get hidden(): LayerShape[] {
    return this.run?.layers.filter((layer) => layer.activation !== "softmax") ?? [];
  }

  /** Null where the run does not tell, or where epochs of its phases have more or fewer steps than others. */
  get stepsPerEpoch(): number | null {
    const { totalSteps = 0, epochs = 0 } = this.run?.progress ?? {};
    if (totalSteps <= 0 || epochs <= 0) return null;
    const steps = totalSteps / epochs;
    const phases = this.run?.phases ?? [];
    return phases.every(({ step, epoch }) => Math.abs(step - epoch * steps) < 0.5) ? steps : null;
  }

  /** Whether layers are pre-trained in this run. */
  get pretrains(): boolean {
    return this.run?.phases?.some(({ name }) => pretrainedLayer(name) !== null) ?? false;
  }

  /** All moments at which something was measured, in the order of the run. */
  get measured(): readonly Measured[] {
    this.measuredCache ??= measuredOf(this.reconstructions, this.shown);
    return this.measuredCache;
  }

  /** The last of them. */
  get newest(): Measured | null {
    return this.measured.at(-1) ?? null;
  }

  /** The set whose figures are shown: validation when there is one, else what there is. */
  get shownSet(): SetName {
    return this.shown[0]?.set ?? "valid";
  }

  /** Evaluations on the shown set, by step. */
  get shown(): readonly ToldEvaluation[] {
    this.shownCache ??= shownOf(this.evaluations);
    return this.shownCache;
  }

  get latest(): ToldEvaluation | null {
    return this.shown.at(-1) ?? null;
  }

  /** The first of the evaluations with the lowest error. */
  get best(): ToldEvaluation | null {
    return this.shown.reduce<ToldEvaluation | null>(
      (best, line) => (best && best.error <= line.error ? best : line),
      null,
    );
  }

  /** Where every chart's epoch axis ends: the next round number while training, else the last epoch. */
  get lastEpoch(): number {
    const reached = Math.max(
      this.training.lastEpoch,
      this.pretraining.lastEpoch,
      this.evaluations.at(-1)?.epoch ?? 0,
      this.reconstructions.at(-1)?.epoch ?? 0,
    );
    if (!this.live) return reached > 0 ? reached : 1;
    return Math.min(nextRound(reached), Math.max(1, Math.ceil(this.run?.progress.epochs ?? 1)));
  }

  /** None unless there are several: a run of one phase needs no marks. */
  get phases(): readonly RunPhase[] {
    const { phases = [] } = this.run ?? {};
    return phases.length > 1 ? phases : [];
  }

  private take({
    run,
    training,
    evaluations,
    pretraining,
    reconstructions,
    revivals,
  }: Extract<Update, { run: RunRecord }>): void {
    this.run = run;
    const { curves, penalty } = training;
    this.training = { ...training, curves: unpackCurves(curves), penalty: penalty ? unpackCurves(penalty) : null };
    if (revivals) this.revivals = revivals;
    this.trainingRevision++;
    if (pretraining) {
      this.pretrainingRevision++;
      this.pretraining = { ...pretraining, curves: unpackCurves(pretraining.curves) };
    }
    for (const line of reconstructions ?? []) this.addReconstruction(line);
    for (const line of evaluations) this.addEvaluation(line);
  }

  /** One line a step and set: a run that goes on may tell the newest again. */
  private addEvaluation(line: ToldEvaluation): void {
    const { evaluations } = this;
    const same = evaluations.findLastIndex((other) => other.step <= line.step && other.set === line.set);
    if (evaluations[same]?.step === line.step) evaluations[same] = line;
    else evaluations.push(line);
    const previous = evaluations.at(-2);
    if (previous && previous.step > line.step) evaluations.sort((a, b) => a.step - b.step);
    this.evaluationsChanged();
  }

  /** In their order; a run that goes on tells some again. */
  private addReconstruction(line: ReconstructionLine): void {
    const { reconstructions } = this;
    for (let last = reconstructions.at(-1); last && !isBefore(last, line); last = reconstructions.at(-1))
      reconstructions.pop();
    reconstructions.push(line);
    this.evaluationsChanged();
  }

  private evaluationsChanged(): void {
    this.evaluationsRevision++;
    this.measuredCache = null;
    this.shownCache = null;
  }
}

/** Whether a run is still in its pre-training, or ended there. */
export function isPretraining({ run }: DashboardModel): boolean {
  return pretrainedLayer(run?.phases?.at(-1)?.name ?? "") !== null;
}

function shownOf(evaluations: readonly ToldEvaluation[]): ToldEvaluation[] {
  for (const set of ["valid", "test", "train"] as const) {
    const lines = evaluations.filter((line) => line.set === set);
    if (lines.length > 0) return lines;
  }
  return [];
}

/** 1, 2, 5, 10, 15, 20, … and from 50 on in steps of a fifth of the decade, so that the axis rarely moves. */
function nextRound(epoch: number): number {
  if (epoch <= 1) return 1;
  if (epoch <= 2) return 2;
  if (epoch <= 5) return 5;
  const grain = epoch <= 50 ? 5 : 10 ** Math.floor(Math.log10(epoch)) / 5;
  return Math.ceil(epoch / grain) * grain;
}
