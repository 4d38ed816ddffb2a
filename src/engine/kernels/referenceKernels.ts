/** The kernels in plain TypeScript and double precision: slow, and short enough to be checked against the formulas by eye. */
import { type ExampleSet, writeExample } from "../data/dataset.js";
import { layerSizes, type NetworkShape, type Parameters } from "../network/network.js";
import { unitDerivative, unitOutput } from "../network/units.js";
import type { Kernels, Rows, StepSettings, UnitHistory, UnitRows } from "./kernels.js";
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
}

export class ReferenceKernels implements Kernels {
  readonly inputs: Rows;
  readonly labels: Int32Array;
  readonly losses: Float64Array;
  readonly predicted: Int32Array;
  readonly layers: Layer[];
  private history: UnitHistory[];
  private size = 0;

  constructor(
    readonly shape: NetworkShape,
    readonly capacity: number,
  ) {
    this.inputs = { values: new Float64Array(capacity * shape.inputs), pitch: shape.inputs };
    this.labels = new Int32Array(capacity);
    this.losses = new Float64Array(capacity);
    this.predicted = new Int32Array(capacity);
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
    }));
    this.history = shape.hidden.map(emptyHistory);
  }

  gather({ inputs, labels }: ExampleSet, indices: Int32Array): void {
    indices.forEach((example, b) => {
      writeExample(inputs, example, this.shape.inputs, this.inputs.values, b * this.shape.inputs);
      this.labels[b] = labels[example]!;
    });
  }

  load(parameters: Parameters): void {
    parameters.forEach((from, l) => {
      const to = this.layer(l);
      to.weightsInOut.set(from.weightsInOut);
      to.biases.set(from.biases);
      if (from.signs) to.signs.set(from.signs);
    });
  }

  read(): Parameters {
    return this.layers.map((layer, l) => ({
      weightsInOut: Float32Array.from(layer.weightsInOut),
      biases: Float32Array.from(layer.biases),
      signs: l < this.shape.hidden.length ? Float32Array.from(layer.signs) : null,
    }));
  }

  loadHistory(history: UnitHistory[]): void {
    this.history = history.map(copyHistory);
  }

  readHistory(): UnitHistory[] {
    return this.history.map(copyHistory);
  }

  forward(size: number): void {
    this.size = size;
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
    this.softmaxLoss();
  }

  step(size: number, { step, learningRate, l1 }: StepSettings): void {
    this.forward(size);
    this.backward(l1);
    this.layers.forEach((layer, l) => {
      const history = this.history[l];
      for (let j = 0; j < layer.units; j++) {
        let square = layer.biasGradient[j]! ** 2;
        for (let i = 0; i < layer.inputs; i++) square += layer.weightGradient[i * layer.units + j]! ** 2;
        const update = learningRate * Math.sqrt(square);
        if (history && update > history.maxUpdate[j]!) {
          history.maxUpdate[j] = update;
          history.maxUpdateStep[j] = step;
        }
        for (let b = 0; b < size; b++)
          if (history && layer.outputs[b * layer.units + j] !== 0) history.lastFiredStep[j] = step;
      }
      layer.weightGradient.forEach((g, k) => {
        layer.weightsInOut[k]! -= learningRate * g;
      });
      layer.biasGradient.forEach((g, k) => {
        layer.biases[k]! -= learningRate * g;
      });
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
