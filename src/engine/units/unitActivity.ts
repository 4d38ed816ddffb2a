/** The part of a report that tells of one unit on the validation set. */
import type { ClassActivity, TopExample, UnitActivity } from "../../common/unitReport.js";
import { writeExample } from "../data/dataset.js";
import type { LayerActivity } from "./layerActivity.js";
import type { RunActivity } from "./runActivity.js";
import type { RunNetwork } from "./runNetwork.js";

/** Terms of a text that are named. */
const mostTerms = 40;

/**
 * @param layer from 1
 * @param seen the unit's weights from the network's inputs, by which a text's terms are ordered
 * @param exact whether the unit can be exactly zero
 */
export function unitActivity(
  activity: RunActivity,
  { checkpoint }: Pick<RunNetwork, "checkpoint">,
  layer: number,
  unit: number,
  seen: Float64Array,
  exact: boolean,
): UnitActivity {
  const { set, imageShape } = activity;
  const own = activity.layers[layer - 1] as LayerActivity;
  const classes = classActivities(activity, own, unit, exact);
  return {
    set: set.name,
    n: set.n,
    checkpoint,
    fires: exact ? classes.reduce((sum, { fires }) => sum + (fires ?? 0), 0) : null,
    mean: classes.reduce((sum, { mean, n }) => sum + mean * n, 0) / set.n,
    maximum: own.maxima[unit] as number,
    histogram: own.histogram.of(unit),
    top: own.top.of(unit).map((one) => ({
      ...one,
      label: set.labels[one.example] as number,
      picture: pictureOf(activity, one.example),
      terms: termsOf(activity, one.example, seen),
    })),
    classes,
    similar: own.similarTo(unit),
    imageShape,
  };
}

function classActivities(
  { set, classes, classNames }: RunActivity,
  { fires, sums }: LayerActivity,
  unit: number,
  exact: boolean,
): ClassActivity[] {
  const counts = new Uint32Array(classes);
  for (const label of set.labels) counts[label]!++;
  return Array.from({ length: classes }, (_, label) => ({
    label,
    name: classNames?.[label] ?? String(label),
    n: counts[label]!,
    fires: exact ? fires[unit * classes + label]! : null,
    mean: counts[label] ? sums[unit * classes + label]! / counts[label] : 0,
  }));
}

function pictureOf({ set, dimension, imageShape, range }: RunActivity, example: number): string | null {
  if (!imageShape) return null;
  const values = new Float32Array(dimension);
  writeExample(set.inputs, example, dimension, values, 0);
  const { least, greatest } = range;
  const width = greatest > least ? greatest - least : 1;
  return Buffer.from(Uint8Array.from(values, (value) => Math.round((255 * (value - least)) / width))).toString(
    "base64",
  );
}

function termsOf({ set, terms }: RunActivity, example: number, seen: Float64Array): TopExample["terms"] {
  const { inputs } = set;
  if (!terms || inputs.kind !== "sparse") return null;
  const present = Array.from(inputs.indices.subarray(inputs.starts[example], inputs.starts[example + 1]));
  return present
    .sort((a, b) => seen[b]! - seen[a]! || a - b)
    .slice(0, mostTerms)
    .map((input) => terms[input] as string);
}
