/** The kernels in WebAssembly: lays a network out in shared memory and writes the programs that assembly/index.ts runs. */
import { type ExampleSet, writeExample } from "../data/dataset.js";
import { layerSizes, type NetworkShape, type Parameters } from "../network/network.js";
import { Arena, type Layer, panelColumns, quarters, type Signal } from "./arena.js";
import type { Kernels, Rows, StepSettings, UnitHistory } from "./kernels.js";

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
  batch: 2,
  step: 3,
  rate: 4,
  l1: 5,
  bytes: 6,
  heldBatch: 7,
  heldRate: 8,
  sequence: 16,
  program: 17,
  count: 18,
} as const;

const code = {
  barrier: 0,
  list: 1,
  union: 2,
  mark: 3,
  gram: 4,
  forward: 5,
  loss: 6,
  backward: 7,
  gradient: 8,
  biases: 9,
  hold: 10,
  update: 11,
  input: 12,
} as const;

/** code, and what it works on: the words of an operation in assembly/index.ts. */
type Operation = [code: number, on?: number, a?: number, b?: number, c?: number];
const operationWords = 5;
const barrier: Operation = [code.barrier];

const pageBytes = 65_536;
/** What the module asks for at least; esbuild.mjs says so to the compiler. */
const minimumPages = 16;
const maximumPages = 65_536;
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

export class WasmKernels implements Kernels {
  readonly inputs: Rows;
  readonly labels: Int32Array;
  readonly losses: Float32Array;
  readonly predicted: Int32Array;
  private readonly memory: WebAssembly.Memory;
  private readonly exports: KernelExports;
  private readonly floats: Float32Array;
  private readonly words: Int32Array;
  private readonly octets: Uint8Array;
  /** The inputs, and the outputs of every layer. */
  private readonly signals: Signal[];
  private readonly layers: Layer[];
  /** Inputs that are given as bytes; what each stands for. */
  private readonly bytes: { address: number; table: number; scale: number };
  private readonly flushProgram: Program;
  private readonly forwardProgram: Program;
  private readonly stepProgram: Program;
  private readonly team: { ready: Promise<void> } | null;
  private size = 0;

  /**
   * @param capacity largest mini-batch
   * @param threads how many threads compute; the others are started by `startTeam`
   * @throws NetworkTooLargeError
   */
  constructor(
    module: WebAssembly.Module,
    readonly shape: NetworkShape,
    readonly capacity: number,
    private readonly threads = 1,
    startTeam?: StartTeam,
  ) {
    const { hidden, activation, sharpness } = shape;
    const arena = new Arena(arenaStart);
    this.signals = [
      arena.signal(shape.inputs, capacity, "linear", 1, false),
      ...hidden.map((units) => arena.signal(units, capacity, activation, sharpness, true)),
      arena.signal(shape.classes, capacity, "linear", 1, false),
    ];
    this.layers = this.signals
      .slice(1)
      .map((output, l) => arena.layer(this.signals[l] as Signal, output, capacity, threads, l === 0));
    this.bytes = { address: arena.take((capacity * this.signal(0).pitch) / 4), table: arena.take(256), scale: 0 };
    const labels = arena.take(capacity);
    const losses = arena.take(capacity);
    const predicted = arena.take(capacity);
    const flush: Operation[] = [[code.update, this.layers[0]!.address], barrier];
    const forward = this.forwardOperations(labels, losses, predicted, false);
    const step = [...this.forwardOperations(labels, losses, predicted, true), ...this.backwardOperations()];
    this.flushProgram = { address: arena.take(flush.length * operationWords), count: flush.length };
    this.forwardProgram = { address: arena.take(forward.length * operationWords), count: forward.length };
    this.stepProgram = { address: arena.take(step.length * operationWords), count: step.length };

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
    arena.write(this.words, this.floats);
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
      else
        this.octets.set(inputs.values.subarray(example * width, (example + 1) * width), this.bytes.address + b * pitch);
    }
  }

  load(parameters: Parameters): void {
    this.words[control.address / 4 + control.heldBatch] = 0;
    layerSizes(this.shape).forEach(({ inputs, units }, l) => {
      const from = parameters[l];
      if (from?.weightsInOut.length !== inputs * units)
        throw new RangeError(`Layer ${l + 1} has weights of another shape than ${inputs} × ${units}.`);
      this.eachPiece(l, (row, column, address, columns) => {
        const source = row < inputs ? from.weightsInOut : from.biases;
        const start = (row < inputs ? row * units : 0) + column;
        this.floats.set(source.subarray(start, start + columns), address / 4);
      });
      if (from.signs) this.floats.set(from.signs, this.signal(l + 1).signs / 4);
    });
  }

  read(): Parameters {
    this.flush();
    return layerSizes(this.shape).map(({ inputs, units }, l) => {
      const weightsInOut = new Float32Array(inputs * units);
      const biases = new Float32Array(units);
      this.eachPiece(l, (row, column, address, columns) => {
        if (row < inputs) weightsInOut.set(this.view(address, columns), row * units + column);
        else biases.set(this.view(address, columns), column);
      });
      const { signs } = this.signal(l + 1);
      return { weightsInOut, biases, signs: signs ? this.view(signs, units).slice() : null };
    });
  }

  loadHistory(history: UnitHistory[]): void {
    history.forEach(({ lastFiredStep, maxUpdate, maxUpdateStep }, l) => {
      const to = this.signal(l + 1);
      this.words.set(lastFiredStep, to.lastFiredStep / 4);
      this.floats.set(maxUpdate, to.maxUpdate / 4);
      this.words.set(maxUpdateStep, to.maxUpdateStep / 4);
    });
  }

  readHistory(): UnitHistory[] {
    return this.hiddenSignals().map(({ width, lastFiredStep, maxUpdate, maxUpdateStep }) => ({
      lastFiredStep: this.words.slice(lastFiredStep / 4, lastFiredStep / 4 + width),
      maxUpdate: this.view(maxUpdate, width).slice(),
      maxUpdateStep: this.words.slice(maxUpdateStep / 4, maxUpdateStep / 4 + width),
    }));
  }

  forward(size: number): void {
    this.flush();
    this.run(this.forwardProgram, size);
  }

  step(size: number, { step, learningRate, l1 }: StepSettings): void {
    const at = control.address / 4;
    this.words[at + control.step] = step;
    this.floats[at + control.rate] = learningRate;
    this.floats[at + control.l1] = l1;
    this.run(this.stepProgram, size);
    this.words[at + control.heldBatch] = size;
    this.floats[at + control.heldRate] = learningRate;
  }

  outputs(layer: number): Rows {
    const { values, pitch } = this.signal(layer + 1);
    return { values: this.view(values, this.capacity * pitch), pitch };
  }

  activeCount(layer: number): number {
    const { activeEnds } = this.signal(layer + 1);
    let count = 0;
    for (let b = 0; b < this.size; b++) count += this.words[activeEnds / 4 + b * quarters + quarters - 1]!;
    return count;
  }

  gradientNorm(layer: number): number {
    const { squares, width } = this.signal(layer + 1);
    let sum = 0;
    for (let j = 0; j < width; j++) sum += this.floats[squares / 4 + j] as number;
    return Math.sqrt(sum);
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

  /** @param training lists also what only the backward pass needs */
  private forwardOperations(labels: number, losses: number, predicted: number, training: boolean): Operation[] {
    const operations: Operation[] = [];
    const { bytes } = this;
    this.layers.forEach((layer, l) => {
      const input = this.signal(l);
      const below = this.layers[l - 1];
      if (below) operations.push([code.list, input.address, below.panelBytes], [code.union, input.address]);
      // bytes become values, which the union and the Gram matrix are made from
      else
        operations.push([code.input, input.address, bytes.address, bytes.table], barrier, [code.union, input.address]);
      if (training) operations.push([code.gram, layer.address]);
      if (training && below) operations.push([code.mark, input.address]);
      operations.push(barrier, [code.forward, layer.address, training && !below ? 1 : 0], barrier);
    });
    return [...operations, [code.loss, this.layers.at(-1)!.address, labels, losses, predicted], barrier];
  }

  private backwardOperations(): Operation[] {
    const operations: Operation[] = [];
    for (let l = this.layers.length - 1; l >= 0; l--) {
      const { address, narrow } = this.layers[l]!;
      const input = this.signal(l);
      operations.push([code.biases, address], [l > 0 ? code.backward : code.hold, address], barrier);
      if (l > 0) operations.push([code.gradient, input.address, narrow ? 1 : quarters], barrier);
    }
    return operations;
  }

  /** Every logit has a gradient: their blocks are listed once and for all. */
  private listLogits(): void {
    const { blocks, blockEnds, pitch, width } = this.signals.at(-1)!;
    const panels = Math.ceil(width / panelColumns);
    for (let b = 0; b < this.capacity; b++) {
      const count = Math.ceil(width / 4);
      for (let quarter = 0; quarter < quarters; quarter++) {
        const columns = Math.floor((panels * (quarter + 1)) / quarters) * panelColumns;
        this.words[blockEnds / 4 + b * quarters + quarter] = Math.min(count, columns / 4);
      }
      for (let k = 0; k < count; k++) {
        const at = blocks / 4 + (b * (pitch / 4) + k) * 2;
        const panel = Math.floor((4 * k) / panelColumns);
        this.words[at] = panel * this.layers.at(-1)!.panelBytes + ((4 * k) % panelColumns) * 4;
        this.words[at + 1] = k * 16;
      }
    }
  }

  private write({ address }: Program, operations: Operation[]): void {
    operations.forEach((operation, k) => {
      this.words.set(operation as number[], address / 4 + k * operationWords);
    });
  }

  /** Visits the weights of layer l as they lie: pieces of rows; the row after the last holds the biases. */
  private eachPiece(l: number, visit: (row: number, column: number, address: number, columns: number) => void): void {
    const { weights, panelBytes, panels } = this.layers[l]!;
    const rows = this.signal(l).width + 1;
    const units = this.signal(l + 1).width;
    for (let p = 0; p < panels; p++)
      for (let row = 0; row < rows; row++) {
        const column = p * panelColumns;
        visit(row, column, weights + p * panelBytes + row * panelColumns * 4, Math.min(panelColumns, units - column));
      }
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
