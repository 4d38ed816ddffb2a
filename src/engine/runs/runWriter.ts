/** Writes a run folder while its run goes on. docs/run-folder.md describes the files. */
import fs from "node:fs";
import path from "node:path";
import type { EvalLine, MetricsLine, ReconstructionLine, RunRecord } from "../../common/run.js";
import type { Dataset } from "../data/dataset.js";
import { encodeSafetensors, safetensorsPieces } from "../formats/safetensors.js";
import type { UnitHistory } from "../kernels/kernels.js";
import type { LockFile } from "../lockFile.js";
import type { NetworkShape } from "../network/network.js";
import { arraysInMemory } from "../network/networkArrays.js";
import type { UnitStatistics } from "../sparsity/unitStatistics.js";
import type { Measurement } from "../training/measure.js";
import type { PretrainingCheckpoint } from "../training/pretrainingState.js";
import type { DecoderNote } from "../training/reconstruct.js";
import type { Checkpoint } from "../training/trainingState.js";
import { removeLeftovers, writeAtomically, writePiecesAtomically } from "./atomicFile.js";
import { decoderTensors, type pretrainedFile } from "./pretrainedCheckpoint.js";
import { writePretrainingUnits } from "./pretrainingUnits.js";
import { type BestCheckpoint, type CheckpointName, checkpointFile, networkMetadata } from "./runCheckpoint.js";
import { createRunFolder, removeUnstarted, runFiles } from "./runFolder.js";
import { folderError, RunFolderError } from "./runFolderError.js";
import { takeRunLock } from "./runLock.js";
import { checkpointTensors, unitTensors } from "./runTensors.js";

export class RunWriter {
  private readonly metrics: number;
  /** Bytes of metrics.jsonl that are whole lines. */
  private metricsLength: number;
  private pending: string[] = [];
  private closed = false;

  private constructor(
    readonly folder: string,
    private readonly lock: LockFile,
  ) {
    this.metrics = fs.openSync(path.join(folder, runFiles.metrics), "a");
    this.metricsLength = fs.fstatSync(this.metrics).size;
  }

  /** Creates the folder. @throws RunFolderError, and then leaves nothing behind */
  static create(folder: string, record: RunRecord): RunWriter {
    const existed = fs.existsSync(folder);
    let writer: RunWriter | null = null;
    try {
      createRunFolder(folder);
      writer = new RunWriter(folder, takeRunLock(folder));
      writer.writeRecord(record);
      return writer;
    } catch (caught) {
      const error = folderError(caught, folder);
      writer?.close();
      // what is another's stays
      const others = error instanceof RunFolderError && ["notEmpty", "locked"].includes(error.code);
      if (!others) removeUnstarted(folder, existed);
      throw error;
    }
  }

  /** What inputs and classes stand for; without it nothing can be done with a network of texts. */
  writeVocabulary({ terms, classNames }: Pick<Dataset, "terms" | "classNames">): void {
    if (!terms) return;
    const contents = JSON.stringify({ terms, classes: classNames });
    this.guarded(() => writeAtomically(path.join(this.folder, runFiles.vocabulary), `${contents}\n`));
  }

  /**
   * Opens the folder of a run that is to go on: takes the lock, and cuts the metrics back to the step where it stands.
   * @param prepare under the lock: reads where the run stands, and gives what is before that and the new record
   * @throws RunFolderError; then the folder is as it was
   */
  static async goOn(
    folder: string,
    prepare: () => Promise<{ keeps: (line: MetricsLine) => boolean; record: RunRecord }>,
  ): Promise<RunWriter> {
    try {
      const lock = takeRunLock(folder);
      let writer: RunWriter | null = null;
      try {
        const { keeps, record } = await prepare();
        for (const inner of ["", runFiles.units, runFiles.checkpoints]) removeLeftovers(path.join(folder, inner));
        cutBack(path.join(folder, runFiles.metrics), keeps);
        writer = new RunWriter(folder, lock);
        writer.writeRecord(record);
        return writer;
      } catch (error) {
        if (writer) writer.close();
        else lock.release();
        throw error;
      }
    } catch (error) {
      throw folderError(error, folder);
    }
  }

  /** A writer for the same folder, which has been deleted. @throws RunFolderError */
  again(record: RunRecord): RunWriter {
    this.close();
    return RunWriter.create(this.folder, record);
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

  writeUnits({ line, units }: Pick<Measurement, "line" | "units">): void {
    const file = path.join(this.folder, runFiles.units, `${line.step}.safetensors`);
    this.guarded(() => writeAtomically(file, encodeSafetensors(unitTensors(units), positionOf(line))));
  }

  /** Of the layer that is pre-trained. */
  writePretrainingUnits(line: ReconstructionLine, units: UnitStatistics): void {
    this.guarded(() => writePretrainingUnits(this.folder, line, units));
  }

  /** The parameters with the best validation error, and what that was. */
  async writeBest({ line, arrays, history }: BestCheckpoint, shape: NetworkShape): Promise<void> {
    const metadata = { ...positionOf(line), ...networkMetadata(shape), evaluation: JSON.stringify(line) };
    await this.writeCheckpoint("best", checkpointTensors(arrays, [], history), metadata);
  }

  /** Everything that training needs to go on. @param step of the run */
  async writeLast({ arrays, kept, history, state }: Checkpoint, step: number, shape: NetworkShape): Promise<void> {
    // the lines up to here have to be on the disk when the checkpoint says that they are
    this.guarded(() => fs.fsyncSync(this.metrics));
    const metadata = { step: String(step), ...networkMetadata(shape), state: JSON.stringify(state) };
    await this.writeCheckpoint("last", checkpointTensors(arrays, kept, history), metadata);
  }

  /** Everything that pre-training needs to go on. @param step of the run @param notes one for each layer that has a decoder */
  async writeLastPretraining(
    { parameters, decoders, history, state }: PretrainingCheckpoint,
    step: number,
    shape: NetworkShape,
    notes: readonly DecoderNote[],
  ): Promise<void> {
    this.guarded(() => fs.fsyncSync(this.metrics));
    const histories: UnitHistory[] = [];
    histories[state.layer - 1] = history;
    const tensors = { ...checkpointTensors(arraysInMemory(parameters), [], histories), ...decoderTensors(decoders) };
    const metadata = {
      step: String(step),
      ...networkMetadata(shape),
      state: JSON.stringify(state),
      decoders: JSON.stringify(notes),
    };
    await this.writeCheckpoint("last", tensors, metadata);
  }

  /** The layers as pre-training left them. */
  writePretrained({ tensors, metadata }: ReturnType<typeof pretrainedFile>): Promise<void> {
    return this.writeCheckpoint("pretrained", tensors, metadata);
  }

  /** Says that the run is alive, to other processes that might want to write it. */
  beat(): void {
    this.guarded(() => this.lock.beat());
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    fs.closeSync(this.metrics);
    this.lock.release();
  }

  private async writeCheckpoint(
    name: CheckpointName,
    tensors: Parameters<typeof safetensorsPieces>[0],
    metadata: Record<string, string>,
  ): Promise<void> {
    try {
      this.lock.check();
      await writePiecesAtomically(checkpointFile(this.folder, name), safetensorsPieces(tensors, metadata));
    } catch (error) {
      throw folderError(error, this.folder);
    }
  }

  private guarded<T>(write: () => T): T {
    try {
      this.lock.check();
      return write();
    } catch (error) {
      throw folderError(error, this.folder);
    }
  }
}

function positionOf({ set, n, step, epoch, loss, error }: EvalLine): Record<string, string> {
  return { set, n: String(n), step: String(step), epoch: String(epoch), loss: String(loss), error: String(error) };
}

/** Leaves the lines that are kept, without the test set's, which belong to a run's end, and without a half-written one. */
function cutBack(file: string, keeps: (line: MetricsLine) => boolean): void {
  const text = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
  const complete = text.slice(0, text.lastIndexOf("\n") + 1);
  const kept = complete.split("\n").filter((text) => {
    if (text === "") return false;
    try {
      const line = JSON.parse(text) as MetricsLine;
      return line.set !== "test" && keeps(line);
    } catch {
      return false; // damaged, as by a power failure
    }
  });
  writeAtomically(file, kept.map((line) => `${line}\n`).join(""));
}
