/**
 * Reports on the units of one run. What takes long is done once and kept: the recorded figures of all layers, what their dead units died of,
 * and one pass of the validation set through the network. All of it is done anew when the run has gone on.
 */
import fs from "node:fs";
import path from "node:path";
import type { LayerShape, RunRecord } from "../../common/run.js";
import {
  type Death,
  isMissing,
  type Missing,
  type UnitProgress,
  type UnitReport,
  type UnitSeries,
} from "../../common/unitReport.js";
import { type Activation, hasExactZeros } from "../../common/units.js";
import { readExamples } from "../pictures/examples.js";
import { readRunRecord } from "../runs/readRun.js";
import { runFiles } from "../runs/runFolder.js";
import { RunFolderError } from "../runs/runFolderError.js";
import { layerDeaths, recordedPenalties } from "./deaths.js";
import { isDead } from "./excitingInputs.js";
import { type LayerRecord, readLayerRecords, recordedColumns } from "./layerRecord.js";
import { type ActivityTask, type RunActivity, runActivity } from "./runActivity.js";
import { openRunNetwork, type RunNetwork } from "./runNetwork.js";
import { unitActivity } from "./unitActivity.js";
import { unitSeries, unitState } from "./unitState.js";
import { type Meanings, ownWeights, unitWeights } from "./unitWeights.js";
import { readVocabulary } from "./vocabulary.js";

export interface UnitsListener {
  /** Told what the folder alone gives, before the data are read. */
  partial?(report: UnitReport): void;
  progress?(progress: UnitProgress): void;
  signal?: AbortSignal | undefined;
}

export class UnitReports {
  private recorded: { stamp: string; records: LayerRecord[]; deaths: Map<number, Promise<Map<number, Death>>> } | null =
    null;
  private measured: { stamp: string; activity: RunActivity } | null = null;

  constructor(private readonly task: ActivityTask) {}

  /**
   * @param layer from 1
   * @param unit from 0
   * @throws RunFolderError where the folder cannot be read, or the run has no such unit; what the signal was aborted with
   */
  async report(layer: number, unit: number, listener: UnitsListener = {}): Promise<UnitReport> {
    const { folder } = this.task;
    listener.progress?.({ stage: "folder", share: 0 });
    const run = await readRunRecord(folder);
    const shape = layerWith(unit, layer, run, folder);
    const exact = hasExactZeros(shape.activation);
    const records = await this.records(run);
    const record = records.find((one) => one.layer === layer) ?? null;
    if (record && record.units !== shape.units)
      throw damaged(
        folder,
        `run.json has ${shape.units} units in layer ${layer}, ${runFiles.units}/ has ${record.units}`,
      );
    listener.signal?.throwIfAborted();
    const network = openRunNetwork(folder, run, records[0]?.moments ?? []);
    const base: Omit<UnitReport, "weights" | "activity"> = {
      run: { folder, id: run.id, name: run.name, state: run.state },
      unit: {
        layer,
        layers: run.layers.length - 1,
        unit,
        units: shape.units,
        inputs: shape.inputs,
        activation: shape.activation,
        sign: isMissing(network) ? null : (network.signs(layer - 1)?.[unit] ?? 1) < 0 ? -1 : 1,
      },
      now: record && unitState(run, record, unit, exact),
      series: record ? unitSeries(run, record, unit, exact) : noSeries(exact),
      death: record && exact ? ((await this.deaths(run, record, network)).get(unit) ?? null) : null,
    };
    if (isMissing(network)) return { ...base, weights: network, activity: network };
    const own = await ownWeights(network, layer, unit);
    const isDeadUnit = livenessOf(run, records);
    const weights = (meanings: Meanings) => unitWeights(network, layer, own, meanings, isDeadUnit);
    if (this.measured?.stamp !== network.stamp)
      listener.partial?.({ ...base, weights: weights(meaningsIn(folder)), activity: null });
    const activity = await this.activity(run, network, listener);
    if (isMissing(activity)) return { ...base, weights: weights(meaningsIn(folder)), activity };
    return {
      ...base,
      weights: weights(activity),
      activity: unitActivity(activity, network, layer, unit, own.seen, exact),
    };
  }

  private async records(run: RunRecord): Promise<LayerRecord[]> {
    const { folder } = this.task;
    const stamp = stampOf(folder);
    if (this.recorded?.stamp !== stamp) {
      const layers = hiddenOf(run).map(({ layer }) => layer);
      const records = await readLayerRecords(folder, run, layers, recordedColumns);
      this.recorded = { stamp, records, deaths: new Map() };
    }
    return this.recorded.records;
  }

  private async deaths(
    run: RunRecord,
    record: LayerRecord,
    network: RunNetwork | Missing,
  ): Promise<Map<number, Death>> {
    const { records = [], deaths } = this.recorded ?? {};
    const below = records.find(({ layer }) => layer === record.layer - 1) ?? null;
    const found = deaths?.get(record.layer) ?? this.diagnosed(run, record, below, network);
    deaths?.set(record.layer, found);
    try {
      return await found;
    } catch (error) {
      deaths?.delete(record.layer);
      throw error;
    }
  }

  private async diagnosed(
    run: RunRecord,
    record: LayerRecord,
    below: LayerRecord | null,
    network: RunNetwork | Missing,
  ): Promise<Map<number, Death>> {
    const penalties = await recordedPenalties(this.task.folder, run);
    return layerDeaths(run, record, below, isMissing(network) ? null : network, penalties);
  }

  /** What is missing now may be there the next time; only what was found is kept. */
  private async activity(
    run: RunRecord,
    network: RunNetwork,
    { progress, signal }: UnitsListener,
  ): Promise<RunActivity | Missing> {
    if (this.measured?.stamp === network.stamp) return this.measured.activity;
    this.measured = null;
    const activity = await runActivity(this.task, run, network, (one) => progress?.(one), signal);
    if (!isMissing(activity)) this.measured = { stamp: network.stamp, activity };
    return activity;
  }
}

function hiddenOf({ layers }: RunRecord): LayerShape[] {
  return layers.slice(0, -1);
}

function layerWith(
  unit: number,
  layer: number,
  run: RunRecord,
  folder: string,
): LayerShape & { activation: Activation } {
  const hidden = hiddenOf(run);
  const found = hidden.find((one) => one.layer === layer);
  const details = { code: "noSuchUnit", file: folder };
  if (!found || found.activation === "softmax")
    throw new RunFolderError(
      `The run ${folder} has no hidden layer ${layer}: its hidden layers are ${hidden.map((one) => one.layer).join(", ") || "none"}. Name one of these.`,
      details,
    );
  if (!Number.isInteger(unit) || unit < 0 || unit >= found.units)
    throw new RunFolderError(
      `Layer ${layer} of the run ${folder} has no unit ${unit}: its units are 0 to ${found.units - 1}. Name one of these.`,
      details,
    );
  return found as LayerShape & { activation: Activation };
}

/** Null where it is not known, or not defined. */
function livenessOf(run: RunRecord, records: readonly LayerRecord[]) {
  const dead = new Map(records.map((record) => [record.layer, isDead(record)]));
  const defined = new Map(
    hiddenOf(run).map(({ layer, activation }) => [layer, activation !== "softmax" && hasExactZeros(activation)]),
  );
  return (layer: number, unit: number) => {
    const found = defined.get(layer) ? dead.get(layer)?.[unit] : undefined;
    return found === undefined ? null : found === 1;
  };
}

/** What the folder itself says of inputs and classes. */
function meaningsIn(folder: string): Meanings {
  const vocabulary = readVocabulary(folder);
  const examples = readExamples(folder);
  return {
    imageShape: examples && { rows: examples.rows, columns: examples.columns, planes: 1 },
    terms: vocabulary?.terms ?? null,
    classNames: vocabulary?.classes ?? null,
  };
}

function noSeries(exact: boolean): UnitSeries {
  return {
    steps: [],
    epochs: [],
    firingFrequency: exact ? [] : null,
    meanActivation: [],
    maximum: [],
    bias: [],
    incomingNorm: [],
    outgoingNorm: [],
    trainingFrom: null,
    evaluations: 0,
  };
}

/** Changes when an evaluation is written, or taken back. */
function stampOf(folder: string): string {
  return [runFiles.units, "pretraining"]
    .map((name) => {
      const found = fs.statSync(path.join(folder, name), { throwIfNoEntry: false });
      return found ? `${found.ino} ${found.mtimeMs}` : "";
    })
    .join("/");
}

function damaged(folder: string, what: string): RunFolderError {
  return new RunFolderError(`The run folder ${folder} is damaged: ${what}. Run its config again.`, {
    code: "damaged",
    file: path.join(folder, runFiles.record),
  });
}
