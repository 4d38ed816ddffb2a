/** What the dashboard knows of a run, and what follows from it. No document, no drawing. */
import { unpackTrainLines } from "../../src/common/frames.js";
import { isLive, type Response, type ToDashboard } from "../../src/common/messages.js";
import type { EvalLine, LayerShape, RunRecord, SetName, TrainLine } from "../../src/common/run.js";

export type Update = Exclude<ToDashboard, Response>;

/** The run as the host last told it. */
export class DashboardModel {
  folder = "";
  run: RunRecord | null = null;
  /** Why the run folder cannot be read; null while it can. */
  unreadable: string | null = null;
  lines: TrainLine[] = [];
  evaluations: EvalLine[] = [];
  /** Differ whenever lines or evaluations do. */
  linesRevision = 0;
  evaluationsRevision = 0;
  private shownCache: EvalLine[] | null = null;

  apply(update: Update): void {
    switch (update.type) {
      case "snapshot":
        this.folder = update.folder;
        this.run = update.run;
        this.unreadable = null;
        this.lines = unpackTrainLines(update.lines);
        this.linesRevision++;
        this.evaluations = [];
        this.evaluationsChanged();
        for (const line of update.evaluations) this.addEvaluation(line);
        break;
      case "frame":
        this.addLines(unpackTrainLines(update.lines));
        if (this.run) this.run = { ...this.run, progress: update.progress };
        break;
      case "evaluation":
        this.addEvaluation(update.line);
        break;
      case "run":
        this.run = update.run;
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

  /** Null where the run does not tell. */
  get stepsPerEpoch(): number | null {
    const { totalSteps = 0, epochs = 0 } = this.run?.progress ?? {};
    return totalSteps > 0 && epochs > 0 ? totalSteps / epochs : null;
  }

  /** The set whose figures are shown: validation when there is one, else what there is. */
  get shownSet(): SetName {
    return this.shown[0]?.set ?? "valid";
  }

  /** Evaluations on the shown set, by step. */
  get shown(): readonly EvalLine[] {
    this.shownCache ??= shownOf(this.evaluations);
    return this.shownCache;
  }

  get latest(): EvalLine | null {
    return this.shown.at(-1) ?? null;
  }

  /** The first of the evaluations with the lowest error. */
  get best(): EvalLine | null {
    return this.shown.reduce<EvalLine | null>((best, line) => (best && best.error <= line.error ? best : line), null);
  }

  /** Where every chart's epoch axis ends: the next round number while training, else the last epoch. */
  get lastEpoch(): number {
    const reached = Math.max(0, this.lines.at(-1)?.epoch ?? 0, this.evaluations.at(-1)?.epoch ?? 0);
    if (!this.live) return reached > 0 ? reached : 1;
    return Math.min(nextRound(reached), Math.max(1, Math.ceil(this.run?.progress.epochs ?? 1)));
  }

  private addLines(lines: TrainLine[]): void {
    const last = this.lines.at(-1)?.step ?? -1;
    for (const line of lines) if (line.step > last) this.lines.push(line);
    this.linesRevision++;
  }

  /** One line a step and set: a snapshot and a message may both carry the newest. */
  private addEvaluation(line: EvalLine): void {
    const { evaluations } = this;
    const same = evaluations.findLastIndex((other) => other.step <= line.step && other.set === line.set);
    if (evaluations[same]?.step === line.step) evaluations[same] = line;
    else evaluations.push(line);
    const previous = evaluations.at(-2);
    if (previous && previous.step > line.step) evaluations.sort((a, b) => a.step - b.step);
    this.evaluationsChanged();
  }

  private evaluationsChanged(): void {
    this.evaluationsRevision++;
    this.shownCache = null;
  }
}

function shownOf(evaluations: readonly EvalLine[]): EvalLine[] {
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
