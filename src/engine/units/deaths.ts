/** What the dead units of a run died of: all of a layer at once, from the run folder alone. */
import type { Experiment } from "../../common/experiment.js";
import { layerValue } from "../../common/layerValue.js";
import { settingsOf } from "../../common/optimizers.js";
import { pretrainedLayer } from "../../common/phases.js";
import type { RunRecord } from "../../common/run.js";
import {
  type Death,
  type DeathCause,
  deathCauses,
  isMissing,
  type LayerDeaths,
  type Moment,
  type RunDeaths,
} from "../../common/unitReport.js";
import { hasExactZeros } from "../../common/units.js";
import { readEvaluations, readRunRecord } from "../runs/readRun.js";
import { movesPenalty } from "../training/penalty.js";
import { breathing } from "./breathing.js";
import { causeOfDeath, type Diagnosis, type Recipe, type UnitLife } from "./causeOfDeath.js";
import { excitingInputs, isDead } from "./excitingInputs.js";
import { evidenceColumns, type LayerRecord, readLayerRecords } from "./layerRecord.js";
import { mendsOf } from "./mends.js";
import { openRunNetwork, type RunNetwork } from "./runNetwork.js";

/**
 * At the last evaluation. Reads the recorded figures and, of layers above the first that have dead units, weights; no data.
 * @throws RunFolderError
 */
export async function deathsOf(folder: string): Promise<RunDeaths> {
  const run = await readRunRecord(folder);
  const hidden = run.layers.slice(0, -1);
  const records = await readLayerRecords(
    folder,
    run,
    hidden.map(({ layer }) => layer),
    evidenceColumns,
  );
  // while one layer is pre-trained, those below it are measured no more
  const moments =
    records.map((one) => one.moments).sort((a, b) => (b.at(-1)?.step ?? 0) - (a.at(-1)?.step ?? 0))[0] ?? [];
  const { step, epoch, set, n } = moments.at(-1) ?? { step: 0, epoch: 0, set: "valid", n: 0 };
  const found = openRunNetwork(folder, run, moments);
  const network = isMissing(found) ? null : found;
  const penalties = await recordedPenalties(folder, run);
  const layers: LayerDeaths[] = [];
  for (const record of records) {
    const shape = hidden.find(({ layer }) => layer === record.layer);
    const defined = shape && shape.activation !== "softmax" && hasExactZeros(shape.activation);
    const below = records.find(({ layer }) => layer === record.layer - 1) ?? null;
    layers.push(
      defined ? summaryOf(await layerDeaths(run, record, below, network, penalties), record) : undefinedDeaths(record),
    );
  }
  return { at: moments.length > 0 ? { step, epoch, set, n } : null, layers };
}

/** λ at evaluations that recorded it, by their step; empty for a run whose λ stayed as its config says. */
export async function recordedPenalties(folder: string, { config }: Pick<RunRecord, "config">): Promise<Penalties> {
  const penalties: Penalties = new Map();
  if (!config || !movesPenalty(config.training)) return penalties;
  const evaluations = await readEvaluations(folder);
  for (const { set, step, l1 } of evaluations) if (set === "valid" && l1 !== undefined) penalties.set(step, l1);
  return penalties;
}

export type Penalties = Map<number, number>;

/**
 * Of every dead unit of a layer, by its number.
 * @param below null for the first layer
 * @param network null where there is none: then no inputs count as dead
 * @throws RunFolderError where weights cannot be read
 */
export async function layerDeaths(
  run: Pick<RunRecord, "config" | "phases">,
  record: LayerRecord,
  below: LayerRecord | null,
  network: Pick<RunNetwork, "arrays" | "signs"> | null,
  penalties: Penalties,
): Promise<Map<number, Death>> {
  const dead = isDead(record);
  const units = Array.from(dead.keys()).filter((unit) => dead[unit] === 1);
  const inputs =
    below && network && units.length > 0 && isDead(below).includes(1)
      ? await excitingInputs(network.arrays, network.signs(below.layer - 1), below, record, units)
      : null;
  const circumstances = {
    recipeAt: recipes(run, record, penalties),
    warmStart: run.config?.warmStart !== undefined,
    typicalUpdate: typicalUpdate(record, dead),
  };
  const deaths = new Map<number, Death>();
  const breathe = breathing();
  for (const unit of units) {
    await breathe();
    const found = causeOfDeath(lifeOf(record, unit), { ...circumstances, inputs: inputs?.get(unit) ?? null });
    if (found) deaths.set(unit, withMend(found, run.config));
  }
  return deaths;
}

function withMend(diagnosis: Diagnosis, config: Experiment | null): Death {
  return { ...diagnosis, mend: mendsOf(diagnosis, config) };
}

export function lifeOf(record: LayerRecord, unit: number): UnitLife {
  const { columns, moments, lastFiredStep, maxUpdate, maxUpdateStep } = record;
  const of = (column: (typeof evidenceColumns)[number]) => columns[column].map((values) => values[unit] as number);
  return {
    moments,
    firingFrequency: of("firingFrequency"),
    bias: of("bias"),
    incomingNorm: of("incomingNorm"),
    maximum: of("maximum"),
    lastFiredStep: lastFiredStep[unit] as number,
    maxUpdate: maxUpdate[unit] as number,
    maxUpdateStep: maxUpdateStep[unit] as number,
  };
}

function typicalUpdate({ maxUpdate, maxUpdateStep, units }: LayerRecord, dead: Uint8Array): number {
  const of = (alive: boolean) =>
    Float64Array.from(
      Array.from({ length: units }, (_, j) => j).filter((j) => maxUpdateStep[j]! >= 0 && (!alive || dead[j] === 0)),
      (j) => maxUpdate[j]!,
    ).sort();
  const [living, all] = [of(true), of(false)];
  const values = living.length > 0 ? living : all;
  return values[values.length >> 1] ?? 0;
}

/** How a layer is trained at a step: in its own pre-training, or in the training. */
function recipes(
  { config, phases }: Pick<RunRecord, "config" | "phases">,
  { layer }: LayerRecord,
  penalties: Penalties,
): (step: number) => Recipe | null {
  if (!config) return () => null;
  const { training, pretraining } = config;
  const trained: Recipe = {
    optimizer: training.optimizer,
    learningRate: training.learningRate,
    momentum: training.optimizer === "momentum" ? (settingsOf(training).momentum ?? 0) : 0,
    l1: training.l1,
  };
  return (step) => {
    const phase = phases?.findLast((one) => one.step < step);
    if (!pretraining || !phase || pretrainedLayer(phase.name) === null)
      return { ...trained, l1: penalties.get(step) ?? trained.l1 };
    return {
      optimizer: "sgd",
      learningRate: layerValue(pretraining.learningRate, layer - 1),
      momentum: 0,
      l1: layerValue(pretraining.l1 ?? training.l1, layer - 1),
    };
  };
}

function summaryOf(deaths: ReadonlyMap<number, Death>, { layer, units }: LayerRecord): LayerDeaths {
  const causes = noCauses();
  for (const { cause } of deaths.values()) causes[cause]++;
  const known = deathCauses.filter((cause) => cause !== "unknown" && causes[cause] > 0);
  const most = known.sort((a, b) => causes[b] - causes[a])[0];
  const dominant = most ?? (causes.unknown > 0 ? "unknown" : null);
  const example = [...deaths.values()].find(({ cause }) => cause === dominant);
  return {
    layer,
    units,
    dead: deaths.size,
    since: sinceMost([...deaths.values()].map(({ since }) => since)),
    causes,
    dominant,
    mend: example?.mend ?? [],
  };
}

function undefinedDeaths({ layer, units }: LayerRecord): LayerDeaths {
  return { layer, units, dead: null, since: null, causes: noCauses(), dominant: null, mend: [] };
}

function noCauses(): Record<DeathCause, number> {
  return Object.fromEntries(deathCauses.map((cause) => [cause, 0])) as Record<DeathCause, number>;
}

/** When half of them were dead. */
function sinceMost(since: readonly Moment[]): Moment | null {
  const inOrder = since.toSorted((a, b) => a.step - b.step);
  return inOrder[Math.ceil(inOrder.length / 2) - 1] ?? null;
}
