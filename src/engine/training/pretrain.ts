/**
 * Unsupervised pre-training (the paper, section 3): layer by layer a denoising auto-encoder on what the layers below, which stay as they
 * are, make of the examples. Like train.ts it says what happens as a stream of events and touches nothing else.
 */
import type { Experiment } from "../../common/experiment.js";
import type { PretrainLine, ReconstructionLine } from "../../common/run.js";
import { hasExactZeros } from "../../common/units.js";
import type { Autoencoder, MakeAutoencoder } from "../backends/autoencoder.js";
import type { Awaitable } from "../backends/backend.js";
import type { ExampleSet } from "../data/dataset.js";
import { initialParameters } from "../network/initialise.js";
import { type LayerParameters, type NetworkShape, type Parameters, transposed } from "../network/network.js";
import { Random } from "../network/random.js";
import { layerFigures } from "../sparsity/layerFigures.js";
import { type UnitStatistics, unitStatistics } from "../sparsity/unitStatistics.js";
import { WeightNorms } from "../sparsity/weightNorms.js";
import { type LayerPlan, layerPlans } from "./layerPlan.js";
import { inRun } from "./measure.js";
import { NonFiniteError } from "./nonFinite.js";
import {
  type DecoderParameters,
  layerState,
  type PretrainingCheckpoint,
  type PretrainingState,
} from "./pretrainingState.js";
import { positionOf, type Schedule } from "./schedule.js";
import { addStep, meanNorms, noSteps } from "./stepSums.js";

/** When an event is told, `state` is what a checkpoint at that moment has to hold. */
export type PretrainEvent =
  | { kind: "layer"; layer: number; state: PretrainingState }
  | { kind: "pretrain"; line: PretrainLine; state: PretrainingState }
  | { kind: "reconstruction"; line: ReconstructionLine; units: UnitStatistics; state: PretrainingState };

export interface Pretrained {
  /** Of the whole network; the layers that were not pre-trained as they began. */
  parameters: Parameters;
  decoders: DecoderParameters[];
  /** Of each layer: what its input was divided by where the layer below could not take that over; its reconstruction is multiplied by it. */
  scales: number[];
  /** Of each layer: the last loss on the validation set. */
  losses: number[];
  examples: number;
}

export type PretrainEnd =
  | { reason: "finished"; pretrained: Pretrained }
  | { reason: "stopped"; checkpoint: PretrainingCheckpoint };

export interface PretrainingTask {
  /** With its pre-training resolved. */
  experiment: Experiment;
  shape: NetworkShape;
  /** Of the layers, from the first on. */
  schedules: readonly Schedule[];
  train: ExampleSet;
  valid: ExampleSet;
  makeAutoencoder: MakeAutoencoder;
  /** What the network starts with, in place of random parameters. */
  initial: Parameters | null;
  /** Where to go on; null begins. */
  from: PretrainingCheckpoint | null;
  /** Asked before every step. */
  stopped(): boolean;
  /** Called every now and then while something takes long. */
  turn(): Awaitable<void>;
  /** Called now and then between two steps: where a checkpoint can be taken. */
  betweenSteps(state: PretrainingState): Awaitable<void>;
  /** Told after every step, with the seconds that it took. */
  stepped(state: PretrainingState, seconds: number): void;
}

/** `turn` is called at least this often. */
const turnMs = 40;

export class Pretraining {
  private readonly plans: LayerPlan[];
  private readonly parameters: Parameters;
  private readonly decoders: DecoderParameters[];
  private autoencoder: Autoencoder | null = null;

  constructor(private readonly task: PretrainingTask) {
    const { experiment, shape, from, initial } = task;
    this.plans = layerPlans(experiment);
    this.parameters = [...(from?.parameters ?? initial ?? initialParameters(shape, experiment.seed))];
    this.decoders = [...(from?.decoders ?? [])];
  }

  /** @throws NonFiniteError when a loss is not finite */
  async *events(): AsyncGenerator<PretrainEvent, PretrainEnd> {
    const { from } = this.task;
    let state = structuredClone(from?.state ?? layerState(1, { examples: 0, losses: [], scales: [] }));
    for (const plan of this.plans.slice(state.layer - 1)) {
      const goesOn = from?.state.layer === plan.layer;
      if (!goesOn) state = layerState(plan.layer, state);
      const stopped = yield* this.layer(plan, state, goesOn ? from : null);
      if (stopped) return { reason: "stopped", checkpoint: stopped };
      state.scales = [...state.scales, this.settle(plan, state.scale)];
    }
    const { losses, scales, examples } = state;
    const { parameters, decoders } = this;
    return { reason: "finished", pretrained: { parameters, decoders, scales, losses, examples } };
  }

  /** What a checkpoint has to hold now. */
  async checkpoint(state: PretrainingState): Promise<PretrainingCheckpoint> {
    const { autoencoder } = this;
    if (!autoencoder) throw new Error("No layer is being pre-trained.");
    this.take(state.layer, await autoencoder.read());
    const [history] = await autoencoder.readHistory();
    if (!history) throw new Error("An auto-encoder has one hidden layer.");
    const { parameters, decoders } = this;
    return { parameters: [...parameters], decoders: [...decoders], history, state };
  }

  /** @returns where it was stopped; null when it has come to its end */
  private async *layer(
    plan: LayerPlan,
    state: PretrainingState,
    from: PretrainingCheckpoint | null,
  ): AsyncGenerator<PretrainEvent, PretrainingCheckpoint | null> {
    const { experiment, shape } = this.task;
    const autoencoder = await this.task.makeAutoencoder(plan, shape, experiment.seed);
    this.autoencoder = autoencoder;
    try {
      await autoencoder.loadBelow(this.parameters);
      if (!from && plan.scaled) await this.scale(plan, state, autoencoder);
      autoencoder.setScale(state.scale);
      await autoencoder.load(this.autoencoderOf(plan));
      if (from) await autoencoder.loadHistory([from.history]);
      yield { kind: "layer", layer: plan.layer, state };
      return yield* this.steps(plan, state, autoencoder);
    } finally {
      autoencoder.dispose();
      this.autoencoder = null;
    }
  }

  private async *steps(
    plan: LayerPlan,
    state: PretrainingState,
    autoencoder: Autoencoder,
  ): AsyncGenerator<PretrainEvent, PretrainingCheckpoint | null> {
    const { task } = this;
    const { experiment, train } = task;
    const { learningRate, l1, batchSize, layer } = plan;
    const schedule = task.schedules[layer - 1] as Schedule;
    const isDue = () => state.step % schedule.stepsPerEvaluation === 0 && state.measuredStep < state.step;
    if (isDue()) yield await this.measure(plan, schedule, state, autoencoder);
    let lastTurn = performance.now();
    let order: Int32Array | null = null;
    while (state.step < schedule.totalSteps) {
      if (task.stopped()) return await this.checkpoint(state);
      const epoch = Math.floor(state.step / schedule.stepsPerEpoch);
      const position = state.step % schedule.stepsPerEpoch;
      if (!order || position === 0)
        order = Random.stream(experiment.seed, `pretraining/${layer}/shuffling/${epoch + 1}`).permutation(train.n);
      const indices = order.subarray(position * batchSize, (position + 1) * batchSize);
      const started = performance.now();
      const result = await autoencoder.trainStep(train, indices, { step: state.step + 1, learningRate, l1 });
      const ended = performance.now();
      state.step += 1;
      if (!Number.isFinite(result.lossSum))
        throw NonFiniteError.ofPretraining(layer, positionOf(schedule, state.step).step);
      state.examples += result.size;
      addStep(state.sinceLine, result, l1);
      addStep(state.sinceEvaluation, result, l1);
      task.stepped(state, (ended - started) / 1000);
      if (state.step % schedule.stepsPerLine === 0) yield this.takeLine(plan, schedule, state);
      if (state.step === schedule.totalSteps && state.sinceLine.steps > 0) yield this.takeLine(plan, schedule, state);
      if (isDue()) yield await this.measure(plan, schedule, state, autoencoder);
      if (ended - lastTurn > turnMs) {
        await task.turn();
        await task.betweenSteps(state);
        lastTurn = performance.now();
      }
    }
    this.take(layer, await autoencoder.read());
    return null;
  }

  private takeLine({ layer }: LayerPlan, schedule: Schedule, state: PretrainingState): PretrainEvent {
    const { n, steps, lossSum, activeCounts, gradientNorms } = state.sinceLine;
    const { activation, hidden } = this.task.shape;
    const outputs = n * (hidden[layer - 1] as number);
    const line: PretrainLine = {
      kind: "pretrain",
      layer,
      ...positionOf(schedule, state.step),
      set: "train",
      n,
      loss: lossSum / n,
      sparsity: hasExactZeros(activation) ? (outputs - activeCounts[0]!) / outputs : null,
      gradientNorm: gradientNorms[0]! / steps,
    };
    state.sinceLine = noSteps(1);
    return { kind: "pretrain", line, state };
  }

  private async measure(
    { layer }: LayerPlan,
    schedule: Schedule,
    state: PretrainingState,
    autoencoder: Autoencoder,
  ): Promise<PretrainEvent> {
    const { experiment, shape, valid, turn } = this.task;
    const result = await autoencoder.evaluate(valid, turn);
    const at = positionOf(schedule, state.step);
    if (!Number.isFinite(result.lossSum + result.cleanLossSum)) throw NonFiniteError.ofPretraining(layer, at.step);
    const [encoder, decoder] = await autoencoder.read();
    const [history] = await autoencoder.readHistory();
    const [into, outOf] = [normsOf(encoder!), normsOf(decoder!)];
    const norms = meanNorms(state.sinceEvaluation);
    const { rareThreshold, dormantThreshold, dyingWindow } = experiment.evaluation;
    const figures = layerFigures(
      result.layer,
      history!,
      {
        step: state.step,
        stepsPerEpoch: schedule.stepsPerEpoch,
        examplesPerEpoch: schedule.examplesPerEpoch,
        gradientNorm: norms?.gradientNorms[0] ?? null,
        updateNorm: norms?.updateNorms[0] ?? null,
        weightNorm: into.whole,
      },
      {
        activation: shape.activation,
        rareThreshold,
        dormantThreshold,
        dyingWindow: dyingWindow ?? schedule.examplesPerEpoch,
      },
    );
    const loss = result.lossSum / result.n;
    state.measuredStep = state.step;
    state.sinceEvaluation = noSteps(1);
    state.losses = [...state.losses.slice(0, layer - 1), loss];
    const line: ReconstructionLine = {
      kind: "reconstruction",
      layer,
      ...at,
      set: valid.name,
      n: result.n,
      loss,
      cleanLoss: result.cleanLossSum / result.n,
      figures,
    };
    const units = unitStatistics(result.layer, inRun(history!, schedule), {
      bias: encoder!.biases,
      incomingNorm: into.incoming(),
      outgoingNorm: outOf.outgoing,
    });
    return { kind: "reconstruction", line, units, state };
  }

  /** Encoder and decoder as they are, or as they begin. */
  private autoencoderOf({ layer, tied }: LayerPlan): Parameters {
    const encoder = this.parameters[layer - 1] as LayerParameters;
    const decoder = this.decoders[layer - 1] ?? this.initialDecoder(encoder, layer, tied);
    return [encoder, { ...decoder, signs: null }];
  }

  private initialDecoder(encoder: LayerParameters, layer: number, tied: boolean): DecoderParameters {
    const units = encoder.biases.length;
    const inputs = encoder.weightsInOut.length / units;
    const biases = new Float32Array(inputs);
    if (tied) return { weightsInOut: transposed(encoder), biases };
    const random = Random.stream(this.task.experiment.seed, `pretraining/${layer}/decoder`);
    const bound = Math.sqrt(6 / (inputs + units));
    return { weightsInOut: Float32Array.from(encoder.weightsInOut, () => (2 * random.uniform() - 1) * bound), biases };
  }

  private take(layer: number, [encoder, decoder]: Parameters): void {
    this.parameters[layer - 1] = encoder as LayerParameters;
    const { weightsInOut, biases } = decoder as LayerParameters;
    this.decoders[layer - 1] = { weightsInOut, biases };
  }

  /** Measures what the input is divided by, and lets the layer below do it where its units scale: the network computes the same. */
  private async scale(plan: LayerPlan, state: PretrainingState, autoencoder: Autoencoder): Promise<void> {
    const { train, turn } = this.task;
    const greatest = (await autoencoder.greatestInput(train, turn)) || 1;
    if (!plan.foldsBelow) {
      state.scale = greatest;
      return;
    }
    const at = plan.layer - 2;
    const below = this.parameters[at] as LayerParameters;
    const decoder = this.decoders[at] as DecoderParameters;
    this.parameters[at] = divided(below, greatest);
    this.decoders[at] = { ...decoder, weightsInOut: decoder.weightsInOut.map((w) => w * greatest) };
    await autoencoder.loadBelow(this.parameters);
  }

  /** Makes the weights those for the input itself. @returns the scale */
  private settle({ layer }: LayerPlan, scale: number): number {
    if (scale !== 1) {
      const encoder = this.parameters[layer - 1] as LayerParameters;
      this.parameters[layer - 1] = { ...encoder, weightsInOut: encoder.weightsInOut.map((w) => w / scale) };
    }
    return scale;
  }
}

function normsOf({ weightsInOut, biases }: LayerParameters): WeightNorms {
  const units = biases.length;
  const norms = new WeightNorms(weightsInOut.length / units, units);
  norms.add(weightsInOut);
  return norms;
}

/** s · max(0, a) = max(0, s · a): weights and biases of rectifiers whose outputs are to be divided. */
export function divided(layer: LayerParameters, by: number): LayerParameters {
  return {
    ...layer,
    weightsInOut: layer.weightsInOut.map((w) => w / by),
    biases: layer.biases.map((b) => b / by),
  };
}
