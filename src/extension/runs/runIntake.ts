/** Takes a worker's messages into the run's model, in their order. A run that goes on begins with what its folder holds. */
import type { FromWorker } from "../../common/messages.js";
import type { RunRecord } from "../../common/run.js";
import { RunModel } from "./runModel.js";

export class RunIntake {
  private current: RunModel | null = null;
  private waiting: FromWorker[] | null = null;
  private reading: Promise<void> = Promise.resolve();

  constructor(
    private readonly folder: string,
    /** What a run that goes on had before; null for one that begins. */
    private readonly past: (() => Promise<RunModel>) | null,
    /** After the model took a message in. */
    private readonly taken: (model: RunModel, message: FromWorker) => void,
  ) {}

  /** Null until the run has started. */
  get model(): RunModel | null {
    return this.current;
  }

  receive(message: FromWorker): void {
    if (this.waiting) this.waiting.push(message);
    else if (message.type === "started" && this.past) {
      this.waiting = [message];
      this.reading = this.read(message.run, this.past);
    } else this.take(message);
  }

  /** Resolves when every message so far is in the model. */
  async settled(): Promise<void> {
    await this.reading;
  }

  private async read(run: RunRecord, past: () => Promise<RunModel>): Promise<void> {
    this.current = await past().catch(() => new RunModel(this.folder, run));
    const messages = this.waiting ?? [];
    this.waiting = null;
    for (const message of messages) this.take(message);
  }

  private take(message: FromWorker): void {
    if (message.type === "started") this.current ??= new RunModel(this.folder, message.run);
    if (!this.current) return;
    this.current.apply(message);
    this.taken(this.current, message);
  }
}
