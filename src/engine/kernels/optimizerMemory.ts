/** The optimizer's part of the kernels' memory: nothing for plain SGD, which keeps nothing and has its updates in the backward pass. */
import type { Optimizer } from "../../common/optimizers.js";
import { type Arena, type Kept, type Layer, type Signal, writeOptimizer } from "./arena.js";
import { type KeptArray, keptArrays, type OptimizerState } from "./optimizerState.js";
import { power } from "./power.js";
import { movePanels, type Panels, readPanels, writePanels } from "./weightPanels.js";

export class OptimizerMemory {
  private readonly address: number;
  private readonly kept: Kept[];
  private readonly bytes: number[];
  private readonly names: readonly KeptArray[];

  /** @param signals the inputs and the layers' outputs */
  constructor(
    private readonly optimizer: Optimizer,
    arena: Arena,
    private readonly layers: readonly Layer[],
    signals: readonly Signal[],
  ) {
    this.names = keptArrays[optimizer.name];
    const outputs = signals.slice(1);
    this.bytes = layers.map(({ layout }) => layout.bytes);
    const needed = optimizer.name !== "sgd";
    this.address = needed ? arena.optimizer() : 0;
    const gradient = needed ? arena.gradient(layers) : { gradient: 0, gradientBytes: 0 };
    this.kept = needed ? layers.map((layer, l) => arena.kept(layer, outputs[l]!, this.names.length, gradient)) : [];
  }

  /** What each update works on: the layer, what is done in the step, and what is kept. */
  updates(): [layer: number, step: number, kept: number][] {
    return this.kept.map(({ address }, l) => [this.layers[l]!.address, this.address, address]);
  }

  /** The rate of the updates that the backward pass makes on its way: with another optimizer than plain SGD they are to change nothing. */
  backwardRate(learningRate: number): number {
    return this.optimizer.name === "sgd" ? learningRate : 0;
  }

  /** Says what is done in this step. @param step 1-based */
  prepare(words: Int32Array, floats: Float32Array, learningRate: number, step: number): void {
    const { optimizer } = this;
    if (optimizer.name === "sgd") return;
    const momentum = { adam: 0, rate: learningRate, gain: 1, squareDecay: 0, squareGain: 0, correction: 1, epsilon: 0 };
    if (optimizer.name === "momentum")
      writeOptimizer(words, floats, this.address, { ...momentum, decay: optimizer.momentum });
    else {
      const { beta1, beta2, epsilon } = optimizer;
      writeOptimizer(words, floats, this.address, {
        adam: 1,
        rate: learningRate / (1 - power(beta1, step)),
        decay: beta1,
        gain: 1 - beta1,
        squareDecay: beta2,
        squareGain: 1 - beta2,
        correction: Math.sqrt(1 - power(beta2, step)),
        epsilon,
      });
    }
  }

  clear(floats: Float32Array): void {
    this.layers.forEach((_, l) => {
      for (const address of this.arraysOf(l)) floats.fill(0, address / 4, (address + this.bytes[l]!) / 4);
      this.markGroups(floats, l, false);
    });
  }

  load(floats: Float32Array, state: OptimizerState, panelsOf: (l: number) => Panels): void {
    state.forEach((layer, l) => {
      this.names.forEach((name, k) => {
        const from = layer[name];
        if (from) writePanels(floats, this.arraysOf(l)[k]!, panelsOf(l), from);
      });
      this.written(floats, l);
    });
  }

  read(floats: Float32Array, panelsOf: (l: number) => Panels): OptimizerState {
    return this.layers.map((_, l) =>
      Object.fromEntries(
        this.arraysOf(l).map((address, k) => [this.names[k], readPanels(floats, address, panelsOf(l))]),
      ),
    );
  }

  addressOf(l: number, name: KeptArray): number {
    const address = this.arraysOf(l)[this.names.indexOf(name)];
    if (address === undefined) throw new RangeError(`${this.optimizer.name} keeps no ${name}.`);
    return address;
  }

  /** Says that a layer's arrays have been written from outside. */
  written(floats: Float32Array, l: number): void {
    this.markGroups(floats, l, true);
  }

  moveLayer(floats: Float32Array, l: number, from: Panels, to: Panels): void {
    for (const address of this.arraysOf(l)) movePanels(floats, address, from, to);
    this.written(floats, l);
  }

  /** ‖ΔW‖₂ of a layer's weights in the last step; null where the backward pass made the update. */
  updateNorm(floats: Float32Array, l: number, units: number): number | null {
    const kept = this.kept[l];
    if (!kept) return null;
    let sum = 0;
    for (let j = 0; j < units; j++) sum += floats[kept.changes / 4 + j] as number;
    return Math.sqrt(sum);
  }

  /** Says of all groups of a layer's rows whether they may be moving; steps find out which do. */
  private markGroups(floats: Float32Array, l: number, moving: boolean): void {
    const kept = this.kept[l];
    if (!kept) return;
    const groups = (this.bytes[l]! / this.layers[l]!.panelBytes) * kept.movingBytes;
    new Uint8Array(floats.buffer, kept.moving, groups).fill(moving ? 1 : 0);
  }

  private arraysOf(l: number): number[] {
    const kept = this.kept[l];
    return kept ? [kept.first, kept.second].slice(0, this.names.length) : [];
  }
}
