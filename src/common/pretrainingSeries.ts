/** The training lines of pre-training as the host keeps them, and the part of them that a view draws. */
import { packCurves } from "./curveFrames.js";
import type { PretrainLine } from "./run.js";
import { Series } from "./series.js";
import type { TrainingWindow, TrainLoss } from "./trainingSeries.js";

/** The pre-training's figures as a view gets them. */
export interface PretrainingView {
  /** common/curveFrames over epochs: of each hidden layer the reconstruction error, then its sparsity. */
  curves: ArrayBuffer;
  lines: number;
  lastEpoch: number;
  /** Of the layer whose line came last, where the lines end. */
  loss: (TrainLoss & { layer: number }) | null;
  /** That layer's, over its whole pre-training, in few points. */
  history: number[];
}

const columnsPerLayer = 2;
const historyPoints = 40;
/** Examples: a line may tell of a single mini-batch. */
const lossWindow = 1000;

export class PretrainingSeries {
  private readonly series: Series;
  private readonly places: { layer: number; step: number }[] = [];

  /** @param layers hidden ones */
  constructor(
    private readonly layers: number,
    lines: readonly PretrainLine[] = [],
  ) {
    this.series = new Series(columnsPerLayer * layers);
    for (const line of lines) this.append(line);
  }

  get length(): number {
    return this.places.length;
  }

  append({ layer, step, epoch, n, loss, sparsity }: PretrainLine): void {
    if (layer > this.layers) return;
    const values = new Array<number>(columnsPerLayer * this.layers).fill(Number.NaN);
    values[lossColumn(layer)] = loss;
    values[lossColumn(layer) + 1] = sparsity ?? Number.NaN;
    this.series.append(epoch, n, values);
    this.places.push({ layer, step });
  }

  /** Forgets what was told of this step of a layer's pre-training and later ones. */
  cutBack(from: { layer: number; step: number }): void {
    for (let last = this.places.at(-1); last && !isBefore(last, from); last = this.places.at(-1)) this.places.pop();
    this.series.cutBack(this.places.length);
  }

  view({ range, points }: TrainingWindow): PretrainingView {
    const all = Array.from({ length: columnsPerLayer * this.layers }, (_, column) => column);
    return {
      curves: packCurves(this.series.curves(range, points, all)),
      lines: this.length,
      lastEpoch: this.length > 0 ? this.series.xAt(this.length - 1) : 0,
      loss: this.lastLoss(),
      history: this.history(),
    };
  }

  private lastLoss(): PretrainingView["loss"] {
    const { layer } = this.places.at(-1) ?? {};
    if (layer === undefined) return null;
    let [sum, n] = [0, 0];
    for (let row = this.length - 1; row >= 0 && n < lossWindow && this.places[row]?.layer === layer; row--) {
      const weight = this.series.weightAt(row);
      sum += this.series.valueAt(row, lossColumn(layer)) * weight;
      n += weight;
    }
    return n > 0 ? { layer, mean: sum / n, n } : null;
  }

  private history(): number[] {
    const { layer } = this.places.at(-1) ?? {};
    if (layer === undefined) return [];
    const from = this.series.xAt(this.places.findIndex((place) => place.layer === layer));
    const range = [from, Number.POSITIVE_INFINITY] as const;
    const column = this.series.curves(range, historyPoints, [lossColumn(layer)]).columns[0];
    return [...(column?.means ?? [])].filter(Number.isFinite);
  }
}

/** Whether one place in a run's pre-training comes before another. */
export function isBefore(one: { layer: number; step: number }, other: { layer: number; step: number }): boolean {
  return one.layer < other.layer || (one.layer === other.layer && one.step < other.step);
}

function lossColumn(layer: number): number {
  return columnsPerLayer * (layer - 1);
}
