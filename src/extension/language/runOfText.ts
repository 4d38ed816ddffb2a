/** Whether a run is one of what a config says now: figures beside a text that has moved on would be somebody else's. */
import { isDeepStrictEqual } from "node:util";
import type { Experiment } from "../../common/experiment.js";
import type { LayerShape, RunRecord } from "../../common/run.js";
import type { Activation } from "../../common/units.js";

export type HiddenShape = LayerShape & { activation: Activation };

/** The hidden layers of a run; the last of its layers is the softmax. */
export function hiddenLayersOf({ layers }: { layers: readonly LayerShape[] }): readonly HiddenShape[] {
  return layers.filter((shape): shape is HiddenShape => shape.activation !== "softmax");
}

/** Figures of a layer may stand behind its width as long as all widths are those of the run. */
export function sameWidths(written: readonly { units: number }[], run: { layers: readonly LayerShape[] }): boolean {
  const hidden = hiddenLayersOf(run);
  return hidden.length === written.length && hidden.every(({ units }, l) => units === written[l]?.units);
}

/**
 * What a run shows is a problem of the config only while the config trains the same network in the same way. For how long does not
 * count, and neither does what the run filled in from its data.
 * @param experiment resolved, as the run's own is
 */
export function trainsAlike(experiment: Experiment, { config }: Pick<RunRecord, "config">): boolean {
  return config !== null && isDeepStrictEqual(essence(experiment), essence(config));
}

function essence({ dataset, network, training, pretraining }: Experiment): unknown {
  const { epochs, patience, ...rest } = training;
  // through JSON, as the run's config went: keys without a value are no keys
  return JSON.parse(JSON.stringify({ data: dataset.name, network, rest, pretrained: pretraining !== undefined }));
}
