/** The thread that reads for one inspector. It may crash, or run out of memory, and takes nobody along. */
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { FromInspector, InspectorInput, ToInspector } from "../../common/inspectorMessages.js";

/** Of JavaScript objects, such as names and figures; values stream by. */
const heapMegabytes = 512;

export class InspectorThread {
  private readonly worker: Worker;
  private ended = false;

  /**
   * @param assets folder with inspector.js
   * @param crashed called once, when it ended without being asked to
   */
  constructor(
    assets: string,
    workerData: InspectorInput,
    receive: (message: FromInspector) => void,
    crashed: (error: Error & { code?: string }) => void,
  ) {
    this.worker = new Worker(path.join(assets, "inspector.js"), {
      workerData,
      execArgv: [],
      name: "rectiscope inspector",
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
    });
    const end = (error: Error) => {
      if (this.ended) return;
      this.ended = true;
      crashed(error);
    };
    this.worker.on("message", (message) => this.ended || receive(message));
    this.worker.on("error", end);
    this.worker.on("exit", (code) => end(new Error(`The thread that reads the file ended with code ${code}.`)));
  }

  post(message: ToInspector): void {
    if (!this.ended) this.worker.postMessage(message);
  }

  dispose(): void {
    this.ended = true;
    void this.worker.terminate();
  }
}
