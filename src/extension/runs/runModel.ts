/** One run in memory: its record and all its figures so far. The host owns the data; views only show it. */
import { unpackTrainLines } from "../../common/frames.js";
import type { FromWorker, ToldEvaluation } from "../../common/messages.js";
import type { EvalLine, PretrainingLine, RunRecord, TrainLine } from "../../common/run.js";
import { TrainingSeries } from "../../common/trainingSeries.js";

export class RunModel {
  /** At most `limits.trainLines` of a run of ours. */
  readonly training: TrainingSeries;

  constructor(
    readonly folder: string,
    public record: RunRecord,
    train: readonly TrainLine[] = [],
    readonly evaluations: EvalLine[] = [],
    readonly pretraining: PretrainingLine[] = [],
  ) {
    this.training = new TrainingSeries(Math.max(0, record.layers.length - 1), train);
  }

  get latestEvaluation(): EvalLine | undefined {
    return this.evaluations.at(-1);
  }

  apply(message: FromWorker): void {
    switch (message.type) {
      case "started":
        this.record = message.run;
        break;
      case "frame": {
        const lines = unpackTrainLines(message.lines);
        const [first] = lines;
        // a run that goes on does some steps again, which it may have told, or written, before
        if (first) this.training.cutBack(first.step);
        for (const line of lines) this.training.append(line);
        this.record = { ...this.record, progress: message.progress };
        break;
      }
      case "evaluation":
        // the test set's, at a run's end, is told at the step of the best checkpoint
        if (message.line.set !== "test") this.cutBackEvaluations(message.line.step);
        this.evaluations.push(message.line);
        break;
      case "phase":
        this.record = { ...this.record, phases: message.phases };
        break;
      case "pretraining": {
        const [first] = message.lines;
        if (first) this.cutBackPretraining(first);
        this.pretraining.push(...message.lines);
        this.record = { ...this.record, progress: message.progress };
        break;
      }
      case "ended":
        if (message.run) this.record = message.run;
        break;
    }
  }

  /** Evaluations as views get them. */
  told(evaluations: readonly EvalLine[]): ToldEvaluation[] {
    return evaluations.map((line) => ({ ...line, trainLoss: this.training.lossAt(line.step) }));
  }

  /** A run that goes on does some steps again; where one layer ends and the next begins is the same step. */
  private cutBackPretraining({ kind, layer, step }: PretrainingLine): void {
    for (;;) {
      const last = this.pretraining.at(-1);
      if (!last || last.layer < layer || (last.layer === layer && last.step < step)) return;
      if (last.layer === layer && last.step === step && last.kind !== kind && kind === "reconstruction") return;
      this.pretraining.pop();
    }
  }

  private cutBackEvaluations(step: number): void {
    while ((this.evaluations.at(-1)?.step ?? -1) >= step) this.evaluations.pop();
  }
}
