/** The kernels in WebAssembly: lays a network out in shared memory and writes the programs that assembly/index.ts runs. */
import type { Activation } from "../../common/units.js";
import { layerSizes, type NetworkShape, type Parameters } from "../network/network.js";
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

/** The control block at the memory's start, in words. The first two belong to the barrier. */
export const control = { address: 1024, batch: 2, step: 3, rate: 4, l1: 5, sequence: 6, program: 7, count: 8 } as const;

const code = { list: 1, forward: 2, activate: 3, loss: 4, backward: 5, gradient: 6, gram: 7, biases: 8 } as const;
const unitCode: Record<Activation, number> = { rectifier: 0, softplus: 1, tanh: 2, logistic: 3 };

const wordsPerOperation = 16;
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

/** Where a layer's arrays lie, as byte offsets. */
interface Layout {
  inputs: number;
  units: number;
  /** Floats from row to row of everything with a column per unit. */
  pitch: number;
  weights: number;
  biases: number;
  outputs: number;
  delta: number;
  signs: number;
  active: number;
  lastFired: number;
  maxUpdate: number;
  maxUpdateStep: number;
  squares: number;
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
  private readonly layers: Layout[];
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
    const arena = new Arena();
    const inputPitch = padded(shape.inputs);
    const inputs = arena.take(capacity * inputPitch);
    const inputActive = arena.take(capacity * (inputPitch + 1));
    const labels = arena.take(capacity);
    const losses = arena.take(capacity);
    const predicted = arena.take(capacity);
    const gram = arena.take(capacity * capacity);
    this.layers = layerSizes(shape).map(({ inputs, units }) => {
      const pitch = padded(units);
      const vector = () => arena.take(pitch);
      return {
        inputs,
        units,
        pitch,
        weights: arena.take(inputs * pitch),
        biases: vector(),
        outputs: arena.take(capacity * pitch),
        delta: arena.take(capacity * pitch),
        signs: vector(),
        active: arena.take(capacity * (pitch + 1)),
        lastFired: vector(),
        maxUpdate: vector(),
        maxUpdateStep: vector(),
        squares: vector(),
      };
    });
    const programWords = arena.take(wordsPerOperation * 16 * this.layers.length * 2);

    const pages = Math.max(minimumPages, Math.ceil(arena.top / pageBytes));
    if (pages > maximumPages)
      throw new NetworkTooLargeError(
        `The network needs ${(arena.top / 2 ** 30).toFixed(1)} GiB, more than the 4 GiB that the built-in engine can address. Use narrower hidden layers or smaller mini-batches.`,
      );
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.exports = instantiate(module, this.memory);
    this.floats = new Float32Array(this.memory.buffer);
    this.words = new Int32Array(this.memory.buffer);
    this.inputs = { values: this.view(inputs, capacity * inputPitch), pitch: inputPitch };
    this.labels = new Int32Array(this.memory.buffer, labels, capacity);
    this.losses = this.view(losses, capacity);
    this.predicted = new Int32Array(this.memory.buffer, predicted, capacity);

    const forward = this.forwardOperations({ inputs, inputPitch, inputActive, labels, losses, predicted });
    this.forwardProgram = this.write(programWords, forward);
    const step = [...forward, ...this.backwardOperations({ inputs, inputPitch, gram })];
    this.stepProgram = this.write(programWords + forward.length * wordsPerOperation * 4, step);

    for (const layer of this.layers.slice(0, -1)) {
      this.words.fill(-1, layer.lastFired / 4, layer.lastFired / 4 + layer.pitch);
      this.words.fill(-1, layer.maxUpdateStep / 4, layer.maxUpdateStep / 4 + layer.pitch);
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

  load(parameters: Parameters): void {
    this.layers.forEach(({ inputs, units, pitch, weights, biases, signs }, l) => {
      const from = parameters[l];
      if (from?.weightsInOut.length !== inputs * units)
        throw new RangeError(`Layer ${l + 1} has weights of another shape than ${inputs} × ${units}.`);
      for (let i = 0; i < inputs; i++)
        this.floats.set(from.weightsInOut.subarray(i * units, (i + 1) * units), weights / 4 + i * pitch);
      this.floats.set(from.biases, biases / 4);
      if (from.signs) this.floats.set(from.signs, signs / 4);
    });
  }

  read(): Parameters {
    return this.layers.map(({ inputs, units, pitch, weights, biases, signs }, l) => {
      const weightsInOut = new Float32Array(inputs * units);
      for (let i = 0; i < inputs; i++) weightsInOut.set(this.view(weights + i * pitch * 4, units), i * units);
      const hidden = l < this.shape.hidden.length;
      return {
        weightsInOut,
        biases: this.view(biases, units).slice(),
        signs: hidden ? this.view(signs, units).slice() : null,
      };
    });
  }

  loadHistory(history: UnitHistory[]): void {
    history.forEach(({ lastFiredStep, maxUpdate, maxUpdateStep }, l) => {
      const layer = this.layer(l);
      this.words.set(lastFiredStep, layer.lastFired / 4);
      this.floats.set(maxUpdate, layer.maxUpdate / 4);
      this.words.set(maxUpdateStep, layer.maxUpdateStep / 4);
    });
  }

  readHistory(): UnitHistory[] {
    return this.layers.slice(0, -1).map(({ units, lastFired, maxUpdate, maxUpdateStep }) => ({
      lastFiredStep: this.words.slice(lastFired / 4, lastFired / 4 + units),
      maxUpdate: this.view(maxUpdate, units).slice(),
      maxUpdateStep: this.words.slice(maxUpdateStep / 4, maxUpdateStep / 4 + units),
    }));
  }

  forward(size: number): void {
    this.run(this.forwardProgram, size);
  }

  step(size: number, { step, learningRate, l1 }: StepSettings): void {
    const at = control.address / 4;
    this.words[at + control.step] = step;
    this.floats[at + control.rate] = learningRate;
    this.floats[at + control.l1] = l1;
    this.run(this.stepProgram, size);
  }

  outputs(layer: number): Rows {
    const { outputs, pitch } = this.layer(layer);
    return { values: this.view(outputs, this.capacity * pitch), pitch };
  }

  activeCount(layer: number): number {
    const { active, pitch } = this.layer(layer);
    let count = 0;
    for (let b = 0; b < this.size; b++) count += this.words[active / 4 + b * (pitch + 1)] as number;
    return count;
  }

  gradientNorm(layer: number): number {
    const { squares, units } = this.layer(layer);
    return Math.sqrt(this.view(squares, units).reduce((sum, square) => sum + square, 0));
  }

  dispose(): void {
    if (!this.team) return;
    this.announce({ address: 0, count: -1 });
  }

  private run(program: Program, size: number): void {
    if (size < 1 || size > this.capacity) throw new RangeError(`A batch holds 1 to ${this.capacity} examples.`);
    this.size = size;
    this.words[control.address / 4 + control.batch] = size;
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

  private forwardOperations(at: {
    inputs: number;
    inputPitch: number;
    inputActive: number;
    labels: number;
    losses: number;
    predicted: number;
  }): Operation[] {
    const { activation, sharpness } = this.shape;
    const operations: Operation[] = [[code.list, at.inputs, at.inputPitch, at.inputActive, at.inputPitch + 1]];
    let x = { outputs: at.inputs, pitch: at.inputPitch, active: at.inputActive };
    for (const layer of this.layers) {
      const { weights, biases, outputs, pitch, signs, active, units } = layer;
      operations.push([code.forward, x.outputs, x.pitch, x.active, x.pitch + 1, weights, biases, outputs, pitch]);
      if (layer === this.layers.at(-1))
        operations.push([code.loss, outputs, pitch, units, at.labels, layer.delta, at.losses, at.predicted]);
      else
        operations.push([
          code.activate,
          unitCode[activation],
          { float: sharpness },
          outputs,
          pitch,
          signs,
          active,
          pitch + 1,
        ]);
      x = layer;
    }
    return operations;
  }

  private backwardOperations(at: { inputs: number; inputPitch: number; gram: number }): Operation[] {
    const { activation, sharpness } = this.shape;
    const unit = unitCode[activation];
    const operations: Operation[] = [];
    for (let l = this.layers.length - 1; l >= 0; l--) {
      const layer = this.layer(l);
      const below = this.layers[l - 1];
      const { inputs, weights, biases, delta, pitch, squares } = layer;
      const [x, xPitch] = below ? [below.outputs, below.pitch] : [at.inputs, at.inputPitch];
      if (l < this.layers.length - 1) {
        const { outputs, lastFired, maxUpdate, maxUpdateStep } = layer;
        operations.push([code.gradient, unit, { float: sharpness }, delta, outputs, layer.signs, pitch]);
        operations.push([code.gram, x, xPitch, at.gram]);
        operations.push([
          code.biases,
          delta,
          outputs,
          at.gram,
          biases,
          pitch,
          lastFired,
          maxUpdate,
          maxUpdateStep,
          squares,
        ]);
      } else {
        operations.push([code.gram, x, xPitch, at.gram]);
        operations.push([code.biases, delta, 0, at.gram, biases, pitch, 0, 0, 0, squares]);
      }
      const sparse = activation === "rectifier" ? 1 : 0;
      operations.push([code.backward, x, xPitch, inputs, weights, delta, pitch, below?.delta ?? 0, sparse]);
    }
    return operations;
  }

  private write(address: number, operations: Operation[]): Program {
    operations.forEach((operation, k) => {
      operation.forEach((argument, i) => {
        const word = address / 4 + k * wordsPerOperation + i;
        if (typeof argument === "number") this.words[word] = argument;
        else this.floats[word] = argument.float;
      });
    });
    return { address, count: operations.length };
  }

  private view(address: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, length);
  }

  private layer(l: number): Layout {
    const layer = this.layers[l];
    if (!layer) throw new RangeError(`There is no layer ${l + 1}.`);
    return layer;
  }
}

type Operation = (number | { float: number })[];

/** Hands out memory from the bottom up, in words, each piece on a cache line of its own. */
class Arena {
  top = arenaStart;
  take(words: number): number {
    const address = this.top;
    this.top += Math.ceil((words * 4) / 64) * 64;
    return address;
  }
}

function padded(columns: number): number {
  return Math.ceil(columns / 4) * 4;
}
