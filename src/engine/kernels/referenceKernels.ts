/** The kernels in plain TypeScript and double precision: slow, and short enough to be checked against the formulas by eye. */
import { type Optimizer, plainSgd } from "../../common/optimizers.js";
import { unitDerivative, unitOutput } from "../../common/unitFunctions.js";
import { type ExampleSet, writeExample } from "../data/dataset.js";
import { layerSizes, type NetworkShape, type Parameters } from "../network/network.js";
import type { Kernels, Rows, StepSettings, UnitHistory, UnitRows } from "./kernels.js";
import { type Decoder, decoded, decoderSharpness, type Objective, softmax } from "./objective.js";
import { keptArrays, type OptimizerState } from "./optimizerState.js";
import { inOrder } from "./unitOrder.js";

interface Layer {
  inputs: number;
  units: number;
  weightsInOut: Float64Array;
  biases: Float64Array;
  signs: Float64Array;
  outputs: Float64Array;
  /** ∂(mean loss + L1)/∂a, [batch × units] */
  delta: Float64Array;
  weightGradient: Float64Array;
  biasGradient: Float64Array;
  /** Velocities, or first and second moments: of the weights and of the biases. */
  kept: { weightsInOut: Float64Array; biases: Float64Array }[];
  /** ‖ΔW‖₂ of the last step. */
  updateNorm: number;
}

export class ReferenceKernels implements Kernels {
  readonly inputs: Rows;
  readonly labels: Int32Array;
  readonly losses: Float64Array;
  readonly predicted: Int32Array;
  readonly targets: Rows;
  readonly layers: Layer[];
  private history: UnitHistory[];
  private size = 0;

  constructor(
    readonly shape: NetworkShape,
    readonly capacity: number,
    readonly optimizer: Optimizer = plainSgd,
    readonly objective: Objective = softmax,
  ) {
    this.inputs = { values: new Float64Array(capacity * shape.inputs), pitch: shape.inputs };
    this.labels = new Int32Array(capacity);
    this.losses = new Float64Array(capacity);
    this.predicted = new Int32Array(capacity);
    this.targets = { values: new Float64Array(capacity * shape.classes), pitch: shape.classes };
    this.layers = layerSizes(shape).map(({ inputs, units }) => ({
      inputs,
      units,
      weightsInOut: new Float64Array(inputs * units),
      biases: new Float64Array(units),
      signs: new Float64Array(units).fill(1),
      outputs: new Float64Array(capacity * units),
      delta: new Float64Array(capacity * units),
      weightGradient: new Float64Array(inputs * units),
      biasGradient: new Float64Array(units),
      kept: keptArrays[optimizer.name].map(() => ({
        weightsInOut: new Float64Array(inputs * units),
        biases: new Float64Array(units),
      })),
      updateNorm: 0,
    }));
    this.history = shape.hidden.map(emptyHistory);
  }

  gather({ inputs, labels }: ExampleSet, indices: Int32Array): void {
    indices.forEach((example, b) => {
      writeExample(inputs, example, this.shape.inputs, this.inputs.values, b * this.shape.inputs);
      this.labels[b] = labels[example]!;
    });
  }

  useInputs(): void {}

  load(parameters: Parameters): void {
    parameters.forEach((from, l) => {
      const to = this.layer(l);
      to.weightsInOut.set(from.weightsInOut);
      to.biases.set(from.biases);
      if (from.signs) to.signs.set(from.signs);
      for (const { weightsInOut, biases } of to.kept) for (const array of [weightsInOut, biases]) array.fill(0);
    });
  }

  read(): Parameters {
    this.tie();
    return this.layers.map((layer, l) => ({
      weightsInOut: Float32Array.from(layer.weightsInOut),
      biases: Float32Array.from(layer.biases),
      signs: l < this.shape.hidden.length ? Float32Array.from(layer.signs) : null,
    }));
  }

  loadOptimizerState(state: OptimizerState): void {
    this.layers.forEach(({ kept }, l) => {
      keptArrays[this.optimizer.name].forEach((name, k) => {
        const from = state[l]?.[name];
        if (from) for (const array of ["weightsInOut", "biases"] as const) kept[k]![array].set(from[array]);
      });
    });
  }

  readOptimizerState(): OptimizerState {
    return this.layers.map(({ kept }) =>
      Object.fromEntries(
        keptArrays[this.optimizer.name].map((name, k) => {
          const { weightsInOut, biases } = kept[k]!;
          return [name, { weightsInOut: Float32Array.from(weightsInOut), biases: Float32Array.from(biases) }];
        }),
      ),
    );
  }

  loadHistory(history: UnitHistory[]): void {
    this.history = history.map(copyHistory);
  }

  readHistory(): UnitHistory[] {
    return this.history.map(copyHistory);
  }

  forward(size: number): void {
    this.size = size;
    this.tie();
    this.layers.forEach((layer, l) => {
      const x = this.inputOf(l);
      for (let b = 0; b < size; b++)
        for (let j = 0; j < layer.units; j++) {
          let a = layer.biases[j]!;
          for (let i = 0; i < layer.inputs; i++)
            a += x[b * layer.inputs + i]! * layer.weightsInOut[i * layer.units + j]!;
          const hidden = l < this.shape.hidden.length;
          layer.outputs[b * layer.units + j] = hidden
            ? layer.signs[j]! * unitOutput(this.shape.activation, a, this.shape.sharpness)
            : a;
        }
    });
    if (this.objective.kind === "softmax") this.softmaxLoss();
    else this.reconstructionLoss(this.objective.decoder);
  }

  step(size: number, { step, learningRate, l1 }: StepSettings): void {
    this.forward(size);
    this.backward(l1);
    this.layers.forEach((layer, l) => {
      const history = this.history[l];
      const changes = layer.weightGradient.map((g, k) => this.change(layer, "weightsInOut", g, k, learningRate, step));
      const biasChanges = layer.biasGradient.map((g, k) => this.change(layer, "biases", g, k, learningRate, step));
      layer.updateNorm = Math.sqrt(changes.reduce((sum, change) => sum + change ** 2, 0));
      for (let j = 0; j < layer.units; j++) {
        let square = biasChanges[j]! ** 2;
        for (let i = 0; i < layer.inputs; i++) square += changes[i * layer.units + j]! ** 2;
        const update = Math.sqrt(square);
        if (history && update > history.maxUpdate[j]!) {
          history.maxUpdate[j] = update;
          history.maxUpdateStep[j] = step;
        }
        for (let b = 0; b < size; b++)
          if (history && layer.outputs[b * layer.units + j] !== 0) history.lastFiredStep[j] = step;
      }
      changes.forEach((change, k) => {
        layer.weightsInOut[k]! -= change;
      });
      biasChanges.forEach((change, k) => {
        layer.biases[k]! -= change;
      });
    });
  }

  /** By how much the optimizer lowers a weight or bias with gradient g. */
  private change(
    layer: Layer,
    of: "weightsInOut" | "biases",
    g: number,
    k: number,
    rate: number,
    step: number,
  ): number {
    const { optimizer } = this;
    if (optimizer.name === "sgd") return rate * g;
    const first = layer.kept[0]![of];
    if (optimizer.name === "momentum") {
      first[k] = optimizer.momentum * first[k]! + g;
      return rate * first[k]!;
    }
    const second = layer.kept[1]![of];
    const { beta1, beta2, epsilon } = optimizer;
    first[k] = beta1 * first[k]! + (1 - beta1) * g;
    second[k] = beta2 * second[k]! + (1 - beta2) * g ** 2;
    const mean = first[k]! / (1 - beta1 ** step);
    return (rate * mean) / (Math.sqrt(second[k]! / (1 - beta2 ** step)) + epsilon);
  }

  /** Tied weights: the encoder's are the ones that count. */
  private tie(): void {
    if (this.objective.kind === "softmax" || !this.objective.tied) return;
    const [encoder, decoder] = this.layers as [Layer, Layer];
    decoder.weightsInOut.forEach((_, k) => {
      const [j, i] = [Math.floor(k / decoder.units), k % decoder.units];
      decoder.weightsInOut[k] = encoder.weightsInOut[i * encoder.units + j]!;
    });
  }

  /** Gradients of mean loss + λ · Σ_layers mean_batch(Σ_units |h|) for the batch of the last forward pass. */
  backward(l1: number): void {
    const { activation, sharpness } = this.shape;
    for (let l = this.layers.length - 1; l >= 0; l--) {
      const layer = this.layer(l);
      const x = this.inputOf(l);
      layer.weightGradient.fill(0);
      layer.biasGradient.fill(0);
      for (let b = 0; b < this.size; b++)
        for (let j = 0; j < layer.units; j++) {
          const d = layer.delta[b * layer.units + j]!;
          layer.biasGradient[j]! += d;
          for (let i = 0; i < layer.inputs; i++)
            layer.weightGradient[i * layer.units + j]! += x[b * layer.inputs + i]! * d;
        }
      const below = this.layers[l - 1];
      if (!below) continue;
      for (let b = 0; b < this.size; b++)
        for (let i = 0; i < layer.inputs; i++) {
          const h = below.outputs[b * layer.inputs + i]!;
          let gradient = (l1 / this.size) * Math.sign(h);
          for (let j = 0; j < layer.units; j++)
            gradient += layer.weightsInOut[i * layer.units + j]! * layer.delta[b * layer.units + j]!;
          const sign = below.signs[i]!;
          below.delta[b * layer.inputs + i] = gradient * sign * unitDerivative(activation, sign * h, sharpness);
        }
    }
    if (this.objective.kind === "softmax" || !this.objective.tied) return;
    const [encoder, decoder] = this.layers as [Layer, Layer];
    encoder.weightGradient.forEach((_, k) => {
      const [i, j] = [Math.floor(k / encoder.units), k % encoder.units];
      encoder.weightGradient[k]! += decoder.weightGradient[j * decoder.units + i]!;
    });
  }

  /** Units stay where they are: nothing is skipped here. */
  arrange(): void {}

  outputs(layer: number): UnitRows {
    const { outputs, units } = this.layer(layer);
    return { values: outputs, pitch: units, place: inOrder(units) };
  }

  activeCount(layer: number): number {
    const { outputs, units } = this.layer(layer);
    return outputs.subarray(0, this.size * units).reduce((count, h) => (h !== 0 ? count + 1 : count), 0);
  }

  gradientNorm(layer: number): number {
    return Math.sqrt(this.layer(layer).weightGradient.reduce((sum, g) => sum + g * g, 0));
  }

  updateNorm(layer: number): number {
    return this.layer(layer).updateNorm;
  }

  dispose(): void {}

  private softmaxLoss(): void {
    const { outputs, delta, units } = this.layer(this.layers.length - 1);
    for (let b = 0; b < this.size; b++) {
      const logits = outputs.subarray(b * units, (b + 1) * units);
      const top = Math.max(...logits);
      const sum = logits.reduce((total, l) => total + Math.exp(l - top), 0);
      const label = this.labels[b]!;
      this.losses[b] = Math.log(sum) - (logits[label]! - top);
      this.predicted[b] = logits.indexOf(top);
      for (let c = 0; c < units; c++)
        delta[b * units + c] = (Math.exp(logits[c]! - top) / sum - (c === label ? 1 : 0)) / this.size;
    }
  }

  /** Σ_i cost(z_i, t_i) and its gradient: cross-entropy of the logistic decoder, (z − t)² of the others. */
  private reconstructionLoss(decoder: Decoder): void {
    const { outputs, delta, units } = this.layer(this.layers.length - 1);
    const sharpness = decoderSharpness(this.shape);
    for (let b = 0; b < this.size; b++) {
      this.losses[b] = 0;
      for (let k = b * units; k < (b + 1) * units; k++) {
        const a = outputs[k]!;
        const t = this.targets.values[k]!;
        const z = decoded(decoder, a, sharpness);
        const crossEntropy = Math.max(a, 0) - a * t + Math.log1p(Math.exp(-Math.abs(a)));
        this.losses[b]! += decoder === "logistic" ? crossEntropy : (z - t) ** 2;
        const slope = decoder === "linear" ? 1 : unitDerivative(decoder, z, sharpness);
        delta[k] = (decoder === "logistic" ? z - t : 2 * (z - t) * slope) / this.size;
      }
    }
  }

  private inputOf(layer: number): Float32Array | Float64Array {
    return layer === 0 ? this.inputs.values : this.layer(layer - 1).outputs;
  }

  private layer(l: number): Layer {
    const layer = this.layers[l];
    if (!layer) throw new RangeError(`There is no layer ${l + 1}.`);
    return layer;
  }
}

export function emptyHistory(units: number): UnitHistory {
  return {
    lastFiredStep: new Int32Array(units).fill(-1),
    maxUpdate: new Float32Array(units),
    maxUpdateStep: new Int32Array(units).fill(-1),
    place: inOrder(units),
  };
}

function copyHistory({ lastFiredStep, maxUpdate, maxUpdateStep, place }: UnitHistory): UnitHistory {
  return {
    lastFiredStep: lastFiredStep.slice(),
    maxUpdate: maxUpdate.slice(),
    maxUpdateStep: maxUpdateStep.slice(),
    place: place.slice(),
  };
}
