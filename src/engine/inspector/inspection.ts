/**
 * One file, or two to compare, as the inspector reads them: headers first, then figures tensor by tensor, then dead units. Keeps all that
 * it found, so that a page that comes back gets it again; can be stopped between pieces, and goes on with the tensor where it stopped.
 */
import { statSync } from "node:fs";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type {
  FiguresJson,
  FromInspector,
  InspectionError,
  InspectionState,
  Listed,
  OpenedFile,
} from "../../common/inspectorMessages.js";
import type { LayerStructure } from "../../common/layers.js";
import type { TensorFigures } from "../../common/tensors.js";
import { FormatError } from "../formats/formatError.js";
import { formatNames, type StoredTensor } from "../formats/modelFile.js";
import { figuresOf, type ModelOverview, overviewOf } from "../models/inspectModel.js";
import { type OpenModel, openModel, withFile } from "../models/openModel.js";
import { structuresOf } from "../models/structure.js";
import { pacedTensors } from "./pacedTensors.js";

/** Reading gives way to messages this often. */
const turnMs = 15;
/** What is new is told this often. */
const tellMs = 100;
/** At most so many tensors or layers a message, and a pause after each: nothing keeps the extension host for long. */
const partSize = 1024;
const pauseMs = 5;

interface Side {
  opened: OpenedFile;
  overview: ModelOverview;
  model: OpenModel;
  /** The model's, followed and stoppable. */
  tensors: readonly StoredTensor[];
  /** How many tensors have figures. */
  counted: number;
  /** Those figures, in order, as they are told; the last of them are still to be put into words. */
  figures: FiguresJson[];
  fresh: TensorFigures[];
  structures: (LayerStructure | null)[] | null;
  /** Of all tensors, and of those that are read once more, for dead units. */
  bytes: number;
  weightBytes: number;
}

export class Inspection {
  private readonly sides: Side[] = [];
  private state: InspectionState = "opening";
  private error: InspectionError | null = null;
  private stop = new AbortController();
  /** Bytes of what is done for good, and of the step in progress. */
  private doneBytes = 0;
  private stepBytes = 0;
  private shown = false;
  /** What is to be said, one after the other. */
  private outbox: FromInspector[] = [];
  private sending: Promise<void> | null = null;
  /** By side: how many parts of its figures have been told. */
  private told: number[] = [];
  private turnedAt = 0;
  private toldAt = 0;

  constructor(
    private readonly files: readonly string[],
    private readonly post: (message: FromInspector) => void,
  ) {}

  /** Resolves when everything is read, or reading was cancelled or failed. */
  async run(): Promise<void> {
    const { signal } = this.stop;
    try {
      while (this.sides.length < this.files.length) await this.open(this.files[this.sides.length]!);
      this.state = "reading";
      this.tellProgress();
      for (const side of this.sides) await this.count(side);
      for (const [s, side] of this.sides.entries()) await this.weigh(side, s);
      this.state = "done";
    } catch (error) {
      if (signal.aborted) this.state = "cancelled";
      else this.fail(error);
    }
    this.stepBytes = 0;
    this.tellNews();
    if (this.state === "done" || this.state === "failed") await this.close();
  }

  /** Resolves when all that is to be said has been said. */
  async said(): Promise<void> {
    await this.sending;
  }

  show(): void {
    this.shown = true;
    this.outbox = [];
    this.told = this.sides.map(() => 0);
    this.tell({ type: "begin", files: this.files });
    for (const s of this.sides.keys()) this.tellSide(s);
    if (this.error) this.tell({ type: "failed", error: this.error });
    this.tellNews();
  }

  hide(): void {
    this.shown = false;
    this.outbox = [];
  }

  cancel(): void {
    this.stop.abort();
  }

  async goOn(): Promise<void> {
    if (this.state !== "cancelled") return;
    this.stop = new AbortController();
    await this.run();
  }

  private async open(file: string): Promise<void> {
    const model = await openModel(file);
    const overview = overviewOf(model);
    const opened = {
      file,
      format: formatNames[model.format],
      fileBytes: statSync(file).size,
      tensors: overview.tensors.length,
      layers: overview.layers.length,
    };
    const tensors = pacedTensors(model.tensors, (tensor, elements) => this.passed(tensor, elements));
    const weights = new Set(overview.layers.map((layer) => layer.weights));
    const bytesOf = (some: ModelOverview["tensors"]) => some.reduce((sum, { bytes }) => sum + bytes, 0);
    this.sides.push({
      opened,
      overview,
      model,
      tensors,
      counted: 0,
      figures: [],
      fresh: [],
      structures: null,
      bytes: bytesOf(overview.tensors),
      weightBytes: bytesOf(overview.tensors.filter(({ name }) => weights.has(name))),
    });
    this.told.push(0);
    if (this.shown) this.tellSide(this.sides.length - 1);
  }

  private async count(side: Side): Promise<void> {
    const { tensors, overview, opened } = side;
    const from = side.counted;
    try {
      for await (const found of figuresOf(tensors.slice(from), overview.tensors.slice(from))) {
        this.settle(overview.tensors[side.counted]!.bytes);
        side.counted++;
        if (side.fresh.push(found) === partSize) this.seal(side);
        await this.giveWay();
      }
    } catch (error) {
      throw withFile(error, opened.file);
    }
  }

  private async weigh(side: Side, s: number): Promise<void> {
    if (side.structures) return;
    const { overview, opened, tensors } = side;
    try {
      side.structures = await structuresOf({ tensors }, overview.layers);
    } catch (error) {
      throw withFile(error, opened.file);
    }
    this.settle(side.weightBytes);
    if (this.shown) this.tellStructures(s);
  }

  private async passed({ elements: all, bytes }: StoredTensor, elements: number): Promise<void> {
    this.stepBytes += (bytes * elements) / Math.max(1, all);
    await this.giveWay();
  }

  /** Lets messages in now and then. @throws AbortError when one of them said to stop */
  private async giveWay(): Promise<void> {
    const now = performance.now();
    if (now - this.toldAt > tellMs) this.tellNews();
    if (now - this.turnedAt > turnMs) {
      await nextTurn();
      this.turnedAt = performance.now();
    }
    this.stop.signal.throwIfAborted();
  }

  private settle(bytes: number): void {
    this.doneBytes += bytes;
    this.stepBytes = 0;
  }

  private fail(error: unknown): void {
    const file = this.files[Math.min(this.sides.length, this.files.length - 1)]!;
    this.state = "failed";
    this.error =
      error instanceof FormatError
        ? { code: error.code, file: error.file ?? file, message: error.message }
        : { code: "unexpected", file, message: error instanceof Error ? error.message : String(error) };
    if (this.shown) this.tell({ type: "failed", error: this.error });
  }

  private async close(): Promise<void> {
    for (const { model } of this.sides) await model.close();
  }

  private tellSide(s: number): void {
    const { opened, overview, structures } = this.sides[s]!;
    this.tell({ type: "opened", side: s, opened });
    const parts = Math.ceil(Math.max(overview.tensors.length, overview.layers.length) / partSize);
    for (let part = 0; part < parts; part++) {
      const cut = <T>(list: readonly T[]) => list.slice(part * partSize, (part + 1) * partSize);
      const listed: Listed = { tensors: cut(overview.tensors), layers: cut(overview.layers) };
      this.tell({ type: "listed", side: s, json: JSON.stringify(listed) });
    }
    if (structures) this.tellStructures(s);
  }

  private tellStructures(s: number): void {
    const { structures } = this.sides[s]!;
    for (let at = 0; structures && at < structures.length; at += partSize)
      this.tell({ type: "structures", side: s, structures: structures.slice(at, at + partSize) });
  }

  private tellNews(): void {
    this.toldAt = performance.now();
    for (const [s, side] of this.sides.entries()) {
      this.seal(side);
      if (!this.shown) continue;
      for (const json of side.figures.slice(this.told[s])) this.tell({ type: "figures", side: s, json });
      this.told[s] = side.figures.length;
    }
    this.tellProgress();
  }

  /** As text they take a fraction of the memory. */
  private seal(side: Side): void {
    if (side.fresh.length > 0) side.figures.push(JSON.stringify(side.fresh));
    side.fresh = [];
  }

  private tell(message: FromInspector): void {
    this.outbox.push(message);
    this.sending ??= this.send();
  }

  private async send(): Promise<void> {
    for (let message = this.outbox.shift(); message; message = this.outbox.shift()) {
      this.post(message);
      await (isLarge(message) ? sleep(pauseMs) : undefined);
    }
    this.sending = null;
  }

  private tellProgress(): void {
    if (!this.shown) return;
    const totalBytes = this.sides.reduce((sum, { bytes, weightBytes }) => sum + bytes + weightBytes, 0);
    const readBytes = this.state === "done" ? totalBytes : Math.min(totalBytes, this.doneBytes + this.stepBytes);
    this.tell({ type: "progress", progress: { state: this.state, readBytes, totalBytes } });
  }
}

function isLarge({ type }: FromInspector): boolean {
  return type === "listed" || type === "figures" || type === "structures";
}
