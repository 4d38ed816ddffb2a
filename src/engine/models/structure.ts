/**
 * Units that cannot fire, or that nothing reads, whatever the input: found in the weights alone. Of rectifiers only; of other units
 * there is no such thing. Three reasons: all outgoing weights are zero; all incoming weights are zero and the bias is at most 0; or
 * the largest pre-activation that the range of the inputs allows is at most 0.
 */
import { deadReasons, type Layer, type LayerStructure } from "../../common/layers.js";
import { FormatError } from "../formats/formatError.js";
import type { StoredTensor } from "../formats/modelFile.js";
import { isRectifier, type ModelContents } from "./layer.js";

/** More units and inputs than this are not looked at. */
const maxUnits = 1 << 22;

/**
 * One for each layer; null where units are no rectifiers, or not known to be. Reads the layers' weights once each.
 * @param inputRange what the network's inputs are known to lie in
 * @throws FormatError when weights cannot be read
 */
export async function structuresOf(
  model: Pick<ModelContents, "tensors">,
  layers: readonly Layer[],
  inputRange: Range = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY },
): Promise<(LayerStructure | null)[]> {
  const tensors = new Map(model.tensors.map((tensor) => [tensor.name, tensor]));
  const bounds = layers.map((layer) => isRectifier(layer.activation) && layer.plain && layer.units <= maxUnits);
  const structures = layers.map((layer, l) => (bounds[l] ? new Uint8Array(layer.units) : null));
  const unread = layers.map(({ units }, l) => (bounds[l] ? new Uint8Array(units).fill(1) : null));
  for (const [l, layer] of layers.entries()) {
    const previous = layer.before === null ? null : layers[layer.before]!;
    const reads = layer.before === null ? null : unread[layer.before]!;
    if (!structures[l] && !reads) continue;
    if (layer.inputs > maxUnits || layer.units > maxUnits) {
      reads?.fill(0);
      continue;
    }
    const ranges = previous ? await rangesAfter(previous, tensors) : [inputRange];
    const found = await weigh(layer, tensors, ranges);
    found.inputRead.forEach((read, input) => {
      if (read && reads && input < reads.length) reads[input] = 0;
    });
    structures[l]?.forEach((_, unit) => {
      if (found.largest[unit]! > 0 || Number.isNaN(found.largest[unit])) return;
      structures[l]![unit]! |= found.unitFed[unit] ? deadReasons.bound : deadReasons.incoming;
    });
  }
  for (const [l, { closed }] of layers.entries()) {
    if (!closed) continue;
    structures[l]?.forEach((_, unit) => {
      if (unread[l]![unit]) structures[l]![unit]! |= deadReasons.outgoing;
    });
  }
  return structures;
}

interface Range {
  low: number;
  high: number;
}

/** What a layer's units can give: one range for all, or one a unit where each has a sign. */
async function rangesAfter(layer: Layer, tensors: ReadonlyMap<string, StoredTensor>): Promise<Range[]> {
  if (!isRectifier(layer.activation)) return [{ low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }];
  const top = layer.activation === "relu6" ? 6 : Number.POSITIVE_INFINITY;
  if (layer.signs === null) return [{ low: 0, high: top }];
  const signs = await vectorOf(tensors.get(layer.signs), layer.units);
  return Array.from(signs, (sign) => (sign < 0 ? { low: -top, high: 0 } : { low: 0, high: top }));
}

interface Weighed {
  /** By unit: whether any incoming weight is not zero. */
  unitFed: Uint8Array;
  /** By input: whether any unit has a weight for it. */
  inputRead: Uint8Array;
  /** By unit: the largest pre-activation that the ranges allow. */
  largest: Float64Array;
}

async function weigh(
  layer: Layer,
  tensors: ReadonlyMap<string, StoredTensor>,
  ranges: readonly Range[],
): Promise<Weighed> {
  const { units, inputs, unitAxis, inputAxis } = layer;
  const weights = tensors.get(layer.weights)!;
  const bias = layer.bias === null ? null : await vectorOf(tensors.get(layer.bias), units);
  const [unitStep, inputStep] = [stride(weights, unitAxis), stride(weights, inputAxis)];
  const largest = bias ?? new Float64Array(units);
  const found: Weighed = { unitFed: new Uint8Array(units), inputRead: new Uint8Array(inputs), largest };
  let at = 0;
  for await (const piece of weights.values()) {
    for (let i = 0; i < piece.length; i++) {
      const weight = piece[i]!;
      if (weight === 0) continue;
      const unit = Math.floor((at + i) / unitStep) % units;
      const input = Math.floor((at + i) / inputStep) % inputs;
      const { low, high } = ranges[ranges.length === 1 ? 0 : input]!;
      const end = weight > 0 ? high : low;
      const most = weight * end;
      // a kernel at the edge of its input reads zeros; NaN stays, and says nothing
      largest[unit]! += layer.kind === "conv" ? Math.max(0, most) : most;
      found.unitFed[unit] = 1;
      found.inputRead[input] = 1;
    }
    at += piece.length;
  }
  return found;
}

/** How many stored elements lie between two neighbours along an axis. */
function stride({ shape, columnMajor }: StoredTensor, axis: number): number {
  const within = columnMajor ? shape.slice(0, axis) : shape.slice(axis + 1);
  return Math.max(
    1,
    within.reduce((count, size) => count * size, 1),
  );
}

async function vectorOf(tensor: StoredTensor | undefined, length: number): Promise<Float64Array> {
  const all = new Float64Array(length);
  let at = 0;
  if (tensor?.elements === length)
    for await (const piece of tensor.values()) {
      all.set(piece, at);
      at += piece.length;
    }
  if (at === length) return all;
  throw new FormatError(`Tensor ${JSON.stringify(tensor?.name)} does not hold a number for each of ${length} units.`, {
    code: "wrongSize",
    place: tensor?.name,
  });
}
