/**
 * The kernels in TensorFlow.js' operations: the same code on TensorFlow's native library, on TensorFlow.js' WebAssembly and on its plain
 * backend. Everything is dense: zeros are multiplied too. No weights are ever transposed, which some backends are slow at.
 */
import { type Optimizer, plainSgd } from "../../common/optimizers.js";
import { type ExampleSet, writeExample } from "../data/dataset.js";
import type { Kernels, Rows, StepSettings, UnitHistory, UnitRows } from "../kernels/kernels.js";
import { type Objective, softmax } from "../kernels/objective.js";
import { keptArrays, type OptimizerState } from "../kernels/optimizerState.js";
import { inOrder } from "../kernels/unitOrder.js";
import { layerSizes, type NetworkShape, type Parameters, transposed } from "../network/network.js";
import { type Loss, reconstructionLoss, softmaxLoss } from "./lossOperations.js";
import type { Operations, Tensor, Tensor1D, Tensor2D, Variable } from "./operations.js";
import { changeOf } from "./optimizerUpdates.js";
import { unitDerivatives, unitOutputs } from "./unitOperations.js";

interface Layer {
  inputs: number;
  units: number;
  /** [inputs × units]; of a tied decoder the encoder's, [units × inputs]. */
  weights: Variable;
  tied: boolean;
  biases: Variable;
  /** What the optimizer keeps of the weights and of the biases. */
  kept: { weightsInOut: Variable[]; biases: Variable[] };
  /** Of hidden layers. */
  hidden: { signs: Variable; lastFiredStep: Variable; maxUpdate: Variable; maxUpdateStep: Variable } | null;
}

/** What stays of the last batch, until the next. */
interface Held {
  /** [layers]: [size × units] */
  outputs: Tensor2D[];
}

/** A layer's gradients by weights and biases. */
interface Gradient {
  weights: Tensor2D;
  biases: Tensor1D;
}

/** [hidden layers] of the last step. */
interface Norms {
  gradient: number[];
  update: number[];
}

export class TensorflowKernels implements Kernels {
  readonly inputs: Rows;
  readonly labels: Int32Array;
  readonly losses: Float32Array;
  readonly predicted: Int32Array;
  readonly targets: Rows;
  private readonly layers: Layer[];
  private held: Held = { outputs: [] };
  /** [hidden layers] of the last batch. */
  private activeCounts: number[] = [];
  private norms: Norms = { gradient: [], update: [] };

  /** @param tf with the backend that is to be used */
  constructor(
    private readonly tf: Operations,
    readonly shape: NetworkShape,
    readonly capacity: number,
    readonly optimizer: Optimizer = plainSgd,
    readonly objective: Objective = softmax,
  ) {
    this.inputs = { values: new Float32Array(capacity * shape.inputs), pitch: shape.inputs };
    this.labels = new Int32Array(capacity);
    this.losses = new Float32Array(capacity);
    this.predicted = new Int32Array(capacity);
    const targets = objective.kind === "reconstruction" ? capacity * shape.classes : 0;
    this.targets = { values: new Float32Array(targets), pitch: shape.classes };
    this.layers = [];
    layerSizes(shape).forEach((size, l) => {
      this.layers.push(this.newLayer(size, l));
    });
  }

  gather({ inputs, labels }: ExampleSet, indices: Int32Array): void {
    const { values, pitch } = this.inputs;
    for (let b = 0; b < indices.length; b++) {
      const example = indices[b]!;
      writeExample(inputs, example, pitch, values, b * pitch);
      this.labels[b] = labels[example]!;
    }
  }

  useInputs(): void {}

  load(parameters: Parameters): void {
    const { tf } = this;
    tf.tidy(() => {
      this.layers.forEach(({ inputs, units, weights, tied, biases, kept, hidden }, l) => {
        const from = parameters[l];
        if (from?.weightsInOut.length !== inputs * units)
          throw new RangeError(`Layer ${l + 1} has weights of another shape than ${inputs} × ${units}.`);
        if (!tied) weights.assign(this.matrix(from.weightsInOut, inputs, units));
        biases.assign(tf.tensor1d(from.biases.slice()));
        if (from.signs) hidden?.signs.assign(tf.tensor1d(from.signs.slice()));
        for (const array of kept.weightsInOut) array.assign(tf.fill([inputs, units], 0));
        for (const array of kept.biases) array.assign(tf.fill([units], 0));
      });
    });
  }

  read(): Parameters {
    const parameters = this.layers.map(({ weights, biases, hidden }) => ({
      weightsInOut: floats(weights),
      biases: floats(biases),
      signs: hidden && floats(hidden.signs),
    }));
    const [encoder, decoder] = parameters;
    return encoder && decoder && this.layers[1]?.tied
      ? [encoder, { ...decoder, weightsInOut: transposed(encoder) }]
      : parameters;
  }

  loadOptimizerState(state: OptimizerState): void {
    const { tf, optimizer } = this;
    tf.tidy(() => {
      this.layers.forEach(({ inputs, units, kept }, l) => {
        keptArrays[optimizer.name].forEach((name, k) => {
          const from = state[l]?.[name];
          if (!from) return;
          kept.weightsInOut[k]!.assign(this.matrix(from.weightsInOut, inputs, units));
          kept.biases[k]!.assign(tf.tensor1d(from.biases.slice()));
        });
      });
    });
  }

  readOptimizerState(): OptimizerState {
    return this.layers.map(({ kept }) =>
      Object.fromEntries(
        keptArrays[this.optimizer.name].map((name, k) => [
          name,
          { weightsInOut: floats(kept.weightsInOut[k]!), biases: floats(kept.biases[k]!) },
        ]),
      ),
    );
  }

  loadHistory(history: UnitHistory[]): void {
    const { tf } = this;
    tf.tidy(() => {
      history.forEach(({ lastFiredStep, maxUpdate, maxUpdateStep }, l) => {
        const to = this.layers[l]?.hidden;
        to?.lastFiredStep.assign(tf.tensor1d(lastFiredStep.slice(), "int32"));
        to?.maxUpdate.assign(tf.tensor1d(maxUpdate.slice()));
        to?.maxUpdateStep.assign(tf.tensor1d(maxUpdateStep.slice(), "int32"));
      });
    });
  }

  readHistory(): UnitHistory[] {
    return this.layers.flatMap(({ units, hidden }) =>
      hidden
        ? {
            lastFiredStep: Int32Array.from(hidden.lastFiredStep.dataSync()),
            maxUpdate: floats(hidden.maxUpdate),
            maxUpdateStep: Int32Array.from(hidden.maxUpdateStep.dataSync()),
            place: inOrder(units),
          }
        : [],
    );
  }

  /** Units stay where they are: nothing is skipped here. */
  arrange(): void {}

  forward(size: number): void {
    this.hold(() => {
      const signals = this.signals(size);
      this.take(size, this.loss(signals, size), this.activeRows(signals), []);
      return { outputs: signals.slice(1) };
    });
  }

  step(size: number, settings: StepSettings): void {
    this.hold(() => {
      const signals = this.signals(size);
      const loss = this.loss(signals, size);
      const gradients = this.gradients(signals, loss.delta, settings.l1 / size);
      const active = this.activeRows(signals);
      const squares = this.layers.map((layer, l) => this.update(layer, gradients[l] as Gradient, active[l], settings));
      this.take(
        size,
        loss,
        active,
        squares.flatMap((of) => of ?? []),
      );
      return { outputs: signals.slice(1) };
    });
  }

  outputs(layer: number): UnitRows {
    const { units } = this.layer(layer);
    const held = this.held.outputs[layer];
    return {
      values: held ? (held.dataSync() as Float32Array) : new Float32Array(0),
      pitch: units,
      place: inOrder(units),
    };
  }

  activeCount(layer: number): number {
    return this.activeCounts[layer] ?? 0;
  }

  gradientNorm(layer: number): number {
    return this.norms.gradient[layer] ?? 0;
  }

  updateNorm(layer: number): number {
    return this.norms.update[layer] ?? 0;
  }

  dispose(): void {
    const { tf, layers, held } = this;
    for (const { weights, tied, biases, kept, hidden } of layers)
      tf.dispose([
        ...(tied ? [] : [weights]),
        biases,
        ...kept.weightsInOut,
        ...kept.biases,
        ...Object.values(hidden ?? {}),
      ]);
    tf.dispose(held.outputs);
    this.held = { outputs: [] };
  }

  private newLayer({ inputs, units }: { inputs: number; units: number }, l: number): Layer {
    const { tf, objective, shape } = this;
    const array = (value: number, sizes: number[], dtype: "float32" | "int32" = "float32"): Variable =>
      tf.tidy(() => tf.variable(tf.fill(sizes, value, dtype), false));
    const tied = objective.kind === "reconstruction" && objective.tied && l > 0;
    const names = keptArrays[this.optimizer.name];
    return {
      inputs,
      units,
      tied,
      weights: tied ? this.layer(l - 1).weights : array(0, [inputs, units]),
      biases: array(0, [units]),
      kept: {
        weightsInOut: names.map(() => array(0, [inputs, units])),
        biases: names.map(() => array(0, [units])),
      },
      hidden:
        l < shape.hidden.length
          ? {
              signs: array(1, [units]),
              lastFiredStep: array(-1, [units], "int32"),
              maxUpdate: array(0, [units]),
              maxUpdateStep: array(-1, [units], "int32"),
            }
          : null,
    };
  }

  /** Computes; what was held of the last batch goes, and so does all that is not held of this one. */
  private hold(compute: () => Held): void {
    const { tf, held } = this;
    this.held = tf.tidy(compute as unknown as () => { outputs: Tensor[] }) as unknown as Held;
    tf.dispose(held.outputs);
  }

  /** The inputs of the first `size` rows, and the outputs of every layer; of the last its sums. */
  private signals(size: number): Tensor2D[] {
    const { tf } = this;
    const { activation, sharpness } = this.shape;
    const signals = [this.batchOf(this.inputs, size)];
    this.layers.forEach(({ weights, tied, biases, hidden }, l) => {
      const x = signals[l] as Tensor2D;
      const w = weights as Tensor2D;
      const a: Tensor2D = tf.add(tied ? this.timesTransposed(x, w) : tf.matMul(x, w), biases);
      signals.push(hidden ? tf.mul(unitOutputs(tf, activation, a, sharpness), hidden.signs) : a);
    });
    return signals;
  }

  private loss(signals: Tensor2D[], size: number): Loss {
    const { tf, objective, shape } = this;
    const sums = signals.at(-1) as Tensor2D;
    return objective.kind === "softmax"
      ? softmaxLoss(tf, sums, this.labels.slice(0, size))
      : reconstructionLoss(tf, sums, this.batchOf(this.targets, size), objective.decoder, shape);
  }

  /** Of every layer. @param penalty of each |h|, for one example */
  private gradients(signals: Tensor2D[], delta: Tensor2D, penalty: number): Gradient[] {
    const { tf, layers } = this;
    const { activation, sharpness } = this.shape;
    const gradients: Gradient[] = [];
    let above = delta;
    for (let l = layers.length - 1; l >= 0; l--) {
      const x = signals[l] as Tensor2D;
      const { weights, tied } = this.layer(l);
      const w = weights as Tensor2D;
      gradients[l] = {
        weights: tied ? tf.matMul(tf.transpose(above), x) : tf.matMul(tf.transpose(x), above),
        biases: tf.sum(above, 0),
      };
      const below = layers[l - 1]?.hidden;
      if (!below) continue;
      const signs = below.signs;
      const byOutput: Tensor2D = tied ? tf.matMul(above, w) : this.timesTransposed(above, w);
      const whole: Tensor2D = penalty > 0 ? tf.add(byOutput, tf.mul(tf.sign(x), penalty)) : byOutput;
      const slope = unitDerivatives(tf, activation, tf.mul(x, signs), sharpness);
      above = tf.mul(tf.mul(whole, signs), slope);
    }
    const [encoder, decoder] = gradients as [Gradient, Gradient];
    if (layers[1]?.tied) gradients[0] = { ...encoder, weights: tf.add(encoder.weights, decoder.weights) };
    return gradients;
  }

  /**
   * One update by the optimizer.
   * @param active of a hidden layer: 1 where an output is not 0
   * @returns of a hidden layer, [units]: ‖∂L/∂W‖₂² and ‖ΔW‖₂² by unit
   */
  private update(
    { weights, tied, biases, kept, hidden }: Layer,
    gradient: Gradient,
    active: Tensor2D | undefined,
    { step, learningRate }: StepSettings,
  ): [Tensor1D, Tensor1D] | null {
    const { tf, optimizer } = this;
    const biasChange = changeOf(tf, optimizer, gradient.biases, kept.biases, learningRate, step);
    biases.assign(tf.sub(biases, biasChange));
    if (tied) return null;
    const change = changeOf(tf, optimizer, gradient.weights, kept.weightsInOut, learningRate, step);
    weights.assign(tf.sub(weights, change));
    if (!hidden || !active) return null;
    const squares = this.columnSums(tf.square(gradient.weights));
    const changes: Tensor1D =
      optimizer.name === "sgd" ? tf.mul(squares, learningRate ** 2) : this.columnSums(tf.square(change));
    const size: Tensor1D = tf.sqrt(tf.add<Tensor1D>(changes, tf.square(biasChange)));
    const now = tf.fill(size.shape, step, "int32");
    hidden.maxUpdateStep.assign(tf.where(tf.greater(size, hidden.maxUpdate), now, hidden.maxUpdateStep));
    hidden.maxUpdate.assign(tf.maximum(size, hidden.maxUpdate));
    hidden.lastFiredStep.assign(tf.where(tf.greater(this.columnSums(active), 0), now, hidden.lastFiredStep));
    return [squares, changes];
  }

  /** [hidden layers]: [size × units], 1 where an output is not 0. */
  private activeRows(signals: Tensor2D[]): Tensor2D[] {
    const { tf } = this;
    return this.shape.hidden.map((_, l) => tf.cast(tf.notEqual<Tensor2D>(signals[l + 1] as Tensor2D, 0), "float32"));
  }

  /** Everything that is to be known of a batch comes over at once. @param squares as `update` gives them, of every hidden layer */
  private take(size: number, { losses, predicted }: Loss, active: Tensor2D[], squares: Tensor1D[]): void {
    const { tf } = this;
    // counts of a row are exact in single precision, those of a batch need not be
    const counts = active.map((rows) => tf.sum<Tensor1D>(rows, 1));
    const values = tf.concat1d([losses, predicted, ...counts, ...squares]).dataSync() as Float32Array;
    let at = 0;
    const next = (length: number) => {
      at += length;
      return values.subarray(at - length, at);
    };
    const sum = (length: number) => next(length).reduce((total, value) => total + value, 0);
    this.losses.set(next(size));
    this.predicted.set(next(size));
    this.activeCounts = active.map(() => sum(size));
    this.norms = { gradient: [], update: [] };
    for (const units of squares.length > 0 ? this.shape.hidden : []) {
      this.norms.gradient.push(Math.sqrt(sum(units)));
      this.norms.update.push(Math.sqrt(sum(units)));
    }
  }

  /** x · wᵀ */
  private timesTransposed(x: Tensor2D, w: Tensor2D): Tensor2D {
    const { tf } = this;
    return tf.transpose(tf.matMul<Tensor2D>(w, tf.transpose(x)));
  }

  /** A product with ones, which every backend is quick at. */
  private columnSums(x: Tensor2D): Tensor1D {
    const { tf } = this;
    return tf.reshape(tf.matMul(tf.ones([1, x.shape[0]]) as Tensor2D, x), [x.shape[1]]);
  }

  /** The first `size`, as a tensor of its own: the caller writes over them. */
  private batchOf({ values, pitch }: Rows, size: number): Tensor2D {
    return this.tf.tensor2d(values.slice(0, size * pitch) as Float32Array, [size, pitch]);
  }

  private matrix(values: Float32Array, inputs: number, units: number): Tensor2D {
    return this.tf.tensor2d(values.slice(), [inputs, units]);
  }

  private layer(l: number): Layer {
    const layer = this.layers[l];
    if (!layer) throw new RangeError(`There is no layer ${l + 1}.`);
    return layer;
  }
}

/** A copy: a backend may hand out its own memory. */
function floats(tensor: Tensor): Float32Array {
  return Float32Array.from(tensor.dataSync());
}
