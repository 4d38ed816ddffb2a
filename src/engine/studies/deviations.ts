/** How an experiment differs from the paper's, told from its configs: nothing that differs is left out because nobody wrote it down. Pure. */
import type { DatasetName, Experiment } from "../../common/experiment.js";
import { isKnownDataset, knownDatasets } from "../../common/knownDatasets.js";
import { layerValue, pretrainedLayers } from "../../common/layerValue.js";
import { pretrainingDefaults } from "../../common/pretraining.js";
import { fitsRow, paperDefaults, type Study } from "../../common/studies.js";
import type { Deviation } from "../../common/studyReport.js";
import { hasExactZeros, signMaskOf } from "../../common/units.js";

export interface Protocols {
  /** Of the trials whose results count, one for each combination of values, seeds and folds left out. */
  finals: readonly Experiment[];
  /** Of those before them, which only chose; empty where all was done in one round. */
  search: readonly Experiment[];
  /** How many trials of a combination there are, folds aside: its seeds. */
  seeds: number;
  folds: number | null;
  /** Trials whose results count, all together. */
  networks: number;
}

/** @returns what differs, the weightiest first */
export function deviationsOf({ protocol, rows }: Study, { finals: all, search, seeds, folds, networks }: Protocols) {
  const finals = all.filter((config) => rows.some((row) => fitsRow(row, config)));
  if (finals.length === 0) return [];
  const found: Deviation[] = [];
  const paperExamples = protocol.dataset.train + (protocol.dataset.valid ?? 0);
  for (const name of distinct(finals.map(({ dataset }) => dataset.name)))
    if (name !== protocol.name)
      found.push({
        kind: "dataset",
        ours: name,
        ourExamples: examplesOf(name),
        paper: protocol.dataset.title,
        paperExamples,
      });
  const shapes = distinctJson(finals.map(({ network }) => network.hidden));
  if (protocol.hidden && shapes.some((shape) => String(shape) !== String(protocol.hidden)))
    found.push({ kind: "hidden", ours: shapes, paper: protocol.hidden });

  const epochs = finals.map(({ training }) => training.epochs);
  if (Math.min(...epochs) < paperDefaults.epochs)
    found.push({ kind: "epochs", ...ends(epochs), paper: paperDefaults.epochs });
  const pretrained = finals.filter((config) => pretrainedLayers(config) > 0);
  const rounds = pretrained.flatMap(({ pretraining }) => [pretraining?.epochs ?? []].flat());
  const usual = protocol.pretrainingEpochs;
  if (usual !== null && rounds.some((count) => count !== usual))
    found.push({ kind: "pretrainingEpochs", ...ends(rounds), paper: usual });
  const searched = search.map(({ training }) => training.epochs);
  if (searched.length > 0 && Math.max(...searched) < Math.max(...epochs))
    found.push({ kind: "shortSearch", search: Math.max(...searched), final: Math.max(...epochs) });

  const rates = distinct((search.length > 0 ? search : finals).map(({ training }) => training.learningRate));
  const paper = paperDefaults.learningRates;
  if (rates.length === 1) found.push({ kind: "oneRate", ours: rates[0] as number, paper });
  else if (paper.some((rate) => !rates.includes(rate)) || rates.some((rate) => !paper.includes(rate)))
    found.push({ kind: "rates", ours: rates.sort((a, b) => b - a), paper });
  const batches = distinct(finals.map(({ training }) => training.batchSize));
  if (batches.some((size) => size !== paperDefaults.batchSize))
    found.push({ kind: "batchSize", ours: batches, paper: paperDefaults.batchSize });
  const optimizers = distinct(finals.map(({ training }) => training.optimizer)).filter((name) => name !== "sgd");
  if (optimizers.length > 0) found.push({ kind: "optimizer", ours: optimizers });
  found.push(
    ...ofUnits(finals, protocol.variesPenalty),
    ...ofNoise(pretrained),
    ...ofRows(finals, rows),
    ...extras(finals),
  );

  if (protocol.folds !== null && folds !== protocol.folds)
    found.push({ kind: "folds", ours: folds, paper: protocol.folds });
  if (protocol.networks !== null && networks < protocol.networks)
    found.push({ kind: "networks", ours: networks, paper: protocol.networks });
  else if (protocol.networks === null && protocol.folds === null && seeds === 1 && folds === null)
    found.push({ kind: "oneSeed" });
  return found;
}

function ofUnits(configs: readonly Experiment[], variesPenalty: boolean): Deviation[] {
  const found: Deviation[] = [];
  for (const unit of distinct(configs.map(({ network }) => network.activation))) {
    const own = configs.filter(({ network }) => network.activation === unit);
    const penalties = distinct(own.map(({ training }) => training.l1));
    if (!variesPenalty && penalties.some((l1) => l1 !== paperDefaults.l1))
      found.push({ kind: "penalty", unit, ours: penalties, paper: paperDefaults.l1 });
    const masks = distinct(own.map(({ network }) => signMaskOf(network)));
    const usual = hasExactZeros(unit) ? "half" : "none";
    if (masks.some((mask) => mask !== usual)) found.push({ kind: "signs", ours: masks });
  }
  return found;
}

/** Of pictures: the paper's noise for texts is what `auto` does. */
function ofNoise(configs: readonly Experiment[]): Deviation[] {
  const { masking } = pretrainingDefaults;
  const shares = distinct(
    configs.flatMap(({ pretraining, dataset }) =>
      dataset.text || !pretraining ? [] : [layerValue(pretraining.corruption ?? masking, 0)],
    ),
  );
  return shares.some((share) => share !== paperDefaults.corruption)
    ? [{ kind: "corruption", ours: shares, paper: paperDefaults.corruption }]
    : [];
}

/** Where rows do not tell them apart: the paper trains on all labels, and its softplus has the sharpness 1. */
function ofRows(configs: readonly Experiment[], rows: Study["rows"]): Deviation[] {
  const found: Deviation[] = [];
  const shares = distinct(configs.map(({ dataset }) => dataset.labelFraction ?? 1));
  if (rows.every(({ labelFraction }) => labelFraction === undefined) && shares.some((share) => share !== 1))
    found.push({ kind: "labels", ours: shares });
  const softplus = configs.filter(({ network }) => network.activation === "softplus");
  const sharpness = distinct(softplus.map(({ network }) => network.sharpness));
  if (rows.every((row) => row.sharpness === undefined) && sharpness.some((alpha) => alpha !== 1))
    found.push({ kind: "sharpness", ours: sharpness });
  return found;
}

/** What the paper knows nothing of. */
function extras(configs: readonly Experiment[]): Deviation[] {
  const found: Deviation[] = [];
  if (configs.some(({ training }) => training.targetSparsity !== undefined)) found.push({ kind: "targetSparsity" });
  if (configs.some(({ training }) => training.revive !== undefined)) found.push({ kind: "revive" });
  if (configs.some(({ warmStart }) => warmStart !== undefined)) found.push({ kind: "warmStart" });
  return found;
}

function examplesOf(name: DatasetName): number | null {
  return isKnownDataset(name) ? knownDatasets[name].train : null;
}

function ends(values: readonly number[]): { least: number; most: number } {
  return { least: Math.min(...values), most: Math.max(...values) };
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

function distinctJson<T>(values: readonly T[]): T[] {
  return distinct(values.map((value) => JSON.stringify(value))).map((text) => JSON.parse(text));
}
