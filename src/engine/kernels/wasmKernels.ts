/** The kernels in WebAssembly: lays a network out in shared memory and writes the programs that assembly/index.ts runs. */
import { type Optimizer, plainSgd } from "../../common/optimizers.js";
import { hasExactZeros } from "../../common/units.js";
import { type ExampleSet, writeExample } from "../data/dataset.js";
import { type LayerParameters, type NetworkShape, type Parameters, transposed } from "../network/network.js";
import type { ArrayName } from "../network/networkArrays.js";
import { Arena, type Layer, type Signal, unitCodes } from "./arena.js";
import { firingPatterns } from "./firingPatterns.js";
import type { Kernels, RowAccess, Rows, StepSettings, UnitHistory, UnitRows } from "./kernels.js";
import { decoderSharpness, type Objective, softmax } from "./objective.js";
import { OptimizerMemory } from "./optimizerMemory.js";
import type { OptimizerState } from "./optimizerState.js";
import { lineBytes, panelLayout, quarterPanels, quarters } from "./panelLayout.js";
import { flushing, type Operation, operationWords, predicting, training } from "./programs.js";
import { dealPlaces, inOrder, orderByCoFiring } from "./unitOrder.js";
import { movePanels, type Panels, readPanels, readRows, writePanels, writeRows } from "./weightPanels.js";

/** What the module exports; assembly/index.ts. Addresses are byte offsets. */
export interface KernelExports {
  run(control: number, program: number, count: number, thread: number, threads: number): void;
  awaitChange(address: number, old: number): number;
  expOf(x: number): number;
  log1pOf(x: number): number;
  tanhOf(x: number): number;
  log(x: number): number;
}

/** What a helper thread needs to take part; see team.ts. */
export interface TeamMember {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  thread: number;
  threads: number;
}

/** Starts helper threads; how depends on the host. `ready` rejects when one of them does not start. */
export type StartTeam = (members: TeamMember[]) => { ready: Promise<void> };

/** The control block at the memory's start, in words: first what the module reads (assembly/structures.ts), then what team.ts does. */
export const control = {
  address: 1024,
  batch: 3,
  step: 4,
  rate: 5,
  l1: 6,
  bytes: 7,
  heldBatch: 8,
  heldRate: 9,
  sequence: 16,
  program: 17,
  count: 18,
} as const;

const pageBytes = 65_536;
/** What the module asks for at least; esbuild.mjs says so to the compiler. */
const minimumPages = 16;
const maximumPages = 65_536;
/** Examples of a mini-batch that needs few rows. */
const mostForStrips = 32;
/** The module keeps its own few constants below this. */
const arenaStart = 131_072;

/** Thrown where a network does not fit into the 4 GiB that WebAssembly can address. */
export class NetworkTooLargeError extends Error {
  readonly code = "networkTooLarge";
  readonly key = "network.hidden";
}

export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): KernelExports {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as KernelExports;
}

interface Program {
  address: number;
  count: number;
}

export class WasmKernels implements Kernels, RowAccess {
  readonly rows = this;
  readonly inputs: Rows;
  readonly labels: Int32Array;
  readonly losses: Float32Array;
  readonly predicted: Int32Array;
  readonly targets: Rows;
  private readonly memory: WebAssembly.Memory;
  private readonly exports: KernelExports;
  private readonly floats: Float32Array;
  private readonly words: Int32Array;
  private readonly octets: Uint8Array;
  private readonly doubles: Float64Array;
  /** The inputs, and the outputs of every layer. */
  private readonly signals: Signal[];
  private readonly layers: Layer[];
  /** Inputs that are given as bytes; what each stands for. */
  private readonly bytes: { address: number; table: number; scale: number };
  private readonly flushProgram: Program;
  private readonly forwardProgram: Program;
  private readonly stepProgram: Program;
  private readonly team: { ready: Promise<void> } | null;
  private readonly optimizerMemory: OptimizerMemory;
  private size = 0;
  /** Of the last step. */
  private learningRate = 0;
  /** Of the hidden layers, in the last step; NaN until asked for. */
  private readonly gradientNorms: Float64Array;
  private copied: { bytes: Uint8Array | null; words: Int32Array | null } = { bytes: null, words: null };
  /** Of the hidden layers: where each unit lies. */
  private places: Int32Array[];

  /**
   * @param capacity largest mini-batch
   * @param batchSize examples of a training step; how weights lie in memory follows from it, and no bit of a result
   * @param threads how many threads compute; the others are started by `startTeam`
   * @throws NetworkTooLargeError
   */
  constructor(
    module: WebAssembly.Module,
    readonly shape: NetworkShape,
    readonly capacity: number,
    private readonly threads = 1,
    startTeam?: StartTeam,
    readonly optimizer: Optimizer = plainSgd,
    readonly objective: Objective = softmax,
    batchSize = capacity,
  ) {
    const { hidden, activation, sharpness } = shape;
    this.places = hidden.map(inOrder);
    this.gradientNorms = new Float64Array(hidden.length);
    const arena = new Arena(arenaStart, capacity, threads);
    const widths = [shape.inputs, ...hidden, shape.classes];
    // in turn: what one signal's parts are read from must not be written to before all threads have read
    const partials = [0, 1].map(() => arena.partial(Math.max(...widths)));
    // large batches need all rows, other optimizers go through all weights, tied ones are copied whole
    const fewRows = hasExactZeros(activation) && batchSize <= mostForStrips;
    const sparse = fewRows && optimizer.name === "sgd" && objective.kind === "softmax";
    const layouts = widths.slice(1).map((units, l) => panelLayout(widths[l]!, units, sparse));
    this.signals = widths.map((width, l) =>
      l > 0 && l <= hidden.length
        ? arena.signal(width, partials[l % 2]!, activation, sharpness, true, layouts[l])
        : arena.signal(width, partials[l % 2]!, "linear", decoderSharpness(shape), false, layouts[l]),
    );
    this.layers = this.signals.slice(1).map((output, l) => arena.layer(this.signals[l]!, output, l === 0, layouts[l]!));
    this.optimizerMemory = new OptimizerMemory(optimizer, arena, this.layers, this.signals);
    this.bytes = { address: arena.take(capacity * this.signal(0).pitch), table: arena.take(1024), scale: 0 };
    const labels = arena.take(capacity * 4);
    const losses = arena.take(capacity * 4);
    const predicted = arena.take(capacity * 4);
    const { signals, layers, bytes } = this;
    const output = this.signal(layers.length);
    const targets = objective.kind === "reconstruction" ? arena.take(capacity * output.pitch * 4) : 0;
    const reconstruction =
      objective.kind === "reconstruction"
        ? { targets, decoder: unitCodes[objective.decoder], tied: objective.tied }
        : null;
    const layout = { signals, layers, bytes, labels, losses, predicted, reconstruction };
    const flush = flushing(layout);
    const forward = predicting(layout);
    const step = training(layout, this.optimizerMemory.updates());
    [this.flushProgram, this.forwardProgram, this.stepProgram] = [flush, forward, step].map(({ length }) => ({
      address: arena.take(length * operationWords * 4),
      count: length,
    })) as [Program, Program, Program];

    const pages = Math.max(minimumPages, Math.ceil(arena.top / pageBytes));
    if (pages > maximumPages)
      throw new NetworkTooLargeError(
        `The network needs ${(arena.top / 2 ** 30).toFixed(1)} GiB, more than the 4 GiB that the built-in engine can address. Use narrower hidden layers or smaller mini-batches.`,
      );
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.exports = instantiate(module, this.memory);
    this.floats = new Float32Array(this.memory.buffer);
    this.words = new Int32Array(this.memory.buffer);
    this.octets = new Uint8Array(this.memory.buffer);
    this.doubles = new Float64Array(this.memory.buffer);
    arena.fill(this.words, this.floats);
    this.write(this.flushProgram, flush);
    this.write(this.forwardProgram, forward);
    this.write(this.stepProgram, step);
    this.words[control.address / 4 + control.bytes] = 0;
    this.listLogits();

    const { values, pitch } = this.signal(0);
    this.inputs = { values: this.view(values, capacity * pitch), pitch };
    this.labels = new Int32Array(this.memory.buffer, labels, capacity);
    this.losses = this.view(losses, capacity);
    this.predicted = new Int32Array(this.memory.buffer, predicted, capacity);
    this.targets = { values: this.view(targets, targets && capacity * output.pitch), pitch: output.pitch };
    for (const { width, lastFiredStep, maxUpdateStep } of this.hiddenSignals()) {
      this.words.fill(-1, lastFiredStep / 4, lastFiredStep / 4 + width);
      this.words.fill(-1, maxUpdateStep / 4, maxUpdateStep / 4 + width);
    }

    const members = Array.from({ length: threads - 1 }, (_, t) => ({
      module,
      memory: this.memory,
      thread: t + 1,
      threads,
    }));
    if (members.length > 0 && !startTeam) throw new Error("Several threads need a way to start them.");
    this.team = members.length > 0 && startTeam ? startTeam(members) : null;
  }

  /** Resolves when all threads are there. Before that nothing may be computed: it would wait for them, and hear of nothing else. */
  async ready(): Promise<void> {
    await this.team?.ready;
  }

  /** All that they hold, from the start to the end. */
  get memoryBytes(): number {
    return this.memory.buffer.byteLength;
  }

  gather(set: ExampleSet, indices: Int32Array): void {
    const { inputs, labels } = set;
    const width = this.shape.inputs;
    const { values, pitch } = this.inputs;
    this.words[control.address / 4 + control.bytes] = inputs.kind === "bytes" ? 1 : 0;
    if (inputs.kind === "bytes") this.useScale(inputs.scale);
    for (let b = 0; b < indices.length; b++) {
      const example = indices[b]!;
      this.labels[b] = labels[example]!;
      if (inputs.kind !== "bytes") writeExample(inputs, example, width, values, b * pitch);
      else this.copyBytes(inputs.values, example * width, this.bytes.address + b * pitch);
    }
  }

  useInputs(): void {
    this.words[control.address / 4 + control.bytes] = 0;
  }

  /** Without a view on the bytes, which would be a new object every time; four at a time where they lie so. */
  private copyBytes(from: Uint8Array, at: number, to: number): void {
    const width = this.shape.inputs;
    if (from !== this.copied.bytes) {
      const whole = (from.byteOffset | width) % 4 === 0;
      const words = whole ? new Int32Array(from.buffer, from.byteOffset, from.length >> 2) : null;
      this.copied = { bytes: from, words };
    }
    const { words } = this.copied;
    if (words) for (let k = 0; k < width >> 2; k++) this.words[(to >> 2) + k] = words[(at >> 2) + k]!;
    else for (let k = 0; k < width; k++) this.octets[to + k] = from[at + k]!;
  }

  load(parameters: Parameters): void {
    this.clear();
    this.layers.forEach((layer, l) => {
      const from = parameters[l];
      const [inputs, units] = [this.signal(l).width, this.signal(l + 1).width];
      if (from?.weightsInOut.length !== inputs * units)
        throw new RangeError(`Layer ${l + 1} has weights of another shape than ${inputs} × ${units}.`);
      writePanels(this.floats, layer.weights, this.panels(l), from);
      if (from.signs) this.writeSigns(l, from.signs);
    });
  }

  read(): Parameters {
    this.flush();
    const parameters = this.layers.map((_, l) => this.readLayer(l));
    if (this.objective.kind === "softmax" || !this.objective.tied) return parameters;
    const [encoder, decoder] = parameters as [LayerParameters, LayerParameters];
    return [encoder, { ...decoder, weightsInOut: transposed(encoder) }];
  }

  clear(): void {
    this.words[control.address / 4 + control.heldBatch] = 0;
    this.optimizerMemory.clear(this.floats);
    this.layers.forEach((layer) => {
      // what lies right of the width too: a step that was not finite leaves its mark there
      this.floats.fill(0, layer.weights / 4, (layer.weights + layer.layout.bytes) / 4);
    });
  }

  readRows(l: number, array: ArrayName, first: number, to: Float32Array): void {
    this.flush();
    readRows(this.floats, this.addressOf(l, array), this.panels(l), first, to);
  }

  writeRows(l: number, array: ArrayName, first: number, from: Float32Array): void {
    writeRows(this.floats, this.addressOf(l, array), this.panels(l), first, from);
    if (array !== "weights") this.optimizerMemory.written(this.floats, l);
  }

  readSigns(l: number): Float32Array {
    const { signs, width } = this.signal(l + 1);
    return this.collect(new Float32Array(width), this.floats, signs, l);
  }

  writeSigns(l: number, signs: Float32Array): void {
    this.scatter(signs, this.floats, this.signal(l + 1).signs, l);
  }

  loadOptimizerState(state: OptimizerState): void {
    this.optimizerMemory.load(this.floats, state, (l) => this.panels(l));
  }

  readOptimizerState(): OptimizerState {
    return this.optimizerMemory.read(this.floats, (l) => this.panels(l));
  }

  loadHistory(history: UnitHistory[]): void {
    this.move(history.map(({ place }) => place.slice()));
    history.forEach(({ lastFiredStep, maxUpdate, maxUpdateStep }, l) => {
      const to = this.signal(l + 1);
      this.scatter(lastFiredStep, this.words, to.lastFiredStep, l);
      this.scatter(maxUpdate, this.floats, to.maxUpdate, l);
      this.scatter(maxUpdateStep, this.words, to.maxUpdateStep, l);
    });
  }

  readHistory(): UnitHistory[] {
    return this.hiddenSignals().map(({ width, lastFiredStep, maxUpdate, maxUpdateStep }, l) => ({
      lastFiredStep: this.collect(new Int32Array(width), this.words, lastFiredStep, l),
      maxUpdate: this.collect(new Float32Array(width), this.floats, maxUpdate, l),
      maxUpdateStep: this.collect(new Int32Array(width), this.words, maxUpdateStep, l),
      place: this.places[l]!.slice(),
    }));
  }

  arrange(set: ExampleSet, indices: Int32Array): void {
    if (!hasExactZeros(this.shape.activation)) return;
    const patterns = firingPatterns(this, set, indices);
    const history = this.readHistory();
    this.loadHistory(history.map((unit, l) => ({ ...unit, place: dealPlaces(orderByCoFiring(patterns[l]!)) })));
  }

  forward(size: number): void {
    this.flush();
    this.run(this.forwardProgram, size);
  }

  step(size: number, { step, learningRate, l1 }: StepSettings): void {
    const at = control.address / 4;
    this.words[at + control.step] = step;
    this.floats[at + control.rate] = this.optimizerMemory.backwardRate(learningRate);
    this.floats[at + control.l1] = l1;
    this.learningRate = learningRate;
    this.gradientNorms.fill(Number.NaN);
    this.optimizerMemory.prepare(this.words, this.floats, learningRate, step);
    this.run(this.stepProgram, size);
    if (this.optimizer.name !== "sgd") return;
    this.words[at + control.heldBatch] = size;
    this.floats[at + control.heldRate] = learningRate;
  }

  outputs(layer: number): UnitRows {
    const { values, pitch } = this.signal(layer + 1);
    const place = this.places[layer] ?? inOrder(this.shape.classes);
    return { values: this.view(values, this.capacity * pitch), pitch, place };
  }

  activeCount(layer: number): number {
    const { activeCounts, countBytes, values, pitch, width } = this.signal(layer + 1);
    let count = 0;
    if (hasExactZeros(this.shape.activation)) {
      for (let quarter = 0; quarter < quarters; quarter++)
        for (let b = 0; b < this.size; b++) count += this.words[(activeCounts + quarter * countBytes) / 4 + b]!;
    } else
      for (let b = 0; b < this.size; b++)
        for (let j = 0; j < width; j++) if (this.floats[values / 4 + b * pitch + j] !== 0) count++;
    return count;
  }

  gradientNorm(layer: number): number {
    const known = this.gradientNorms[layer]!;
    if (known >= 0) return known;
    const { squares } = this.signal(layer + 1);
    let sum = 0;
    for (let quarter = 0; quarter < quarters; quarter++) sum += this.doubles[(squares + quarter * lineBytes) / 8]!;
    const norm = Math.sqrt(sum);
    this.gradientNorms[layer] = norm;
    return norm;
  }

  updateNorm(layer: number): number {
    const { width } = this.signal(layer + 1);
    return this.optimizerMemory.updateNorm(this.floats, layer, width) ?? this.learningRate * this.gradientNorm(layer);
  }

  dispose(): void {
    if (!this.team) return;
    this.announce({ address: 0, count: -1 });
  }

  /** Makes the update that the first layer has held back for the next step. */
  private flush(): void {
    const at = control.address / 4 + control.heldBatch;
    if (this.words[at] === 0) return;
    this.start(this.flushProgram);
    this.words[at] = 0;
  }

  private useScale(scale: number): void {
    if (scale === this.bytes.scale) return;
    for (let value = 0; value < 256; value++) this.floats[this.bytes.table / 4 + value] = value * scale;
    this.bytes.scale = scale;
  }

  private run(program: Program, size: number): void {
    if (size < 1 || size > this.capacity) throw new RangeError(`A batch holds 1 to ${this.capacity} examples.`);
    this.size = size;
    this.words[control.address / 4 + control.batch] = size;
    this.start(program);
  }

  private start(program: Program): void {
    if (this.team) this.announce(program);
    this.exports.run(control.address, program.address, program.count, 0, this.threads);
  }

  /** Lets the helpers begin; they wait on the sequence number. */
  private announce(program: Program): void {
    const at = control.address / 4;
    this.words[at + control.program] = program.address;
    this.words[at + control.count] = program.count;
    Atomics.add(this.words, at + control.sequence, 1);
    Atomics.notify(this.words, at + control.sequence);
  }

  /** Every logit has a gradient: their blocks are listed once and for all. */
  private listLogits(): void {
    const { blocks, blockBytes, blockCounts, countBytes, width } = this.signals.at(-1)!;
    const { offsets } = this.layers.at(-1)!.layout;
    const panels = quarterPanels(width);
    const all = Math.ceil(width / 4);
    for (let quarter = 0; quarter < quarters; quarter++) {
      const [first, end] = [panels[quarter]! * 4, Math.min(all, panels[quarter + 1]! * 4)];
      for (let b = 0; b < this.capacity; b++) {
        this.words[(blockCounts + quarter * countBytes) / 4 + b] = Math.max(0, end - first);
        for (let k = first; k < end; k++) {
          const at = (blocks + b * blockBytes) / 4 + (k + quarter * 4) * 2;
          this.words[at] = offsets[Math.floor(k / 4)]! + (k % 4) * 16;
          this.words[at + 1] = k * 16;
        }
      }
    }
  }

  private write({ address }: Program, operations: Operation[]): void {
    operations.forEach((operation, k) => {
      this.words.set(operation as number[], address / 4 + k * operationWords);
    });
  }

  private readLayer(l: number): LayerParameters {
    return {
      ...readPanels(this.floats, this.layers[l]!.weights, this.panels(l)),
      signs: this.signal(l + 1).signs ? this.readSigns(l) : null,
    };
  }

  /** Moves the units to new places, and what the optimizer keeps of them. */
  private move(places: Int32Array[]): void {
    this.flush();
    const old = this.places;
    this.layers.forEach(({ weights }, l) => {
      this.places = old;
      const from = this.panels(l);
      const signs = this.signal(l + 1).signs ? this.readSigns(l) : null;
      this.places = places;
      const to = this.panels(l);
      movePanels(this.floats, weights, from, to);
      this.optimizerMemory.moveLayer(this.floats, l, from, to);
      if (signs) this.writeSigns(l, signs);
    });
  }

  private addressOf(l: number, array: ArrayName): number {
    return array === "weights" ? this.layers[l]!.weights : this.optimizerMemory.addressOf(l, array);
  }

  /** Writes a hidden layer's figures, in the order of the units, to where the units lie. */
  private scatter(from: Float32Array | Int32Array, to: Float32Array | Int32Array, address: number, l: number): void {
    const place = this.places[l]!;
    for (let j = 0; j < from.length; j++) to[address / 4 + place[j]!] = from[j]!;
  }

  private collect<T extends Float32Array | Int32Array>(to: T, from: T, address: number, l: number): T {
    const place = this.places[l]!;
    for (let j = 0; j < to.length; j++) to[j] = from[address / 4 + place[j]!]!;
    return to;
  }

  /** How layer l's weights, and what an optimizer keeps of them, are laid out. */
  private panels(l: number): Panels {
    return {
      layout: this.layers[l]!.layout,
      inputs: { count: this.signal(l).width, places: this.places[l - 1] },
      places: this.places[l] ?? inOrder(this.signal(l + 1).width),
    };
  }

  private hiddenSignals(): Signal[] {
    return this.signals.slice(1, -1);
  }

  private view(address: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, length);
  }

  private signal(l: number): Signal {
    const signal = this.signals[l];
    if (!signal) throw new RangeError(`There is no layer ${l}.`);
    return signal;
  }
}
