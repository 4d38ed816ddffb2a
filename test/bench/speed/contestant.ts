/** A contestant as a process of its own that answers one request at a time. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import readline from "node:readline";
import type { Checked, Loaded, Memory, Request, Timed, Tuned } from "./protocol.js";

type AnswerTo = { load: Loaded; tune: Tuned; check: Checked; train: Timed; infer: Timed; memory: Memory };

export class Contestant {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;
  private complaints = "";

  constructor(
    readonly name: string,
    command: readonly string[],
    environment: NodeJS.ProcessEnv = {},
  ) {
    const [program, ...args] = command;
    this.child = spawn(program as string, args, { env: { ...process.env, ...environment } });
    this.child.stderr.on("data", (data: Buffer) => {
      this.complaints += data;
    });
    this.child.on("error", () => {}); // its output ends, which ask() tells
    this.child.stdin.on("error", () => {});
    this.lines = readline.createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async ask<D extends keyof AnswerTo>(request: Request & { do: D }): Promise<AnswerTo[D]> {
    this.child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.lines.next();
    if (done)
      throw new Error(
        `${this.name} ended at "${request.do}": ${this.complaints.trim().slice(-2000) || "without a word"}`,
      );
    return JSON.parse(value) as AnswerTo[D];
  }

  end(): Promise<void> {
    return new Promise((resolve) => {
      if (this.child.exitCode !== null || this.child.signalCode !== null) return resolve();
      this.child.once("exit", () => resolve());
      this.child.stdin.end();
    });
  }
}
