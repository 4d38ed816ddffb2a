/** Which phase of a run is in progress, and what it is called. */
import { epochInProgress, integer } from "./format.js";
import { english, type Language } from "./language.js";
import { layerValue, pretrainedLayers } from "./layerValue.js";
import type { RunPhase, RunRecord } from "./run.js";

export interface PhaseProgress {
  name: string;
  /** The layer that is pre-trained, from 1; null for the training. */
  layer: number | null;
  /** How many layers are pre-trained; null where the run does not tell. */
  layers: number | null;
  /** In progress, or completed; counted from the phase's beginning. */
  epoch: number;
  /** Of this phase; null where the run does not tell. */
  epochs: number | null;
}

type Phased = Pick<RunRecord, "phases" | "progress" | "config">;

/** Null for a run of a single phase. */
export function phaseInProgress({ phases, progress, config }: Phased, live: boolean): PhaseProgress | null {
  const phase = phases?.at(-1);
  if (!phase) return null;
  const layer = pretrainedLayer(phase.name);
  const epochs =
    layer === null
      ? progress.epochs - phase.epoch
      : (config?.pretraining && layerValue(config.pretraining.epochs, layer - 1)) || null;
  const done = progress.epoch - phase.epoch;
  const most = epochs ?? Number.POSITIVE_INFINITY;
  return {
    name: phase.name,
    layer,
    layers: (config && pretrainedLayers(config)) || null,
    epoch: epochInProgress({ epoch: done, epochs: most }, live),
    epochs,
  };
}

/** The layer that a phase pre-trains, by the phase's name; null for every other. */
export function pretrainedLayer(name: string): number | null {
  const found = /^pre-training, layer (\d{1,4})$/.exec(name);
  return found ? Number(found[1]) : null;
}

/** A phase's name in the user's language; names of other programs as they are. */
export function phaseName({ name }: Pick<RunPhase, "name">, { t, locale }: Language = english): string {
  const layer = pretrainedLayer(name);
  if (layer !== null) return t("pre-training, layer {0}", integer(layer, locale));
  return name === "training" ? t("training") : name;
}

/** "pre-training, layer 2 of 3, epoch 4 of 30". */
export function phaseText(phase: PhaseProgress, language: Language = english): string {
  const { t, locale } = language;
  const { layer, layers, epochs } = phase;
  const epoch = integer(phase.epoch, locale);
  const where =
    layer !== null && layers !== null ? t("pre-training, layer {0} of {1}", layer, layers) : phaseName(phase, language);
  if (epochs === 0) return where;
  return epochs === null
    ? t("{0}, epoch {1}", where, epoch)
    : t("{0}, epoch {1} of {2}", where, epoch, integer(epochs, locale));
}
