/** A backend on kernels: Rectiscope's own, in this thread and its helpers, or those in TensorFlow.js' operations, in a process of theirs. */
import type { ExampleSet } from "../data/dataset.js";
import type { Kernels, StepSettings, UnitHistory } from "../kernels/kernels.js";
import type { OptimizerState } from "../kernels/optimizerState.js";
import { expectedStars } from "../network/expectedStars.js";
import type { Parameters } from "../network/network.js";
import { LayerStatistics } from "../sparsity/layerStatistics.js";
import type { Awaitable, Backend, Evaluation, StepResult } from "./backend.js";
import type { StoredArrays } from "./backendArrays.js";
import { KernelArrays } from "./kernelArrays.js";

/** Examples that are measured at a time. The figures do not depend on it. */
export const evaluationBatch = 100;
const turnMs = 40;

export class BuiltinBackend implements Backend {
  readonly name = "builtin";
  readonly arrays: StoredArrays | undefined;
  private readonly everyIndex: { set: ExampleSet; indices: Int32Array }[] = [];

  /** @param kernels with a capacity of at least `evaluationBatch` */
  constructor(private readonly kernels: Kernels) {
    this.arrays = kernels.rows && new KernelArrays(kernels.rows, kernels.shape);
  }

  load(parameters: Parameters): void {
    this.kernels.load(parameters);
  }

  read(): Parameters {
    return this.kernels.read();
  }

  loadOptimizerState(state: OptimizerState): void {
    this.kernels.loadOptimizerState(state);
  }

  readOptimizerState(): OptimizerState {
    return this.kernels.readOptimizerState();
  }

  loadHistory(history: UnitHistory[]): void {
    this.kernels.loadHistory(history);
  }

  readHistory(): UnitHistory[] {
    return this.kernels.readHistory();
  }

  trainStep(set: ExampleSet, indices: Int32Array, settings: StepSettings): StepResult {
    const { kernels } = this;
    if (isArrangingStep(settings.step)) kernels.arrange(set, sampleOf(set));
    kernels.gather(set, indices);
    kernels.step(indices.length, settings);
    const layers = kernels.shape.hidden.map((_, l) => l);
    return {
      size: indices.length,
      ...batchLoss(kernels, indices.length),
      activeCounts: layers.map((l) => kernels.activeCount(l)),
      gradientNorms: layers.map((l) => kernels.gradientNorm(l)),
      updateNorms: layers.map((l) => kernels.updateNorm(l)),
    };
  }

  async evaluate(set: ExampleSet, turn: (done: number) => Awaitable<void>): Promise<Evaluation> {
    const { kernels } = this;
    const result: Evaluation = {
      n: set.n,
      lossSum: 0,
      errors: 0,
      starSquares: set.stars ? 0 : null,
      layers: kernels.shape.hidden.map((u) => new LayerStatistics(u)),
    };
    const order = this.inOrder(set);
    let lastTurn = performance.now();
    for (let start = 0; start < set.n; start += evaluationBatch) {
      const indices = order.subarray(start, start + evaluationBatch);
      kernels.gather(set, indices);
      kernels.forward(indices.length);
      const { lossSum, errors } = batchLoss(kernels, indices.length);
      result.lossSum += lossSum;
      result.errors += errors;
      if (result.starSquares !== null) result.starSquares += starSquaresOf(kernels, indices.length);
      // the kernels keep this batch, in which the first overflow can be found
      if (!Number.isFinite(lossSum)) return result;
      result.layers.forEach((statistics, l) => {
        statistics.add(kernels.outputs(l), indices.length);
      });
      if (performance.now() - lastTurn > turnMs) {
        await turn(start + indices.length);
        lastTurn = performance.now();
      }
    }
    return result;
  }

  firstNonFiniteLayer(): number | null {
    const { hidden } = this.kernels.shape;
    for (let l = 0; l <= hidden.length; l++) {
      const { values } = this.kernels.outputs(l);
      if (!values.every(Number.isFinite)) return l + 1;
    }
    return null;
  }

  dispose(): void {
    this.kernels.dispose();
  }

  private inOrder(set: ExampleSet): Int32Array {
    const known = this.everyIndex.find((entry) => entry.set === set);
    if (known) return known.indices;
    const indices = Int32Array.from({ length: set.n }, (_, i) => i);
    this.everyIndex.push({ set, indices });
    return indices;
  }
}

/** Units are laid out anew before steps 256, 512, 1024, …: often while much changes, rarely later. */
function isArrangingStep(step: number): boolean {
  return step >= 256 && (step & (step - 1)) === 0;
}

/** Some hundred examples, evenly spaced. */
function sampleOf(set: ExampleSet): Int32Array {
  const n = Math.min(set.n, 512);
  return Int32Array.from({ length: n }, (_, k) => Math.floor((k * set.n) / n));
}

function starSquaresOf(kernels: Kernels, size: number): number {
  const { values, pitch, place } = kernels.outputs(kernels.shape.hidden.length);
  let sum = 0;
  for (let b = 0; b < size; b++) {
    const off = expectedStars(values, b * pitch, place) - (kernels.labels[b]! + 1);
    sum += off * off;
  }
  return sum;
}

function batchLoss({ losses, predicted, labels }: Kernels, size: number): { lossSum: number; errors: number } {
  let lossSum = 0;
  let errors = 0;
  for (let b = 0; b < size; b++) {
    lossSum += losses[b]!;
    if (predicted[b] !== labels[b]) errors++;
  }
  return { lossSum, errors };
}
