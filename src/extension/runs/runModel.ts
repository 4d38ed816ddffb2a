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
      case "frame":
        this.train.push(...unpackTrainLines(message.lines));
        this.record = { ...this.record, progress: message.progress };
        break;
      case "evaluation":
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
