/** One run in memory: its record and all its figures so far. The host owns the data; views only show it. */
import { packTrainLines, unpackTrainLines } from "../../common/frames.js";
import type { FromWorker, ToDashboard } from "../../common/messages.js";
import type { EvalLine, RunRecord, TrainLine } from "../../common/run.js";

export class RunModel {
  constructor(
    readonly folder: string,
    public record: RunRecord,
    /** At most `limits.trainLines`, by the worker's design. */
    readonly train: TrainLine[] = [],
    readonly evaluations: EvalLine[] = [],
  ) {}

  get hiddenLayers(): number {
    return Math.max(0, this.record.layers.length - 1);
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
        if (first) cutBack(this.train, first.step);
        this.train.push(...lines);
        this.record = { ...this.record, progress: message.progress };
        break;
      }
      case "evaluation":
        // the test set's, at a run's end, is told at the step of the best checkpoint
        if (message.line.set !== "test") cutBack(this.evaluations, message.line.step);
        this.evaluations.push(message.line);
        break;
      case "ended":
        if (message.run) this.record = message.run;
        break;
    }
  }

  snapshot(): Extract<ToDashboard, { type: "snapshot" }> {
    return {
      type: "snapshot",
      run: this.record,
      folder: this.folder,
      lines: packTrainLines(this.train, this.hiddenLayers),
      evaluations: this.evaluations,
    };
  }
}

/** A run that goes on does some steps again, which it may have told, or written, before. */
function cutBack(lines: { step: number }[], step: number): void {
  while ((lines.at(-1)?.step ?? -1) >= step) lines.pop();
}
