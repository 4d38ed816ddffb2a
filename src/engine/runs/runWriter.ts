/** Writes a run folder while its run goes on. docs/run-folder.md describes the files. */
import fs from "node:fs";
import path from "node:path";
import type { EvalLine, MetricsLine, RunRecord } from "../../common/run.js";
import { encodeSafetensors } from "../formats/safetensors.js";
import type { Measurement } from "../training/train.js";
import { writeAtomically } from "./atomicFile.js";
import { createRunFolder, folderError, removeUnstarted, runFiles } from "./runFolder.js";
import { checkpointTensors, unitTensors } from "./runTensors.js";

export class RunWriter {
  private readonly metrics: number;
  /** Bytes of metrics.jsonl that are whole lines. */
  private metricsLength = 0;
  private pending: string[] = [];

  /** Creates the folder. @throws RunFolderError */
  constructor(
    readonly folder: string,
    record: RunRecord,
  ) {
    const existed = fs.existsSync(folder);
    try {
      createRunFolder(folder);
      this.metrics = this.guarded(() => fs.openSync(path.join(folder, runFiles.metrics), "a"));
      this.writeRecord(record);
    } catch (error) {
      removeUnstarted(folder, existed);
      throw error;
    }
  }

  writeRecord(record: RunRecord): void {
    this.guarded(() =>
      writeAtomically(path.join(this.folder, runFiles.record), `${JSON.stringify(record, null, 2)}\n`),
    );
  }

  /** Keeps the line for the next flush. */
  append(line: MetricsLine): void {
    this.pending.push(JSON.stringify(line));
  }

  /** Writes the lines kept so far; a line that did not fit on the disk is taken back. */
  flush(): void {
    if (this.pending.length === 0) return;
    const bytes = Buffer.from(`${this.pending.join("\n")}\n`);
    this.guarded(() => {
      try {
        for (let at = 0; at < bytes.length; ) at += fs.writeSync(this.metrics, bytes, at);
      } catch (error) {
        fs.ftruncateSync(this.metrics, this.metricsLength);
        throw error;
      }
    });
    this.metricsLength += bytes.length;
    this.pending = [];
  }

  writeUnits({ line, units }: Measurement): void {
    const file = path.join(this.folder, runFiles.units, `${line.step}.safetensors`);
    this.guarded(() => writeAtomically(file, encodeSafetensors(unitTensors(units), positionOf(line))));
  }

  writeCheckpoint(
    name: "best" | "last",
    { line, parameters, history }: Measurement,
    network: Record<string, string>,
  ): void {
    const file = path.join(this.folder, runFiles.checkpoints, `${name}.safetensors`);
    const tensors = checkpointTensors(parameters, name === "last" ? history : null);
    this.guarded(() => writeAtomically(file, encodeSafetensors(tensors, { ...positionOf(line), ...network })));
  }

  close(): void {
    fs.closeSync(this.metrics);
  }

  private guarded<T>(write: () => T): T {
    try {
      return write();
    } catch (error) {
      throw folderError(error, this.folder);
    }
  }
}

function positionOf({ set, n, step, epoch, loss, error }: EvalLine): Record<string, string> {
  return { set, n: String(n), step: String(step), epoch: String(epoch), loss: String(loss), error: String(error) };
}
