/** Invented figures and pictures of pre-training. Nothing here was measured: they only have plausible shapes. */
import type { LayerFigures } from "../../src/common/metrics.js";
import { filtersPerPage, type Pictures } from "../../src/common/pictures.js";
import type { PretrainLine, ReconstructionLine, RunPhase } from "../../src/common/run.js";

export interface PretrainingPlan {
  /** Of each layer. */
  epochs: number;
  layers: number;
  stepsPerEpoch: number;
}

/** Those that have begun. @param epoch of the run */
export function phasesUntil(epoch: number, { epochs, layers, stepsPerEpoch }: PretrainingPlan): RunPhase[] {
  const begun = Math.min(layers, Math.floor(epoch / epochs)) + 1;
  return Array.from({ length: begun }, (_, at) => ({
    name: at < layers ? `pre-training, layer ${at + 1}` : "training",
    step: at * epochs * stepsPerEpoch,
    epoch: at * epochs,
  }));
}

const costOf = (layer: number, epoch: number) =>
  (layer === 1 ? 9 : 2.5 * layer) + (layer === 1 ? 60 : 20) * Math.exp(-0.6 * epoch);

/** Of a layer, after so many epochs of its pre-training. */
export function sparsityAfter(layer: number, epoch: number): number {
  return 0.5 + (0.33 - 0.06 * layer) * (1 - Math.exp(-epoch / 2));
}

export function pretrainLines(until: number, plan: PretrainingPlan, noise: () => number): PretrainLine[] {
  const perEpoch = 100;
  const last = Math.min(until, plan.epochs * plan.layers);
  return Array.from({ length: Math.floor(last * perEpoch) }, (_, i): PretrainLine => {
    const epoch = (i + 1) / perEpoch;
    const layer = Math.min(plan.layers, Math.floor(i / perEpoch / plan.epochs) + 1);
    const own = epoch - (layer - 1) * plan.epochs;
    return {
      ...{ kind: "pretrain", set: "train", layer, epoch, step: Math.round(epoch * plan.stepsPerEpoch), n: 500 },
      loss: costOf(layer, own) * (1.08 + 0.25 * (noise() - 0.5)),
      sparsity: sparsityAfter(layer, own) + 0.01 * (noise() - 0.5),
      gradientNorm: 1,
    };
  });
}

/** @param figures of a layer after so many epochs of its pre-training */
export function reconstructions(
  until: number,
  plan: PretrainingPlan,
  figures: (layer: number, epoch: number) => LayerFigures,
): ReconstructionLine[] {
  const lines: ReconstructionLine[] = [];
  for (let layer = 1; layer <= plan.layers; layer++)
    for (let own = 0; own <= plan.epochs; own++) {
      const epoch = (layer - 1) * plan.epochs + own;
      if (epoch > until) return lines;
      const loss = costOf(layer, own);
      const place = { layer, epoch, step: epoch * plan.stepsPerEpoch, set: "valid" as const, n: 10_000 };
      const of = measuredAs(figures(layer, own), sparsityAfter(layer, own), own > 5 && layer === 1 ? 3 : 0);
      lines.push({ kind: "reconstruction", ...place, loss, cleanLoss: 0.8 * loss, figures: of });
    }
  return lines;
}

function measuredAs(figures: LayerFigures, sparsity: number, dead: number): LayerFigures {
  return figures.sparsity === null ? figures : { ...figures, sparsity, dead };
}

const side = 28;

/** Strokes as filters, rings and bars as examples. @param layers that have a decoder */
export function picturesOf(units: number, layers: number, from: number): Pictures {
  const count = Math.max(0, Math.min(filtersPerPage, units - from));
  const filters = new Int8Array(count * side * side);
  for (let f = 0; f < count; f++) {
    const unit = from + f;
    const [angle, across] = [unit * 0.7, 3 + (unit % 4)];
    const [cx, cy] = [8 + ((unit * 5) % 13), 8 + ((unit * 7) % 13)];
    image(
      (x, y) => {
        const [u, v] = [
          (x - cx) * Math.cos(angle) + (y - cy) * Math.sin(angle),
          (y - cy) * Math.cos(angle) - (x - cx) * Math.sin(angle),
        ];
        const wave = Math.cos((2 * Math.PI * u) / (2 * across)) * Math.exp(-(u * u + v * v) / 30);
        return 127 * (unit % 9 === 8 ? 0.5 * Math.sin(unit + 12.9 * x + 78.2 * y) : wave);
      },
      filters,
      f,
    );
  }
  const n = 10;
  const strip = (layer: number | null, change: (value: number, k: number) => number) => {
    const values = new Uint8Array(n * side * side);
    for (let example = 0; example < n; example++)
      image((x, y) => change(exampleAt(example, x, y), x * 31 + y * 17 + example * 7), values, example);
    return {
      layer,
      values: values.buffer as ArrayBuffer,
      error: layer === 0 ? 0 : layer === null ? 0.0261 : 0.0072 + 0.0034 * layer,
    };
  };
  const strips = [
    strip(0, (value) => value),
    strip(null, (value, k) => ((k * 2_654_435_761) % 97 < 24 ? 0 : value)),
    ...Array.from({ length: layers }, (_, l) =>
      strip(l + 1, (value, k) => value * (0.92 - 0.08 * l) + 5 * (l + 1) * ((k % 7) / 7)),
    ),
  ];
  return {
    ...{ rows: side, columns: side },
    filters: {
      units,
      from,
      values: filters.buffer as ArrayBuffer,
      largest: Array.from({ length: count }, (_, f) => 0.2 + (f % 5) / 10),
    },
    examples: { n, strips },
  };
}

function exampleAt(example: number, x: number, y: number): number {
  const radius = Math.hypot(x - 13.5, (y - 13.5) * (1 + 0.05 * example));
  const ring = Math.exp(-((radius - 4 - example * 0.5) ** 2) / 3);
  const bar = Math.exp(-((x - 13.5 - (y - 13.5) * (0.1 * example - 0.4)) ** 2) / 4) * (Math.abs(y - 13.5) < 9 ? 1 : 0);
  return 255 * Math.min(1, example % 2 ? bar : ring);
}

function image(value: (x: number, y: number) => number, to: Int8Array | Uint8Array, place: number): void {
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) to[place * side * side + y * side + x] = Math.round(value(x, y));
}
