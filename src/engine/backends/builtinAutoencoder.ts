/** Auto-encoders on Rectiscope's own kernels. The layers below have kernels of their own and are computed anew for each mini-batch. */
import { type ExampleSet, writeExample } from "../data/dataset.js";
import type { Kernels, StepSettings, UnitHistory } from "../kernels/kernels.js";
import type { Objective } from "../kernels/objective.js";
import { initialLayer } from "../network/initialise.js";
import type { LayerParameters, NetworkShape, Parameters } from "../network/network.js";
import { Random } from "../network/random.js";
import { LayerStatistics } from "../sparsity/layerStatistics.js";
import { corrupt, noiseStream } from "../training/corruption.js";
import type { LayerPlan } from "../training/layerPlan.js";
import type { Autoencoder, ReconstructionEvaluation } from "./autoencoder.js";
import type { Awaitable, StepResult } from "./backend.js";
import { evaluationBatch } from "./builtin.js";

const turnMs = 40;

/** The network of a layer's auto-encoder. @param shape of the whole network */
export function autoencoderShape(plan: LayerPlan, shape: NetworkShape): NetworkShape {
  const inputs = [shape.inputs, ...shape.hidden][plan.layer - 1] as number;
  return { ...shape, inputs, hidden: [shape.hidden[plan.layer - 1] as number], classes: inputs };
}

/**
 * The network that gives a layer's input, null for the first layer: the layers below, with an output that nobody asks for; where what goes
 * into the units is to be reconstructed, the last layer is that output.
 */
export function shapeBelow({ layer, target }: LayerPlan, shape: NetworkShape): NetworkShape | null {
  const hidden = shape.hidden.slice(0, layer - 1);
  if (hidden.length === 0) return null;
  return target === "preActivation"
    ? { ...shape, hidden: hidden.slice(0, -1), classes: hidden.at(-1) as number }
    : { ...shape, hidden, classes: 1 };
}

export function objectiveOf({ decoder, tied }: LayerPlan): Objective {
  return { kind: "reconstruction", decoder, tied };
}

export class BuiltinAutoencoder implements Autoencoder {
  private scale = 1;
  /** Of the units below; empty for the first layer. */
  private signs: Float32Array = new Float32Array(0);

  /**
   * @param kernels of autoencoderShape, with a capacity of at least `evaluationBatch`
   * @param below of shapeBelow, with the same capacity
   */
  constructor(
    private readonly plan: LayerPlan,
    private readonly kernels: Kernels,
    private readonly below: Kernels | null,
    private readonly seed: number,
  ) {}

  loadBelow(parameters: Parameters): void {
    const { below, plan } = this;
    if (!below) return;
    const layers = parameters.slice(0, plan.layer - 1);
    const last = layers.at(-1) as LayerParameters;
    this.signs = last.signs ?? this.signs;
    // either the sums of the last layer are the output, or one that nobody asks for
    const output = plan.target === "preActivation" ? last : initialLayer(below.shape, 0, below.shape.hidden.length);
    below.load([...layers.slice(0, below.shape.hidden.length), { ...output, signs: null }]);
  }

  setScale(scale: number): void {
    this.scale = scale;
  }

  async greatestInput(set: ExampleSet, turn: () => Awaitable<void>): Promise<number> {
    const { inputs } = this.kernels;
    let greatest = 0;
    await this.eachBatch(set, turn, (indices) => {
      this.gather(set, indices, 1);
      for (let b = 0; b < indices.length; b++)
        for (let i = 0; i < this.kernels.shape.inputs; i++)
          greatest = Math.max(greatest, Math.abs(inputs.values[b * inputs.pitch + i]!));
    });
    return greatest;
  }

  load(parameters: Parameters): void {
    this.kernels.load(parameters);
  }

  read(): Parameters {
    return this.kernels.read();
  }

  loadHistory(history: UnitHistory[]): void {
    this.kernels.loadHistory(history);
  }

  readHistory(): UnitHistory[] {
    return this.kernels.readHistory();
  }

  trainStep(set: ExampleSet, indices: Int32Array, settings: StepSettings): StepResult {
    const { kernels, plan } = this;
    this.gather(set, indices, this.scale);
    this.corrupt(indices.length, noiseStream(plan.layer, settings.step));
    kernels.step(indices.length, settings);
    return {
      size: indices.length,
      lossSum: this.lossSum(indices.length),
      errors: 0,
      activeCounts: [kernels.activeCount(0)],
      gradientNorms: [kernels.gradientNorm(0)],
      updateNorms: [kernels.updateNorm(0)],
    };
  }

  async evaluate(set: ExampleSet, turn: () => Awaitable<void>): Promise<ReconstructionEvaluation> {
    const { kernels, plan } = this;
    const layer = new LayerStatistics(kernels.shape.hidden[0] as number);
    const result = { n: set.n, lossSum: 0, cleanLossSum: 0, layer };
    let start = 0;
    await this.eachBatch(set, turn, (indices) => {
      this.gather(set, indices, this.scale);
      kernels.forward(indices.length);
      result.cleanLossSum += this.lossSum(indices.length);
      layer.add(kernels.outputs(0), indices.length);
      this.corrupt(indices.length, noiseStream(plan.layer, `${set.name}/${start}`));
      kernels.forward(indices.length);
      result.lossSum += this.lossSum(indices.length);
      start += indices.length;
    });
    return result;
  }

  dispose(): void {
    this.kernels.dispose();
    this.below?.dispose();
  }

  /** Writes the layer's inputs and targets for the named examples, not corrupted. */
  private gather(set: ExampleSet, indices: Int32Array, scale: number): void {
    const { kernels, below } = this;
    kernels.useInputs();
    if (below) {
      below.gather(set, indices);
      // its output has no labels to be right about
      below.labels.fill(0);
      below.forward(indices.length);
      for (let b = 0; b < indices.length; b++) this.takeBelow(b, scale);
      return;
    }
    const { inputs, targets, shape } = kernels;
    for (let b = 0; b < indices.length; b++) {
      writeExample(set.inputs, indices[b]!, shape.inputs, inputs.values, b * inputs.pitch);
      for (let i = 0; i < shape.inputs; i++) {
        const x = inputs.values[b * inputs.pitch + i]! / scale;
        inputs.values[b * inputs.pitch + i] = x;
        targets.values[b * targets.pitch + i] = x;
      }
    }
  }

  /** What the layer below puts out for example b of its batch: masked, as the encoder sees it, and as it is to be reconstructed. */
  private takeBelow(b: number, scale: number): void {
    const { kernels, plan, signs } = this;
    const below = this.below as Kernels;
    const { inputs, targets } = kernels;
    const units = signs.length;
    const { values, pitch, place } = below.outputs(plan.layer - 2);
    for (let j = 0; j < units; j++) {
      const value = values[b * pitch + place[j]!]!;
      const output = plan.target === "preActivation" ? signs[j]! * Math.max(0, value) : value;
      const wanted = plan.target === "unmasked" ? signs[j]! * value : value;
      inputs.values[b * inputs.pitch + j] = output / scale;
      targets.values[b * targets.pitch + j] = plan.shifted ? (wanted / scale + 1) / 2 : wanted / scale;
    }
  }

  private corrupt(size: number, stream: string): void {
    const { inputs, shape } = this.kernels;
    const random = Random.stream(this.seed, stream);
    for (let b = 0; b < size; b++) corrupt(inputs.values, b * inputs.pitch, shape.inputs, this.plan.noise, random);
  }

  private lossSum(size: number): number {
    let sum = 0;
    for (let b = 0; b < size; b++) sum += this.kernels.losses[b]!;
    return sum;
  }

  private async eachBatch(
    set: ExampleSet,
    turn: () => Awaitable<void>,
    visit: (indices: Int32Array) => void,
  ): Promise<void> {
    let lastTurn = performance.now();
    for (let start = 0; start < set.n; start += evaluationBatch) {
      visit(Int32Array.from({ length: Math.min(evaluationBatch, set.n - start) }, (_, k) => start + k));
      if (performance.now() - lastTurn <= turnMs) continue;
      await turn();
      lastTurn = performance.now();
    }
  }
}
