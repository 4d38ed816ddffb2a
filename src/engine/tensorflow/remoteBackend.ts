/** A backend and an auto-encoder that live in another process: every call is a message there and back. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Autoencoder, ReconstructionEvaluation } from "../backends/autoencoder.js";
import type { Awaitable, Backend, Evaluation, StepResult } from "../backends/backend.js";
import type { ExampleSet } from "../data/dataset.js";
import type { StepSettings, UnitHistory } from "../kernels/kernels.js";
import type { OptimizerState } from "../kernels/optimizerState.js";
import type { Parameters } from "../network/network.js";
import { LayerStatistics } from "../sparsity/layerStatistics.js";
import type { KeptSet } from "./tensorflowMessages.js";
import type { TensorflowProcess } from "./tensorflowProcess.js";

/** While a call takes long, others get a turn this often. */
const turnMs = 40;

/** Sets that a process has been given, by number. */
export class KeptSets {
  private readonly sets: ExampleSet[] = [];

  constructor(private readonly process: TensorflowProcess) {}

  async numberOf(examples: ExampleSet): Promise<KeptSet> {
    const known = this.sets.indexOf(examples);
    if (known >= 0) return { keptSet: known };
    const set = this.sets.push(examples) - 1;
    await this.process.ask({ do: "keep", set, examples });
    return { keptSet: set };
  }
}

/** What a backend and an auto-encoder have in common. */
class RemoteObject {
  constructor(
    protected readonly process: TensorflowProcess,
    private readonly sets: KeptSets,
    private readonly object: number,
  ) {}

  load(parameters: Parameters): Promise<void> {
    return this.call("load", parameters);
  }

  read(): Promise<Parameters> {
    return this.call("read");
  }

  loadHistory(history: UnitHistory[]): Promise<void> {
    return this.call("loadHistory", history);
  }

  readHistory(): Promise<UnitHistory[]> {
    return this.call("readHistory");
  }

  async trainStep(set: ExampleSet, indices: Int32Array, settings: StepSettings): Promise<StepResult> {
    return this.call("trainStep", await this.sets.numberOf(set), indices, settings);
  }

  dispose(): void {
    // where the process is gone, so is the object
    this.process.ask({ do: "close", object: this.object }).catch(() => {});
  }

  protected call<T>(method: string, ...given: unknown[]): Promise<T> {
    return this.process.ask({ do: "call", object: this.object, method, given });
  }

  /** A call that takes long. */
  protected async pass<T>(method: string, set: ExampleSet, turn: () => Awaitable<void>): Promise<T> {
    const work = this.call<T>(method, await this.sets.numberOf(set));
    let over = false;
    const settled = work.then(
      () => {
        over = true;
      },
      () => {
        over = true;
      },
    );
    while (!over) {
      await Promise.race([settled, sleep(turnMs)]);
      await turn();
    }
    return work;
  }
}

export class RemoteBackend extends RemoteObject implements Backend {
  constructor(
    readonly name: string,
    ...rest: ConstructorParameters<typeof RemoteObject>
  ) {
    super(...rest);
  }

  loadOptimizerState(state: OptimizerState): Promise<void> {
    return this.call("loadOptimizerState", state);
  }

  readOptimizerState(): Promise<OptimizerState> {
    return this.call("readOptimizerState");
  }

  /** How many examples are done is not told: 0 until the end. */
  async evaluate(set: ExampleSet, turn: (done: number) => Awaitable<void>): Promise<Evaluation> {
    const evaluation = await this.pass<Evaluation>("evaluate", set, () => turn(0));
    return { ...evaluation, layers: evaluation.layers.map(asStatistics) };
  }

  firstNonFiniteLayer(): Promise<number | null> {
    return this.call("firstNonFiniteLayer");
  }
}

export class RemoteAutoencoder extends RemoteObject implements Autoencoder {
  loadBelow(parameters: Parameters): Promise<void> {
    return this.call("loadBelow", parameters);
  }

  setScale(scale: number): Promise<void> {
    return this.call("setScale", scale);
  }

  greatestInput(set: ExampleSet, turn: () => Awaitable<void>): Promise<number> {
    return this.pass("greatestInput", set, turn);
  }

  async evaluate(set: ExampleSet, turn: () => Awaitable<void>): Promise<ReconstructionEvaluation> {
    const evaluation = await this.pass<ReconstructionEvaluation>("evaluate", set, turn);
    return { ...evaluation, layer: asStatistics(evaluation.layer) };
  }
}

/** A message carries the numbers of an object, not what it can do. */
function asStatistics(sent: LayerStatistics): LayerStatistics {
  return Object.assign(new LayerStatistics(sent.units), sent);
}
