/** The training lines of a run as the host keeps them, and the part of them that a view draws. */
import { packCurves } from "./curveFrames.js";
import type { TrainLine } from "./run.js";
import { Series } from "./series.js";

/** What a view has room for. */
export interface TrainingWindow {
  /** Epochs; null for all. */
  range: readonly [from: number, to: number] | null;
  /** Points a curve. */
  points: number;
  /** Whether it draws the layers' curves. */
  layers: boolean;
}

/** Most points that a view may ask for: more than screens have. */
export const mostPoints = 10_000;

export interface TrainLoss {
  mean: number;
  /** Examples it is the mean of. */
  n: number;
}

/** The training figures as a view gets them. */
export interface TrainingView {
  /** common/curveFrames over epochs: the loss, then, where they were asked for, each layer's sparsity. */
  curves: ArrayBuffer;
  /** Likewise of λ; absent where it stays as the config says. */
  penalty?: ArrayBuffer;
  /** Lines recorded so far, and the epoch of the last. */
  lines: number;
  lastEpoch: number;
  /** At the end. */
  loss: TrainLoss | null;
  /** The loss over the whole run, in few points. */
  history: number[];
}

const lossColumn = 0;
const penaltyColumn = 1;
/** Those before the layers'. */
const fixedColumns = 2;
const historyPoints = 40;
/** Examples. A line may tell of a single mini-batch, whose loss says little. */
const lossWindow = 1000;

export class TrainingSeries {
  private readonly series: Series;
  private readonly steps: number[] = [];
  /** Whether any line told of λ. */
  private movesPenalty = false;

  /** @param layers hidden ones */
  constructor(
    private readonly layers: number,
    lines: readonly TrainLine[] = [],
  ) {
    this.series = new Series(fixedColumns + layers);
    for (const line of lines) this.append(line);
  }

  get length(): number {
    return this.steps.length;
  }

  append({ step, epoch, n, loss, l1, layers }: TrainLine): void {
    const sparsities = Array.from({ length: this.layers }, (_, l) => layers[l]?.sparsity ?? Number.NaN);
    this.series.append(epoch, n, [loss, l1 ?? Number.NaN, ...sparsities]);
    this.movesPenalty ||= l1 !== undefined;
    this.steps.push(step);
  }

  /** Forgets what was told of this step and later ones. */
  cutBack(step: number): void {
    while ((this.steps.at(-1) ?? -1) >= step) this.steps.pop();
    this.series.cutBack(this.steps.length);
  }

  /** The loss where the lines up to a step end: over at least lossWindow examples, as far as there are so many. */
  lossAt(step: number): TrainLoss | null {
    let sum = 0;
    let n = 0;
    for (let row = this.linesUntil(step) - 1; row >= 0 && n < lossWindow; row--) {
      const weight = this.series.weightAt(row);
      sum += this.series.valueAt(row, lossColumn) * weight;
      n += weight;
    }
    return n > 0 ? { mean: sum / n, n } : null;
  }

  view({ range, points, layers }: TrainingWindow): TrainingView {
    const ofLayers = layers ? Array.from({ length: this.layers }, (_, l) => fixedColumns + l) : [];
    const columns = [lossColumn, ...ofLayers];
    const history = this.series.curves(null, historyPoints, [lossColumn]).columns[0]?.means ?? [];
    return {
      curves: packCurves(this.series.curves(range, points, columns)),
      ...(this.movesPenalty && { penalty: packCurves(this.series.curves(range, points, [penaltyColumn])) }),
      lines: this.length,
      lastEpoch: this.length > 0 ? this.series.xAt(this.length - 1) : 0,
      loss: this.lossAt(Number.POSITIVE_INFINITY),
      history: [...history].filter(Number.isFinite),
    };
  }

  /** How many lines end at or before a step. */
  private linesUntil(step: number): number {
    let low = 0;
    let high = this.steps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.steps[middle] as number) <= step) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
