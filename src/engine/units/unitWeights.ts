/** What a checkpoint says of a unit: what it looks for in the input, and which units it hears and speaks to. */
import { type Connection, type Connections, mostConnections, type UnitWeightsReport } from "../../common/unitReport.js";
import type { Pieces } from "../network/networkArrays.js";
import type { RunNetwork } from "./runNetwork.js";

/** What is known of the run's inputs and classes. */
export interface Meanings {
  imageShape: { rows: number; columns: number; planes: number } | null;
  terms: readonly string[] | null;
  classNames: readonly string[] | null;
}

/** Terms that are named on either side. */
const mostTerms = 20;

/** Of one unit, as they are read. */
export interface OwnWeights {
  /** [inputs of the layer] */
  incoming: Float64Array;
  /** [units of the layer above] */
  outgoing: Float64Array;
  /** [inputs of the network]: see `combinedWeights`. */
  seen: Float64Array;
}

/** @param layer from 1 @throws RunFolderError where the checkpoint is replaced meanwhile */
export async function ownWeights(network: RunNetwork, layer: number, unit: number): Promise<OwnWeights> {
  const incoming = await column(network, layer - 1, unit);
  const outgoing = await row(network, layer, unit);
  return { incoming, outgoing, seen: await combinedWeights(network, layer, incoming) };
}

/** @param isDead whether a unit of a hidden layer is dead; null where that is not known, or not defined */
export function unitWeights(
  { checkpoint, arrays: { layers } }: RunNetwork,
  layer: number,
  { incoming, outgoing, seen }: OwnWeights,
  { imageShape, terms, classNames }: Meanings,
  isDead: (layer: number, unit: number) => boolean | null,
): UnitWeightsReport {
  const toClasses = layer === layers.length - 1;
  const below = (index: number): Omit<Connection, "weight"> =>
    layer === 1
      ? { index, name: terms?.[index] ?? null, dead: null }
      : { index, name: null, dead: isDead(layer - 1, index) };
  const above = (index: number): Omit<Connection, "weight"> =>
    toClasses
      ? { index, name: classNames?.[index] ?? null, dead: null }
      : { index, name: null, dead: isDead(layer + 1, index) };
  const isImage = imageShape && imageShape.rows * imageShape.columns === seen.length;
  return {
    checkpoint,
    picture: isImage ? { ...imageShape, ...packed(seen), combined: layer > 1 } : null,
    terms: terms?.length === seen.length ? { ...strongestTerms(seen, terms), combined: layer > 1 } : null,
    below: { kind: layer === 1 ? "inputs" : "units", layer: layer - 1, ...strongest(incoming, below) },
    above: { kind: toClasses ? "classes" : "units", layer: layer + 1, ...strongest(outgoing, above) },
  };
}

/**
 * The weights from the network's inputs: v ← W·(signs ∘ v) through each layer below, as if all its units were active.
 * @param incoming [inputs of the layer]
 */
export async function combinedWeights(
  network: RunNetwork,
  layer: number,
  incoming: Float64Array,
): Promise<Float64Array> {
  let v = incoming;
  for (let l = layer - 2; l >= 0; l--) {
    const signs = network.signs(l);
    const through = signs ? v.map((weight, j) => weight * signs[j]!) : v;
    const next = new Float64Array(network.arrays.layers[l]!.inputs);
    await eachRow(network, l, (weights, at, i) => {
      let sum = 0;
      for (let j = 0; j < through.length; j++) sum += weights[at + j]! * through[j]!;
      next[i] = sum;
    });
    v = next;
  }
  return v;
}

/** @param l from 0 */
async function column(network: RunNetwork, l: number, unit: number): Promise<Float64Array> {
  const values = new Float64Array(network.arrays.layers[l]!.inputs);
  await eachRow(network, l, (weights, at, i) => {
    values[i] = weights[at + unit]!;
  });
  return values;
}

async function row(network: RunNetwork, l: number, input: number): Promise<Float64Array> {
  let values = new Float64Array();
  await eachRow(network, l, (weights, at, i, units) => {
    if (i === input) values = Float64Array.from(weights.subarray(at, at + units));
  });
  return values;
}

async function eachRow(
  { arrays }: RunNetwork,
  l: number,
  visit: (weights: Float32Array, at: number, i: number, units: number) => void,
): Promise<void> {
  const { units } = arrays.layers[l] as { units: number };
  let i = 0;
  for await (const piece of arrays.rows(l, "weights") as Pieces)
    for (let at = 0; at < piece.length; at += units) visit(piece, at, i++, units);
}

function packed(weights: Float64Array): { values: string; largest: number } {
  const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  const values = Int8Array.from(weights, (weight) => Math.round((127 * weight) / (largest || 1)));
  return { values: Buffer.from(values.buffer).toString("base64"), largest };
}

function strongest(
  weights: Float64Array,
  describe: (index: number) => Omit<Connection, "weight">,
): Pick<Connections, "count" | "positive" | "negative"> {
  const order = byWeight(weights);
  const named = (index: number): Connection => ({ ...describe(index), weight: weights[index]! });
  return {
    count: weights.length,
    positive: order.positive.slice(0, mostConnections).map(named),
    negative: order.negative.slice(0, mostConnections).map(named),
  };
}

function strongestTerms(weights: Float64Array, terms: readonly string[]) {
  const order = byWeight(weights);
  const named = (index: number) => ({ term: terms[index] ?? String(index), weight: weights[index]! });
  return {
    positive: order.positive.slice(0, mostTerms).map(named),
    negative: order.negative.slice(0, mostTerms).map(named),
  };
}

/** Numbers of those above and below 0, the largest first. */
function byWeight(weights: Float64Array): { positive: number[]; negative: number[] } {
  const order = Array.from(weights.keys()).sort((a, b) => weights[b]! - weights[a]! || a - b);
  return {
    positive: order.filter((index) => weights[index]! > 0),
    negative: order.filter((index) => weights[index]! < 0).reverse(),
  };
}
