/** One run in memory: its record and all its figures so far. The host owns the data; views only show it. */
import { unpackTrainLines } from "../../common/frames.js";
import type { FromWorker, ToldEvaluation } from "../../common/messages.js";
import { isBefore, PretrainingSeries } from "../../common/pretrainingSeries.js";
import type {
  EvalLine,
  PretrainingLine,
  ReconstructionLine,
  ReviveLine,
  RunRecord,
  TrainLine,
} from "../../common/run.js";
import { TrainingSeries } from "../../common/trainingSeries.js";

export class RunModel {
  /** At most `limits.trainLines` of a run of ours. */
  readonly training: TrainingSeries;
  readonly pretraining: PretrainingSeries;
  /** How well the layers that were pre-trained reconstruct. */
  readonly reconstructions: ReconstructionLine[] = [];

  constructor(
    readonly folder: string,
    public record: RunRecord,
    train: readonly TrainLine[] = [],
    readonly evaluations: EvalLine[] = [],
    pretraining: readonly PretrainingLine[] = [],
    readonly revivals: ReviveLine[] = [],
  ) {
    const layers = Math.max(0, record.layers.length - 1);
    this.training = new TrainingSeries(layers, train);
    this.pretraining = new PretrainingSeries(layers);
    for (const line of pretraining) this.addPretraining(line);
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
      case "revival":
        while ((this.revivals.at(-1)?.step ?? -1) >= message.line.step) this.revivals.pop();
        this.revivals.push(message.line);
        break;
      case "phase":
        this.record = { ...this.record, phases: message.phases };
        break;
      case "pretraining": {
        this.cutBackPretraining(message.lines);
        for (const line of message.lines) this.addPretraining(line);
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

  private addPretraining(line: PretrainingLine): void {
    if (line.kind === "pretrain") this.pretraining.append(line);
    else this.reconstructions.push(line);
  }

  /** A run that goes on does some steps of its pre-training again. */
  private cutBackPretraining(lines: readonly PretrainingLine[]): void {
    const [trained, measured] = (["pretrain", "reconstruction"] as const).map((kind) =>
      lines.find((line) => line.kind === kind),
    );
    if (trained) this.pretraining.cutBack(trained);
    const { reconstructions } = this;
    if (!measured) return;
    for (let last = reconstructions.at(-1); last && !isBefore(last, measured); last = reconstructions.at(-1))
      reconstructions.pop();
  }

  private cutBackEvaluations(step: number): void {
    while ((this.evaluations.at(-1)?.step ?? -1) >= step) this.evaluations.pop();
  }
}
