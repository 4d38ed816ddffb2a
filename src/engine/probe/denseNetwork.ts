/** A fully connected network that a model file holds, as Rectiscope's own engine takes it. */
import type { Experiment } from "../../common/experiment.js";
import type { Layer } from "../../common/layers.js";
import { type Activation, activations } from "../../common/units.js";
import { FormatError } from "../formats/formatError.js";
import type { StoredTensor } from "../formats/modelFile.js";
import type { UnitHistory } from "../kernels/kernels.js";
import type { ModelContents } from "../models/layer.js";
import { layersOf } from "../models/layers.js";
import { isCheckpoint, rolesOf } from "../models/roles.js";
import { type NetworkShape, type Parameters, parameterCount } from "../network/network.js";
import { whyNotAChain } from "./plainChain.js";

export interface DenseNetwork {
  shape: NetworkShape;
  /** Hidden ones first, from the input on. */
  layers: Layer[];
  /** False of what pre-training leaves: hidden layers alone. `shape.classes` is then made up. */
  hasOutput: boolean;
  unitsFrom: "model" | "config";
}

const known: Record<string, Activation> = {
  rectifier: "rectifier",
  relu: "rectifier",
  tanh: "tanh",
  logistic: "logistic",
  sigmoid: "logistic",
  softplus: "softplus",
};
const outputs = [null, "linear", "softmax", "log softmax", "log_softmax"];
const madeUpClasses = 2;
/** Beyond what the engine's memory holds. */
const maxParameters = 2 ** 30;

/**
 * Looks at descriptions only.
 * @param config whose units are taken where the file holds weights alone and the widths are the same
 * @returns the network, or why the file holds none that the engine could compute
 */
export function denseNetworkOf(model: ModelContents, config: Experiment["network"]): DenseNetwork | { why: string } {
  const own = isCheckpoint(model);
  const found = model.nodes.length > 0 || own ? layersOf(model) : chained(layersOf(model));
  if (found.length === 0) return { why: "no layers are recognised in it" };
  if (model.nodes.length > 0) {
    const why = whyNotAChain(model, found);
    if (why !== null) return { why };
  } else {
    const why = whyNotOnlyLayers(model, found);
    if (why !== null) return { why };
  }
  const widths = [found[0]!.inputs, ...found.map(({ units }) => units)];
  if (found.some(({ inputs }, l) => inputs !== widths[l])) return { why: "its layers do not follow each other" };
  const hasOutput = !own || found.at(-1)!.signs === null;
  const hidden = hasOutput ? widths.slice(1, -1) : widths.slice(1);
  if (hidden.length === 0) return { why: "it has no hidden layer" };
  const units = unitsOf(model, found.slice(0, hidden.length), config, hidden);
  if ("why" in units) return units;
  if (model.nodes.length > 0 && !outputs.includes(found.at(-1)!.activation))
    return { why: `its outputs are ${found.at(-1)!.activation}, not a softmax or logits` };
  const classes = hasOutput ? widths.at(-1)! : madeUpClasses;
  const shape: NetworkShape = { inputs: widths[0]!, hidden, classes, signs: "none", ...units.shape };
  if (parameterCount(shape) > maxParameters) return { why: `it has more than ${maxParameters} parameters` };
  return { shape, layers: found, hasOutput, unitsFrom: units.from };
}

/** Tensors of one name pattern in a file's own order, else by the numbers in their names. */
function chained(layers: Layer[]): Layer[] {
  const follow = (list: readonly Layer[]) => list.every(({ inputs }, l) => l === 0 || list[l - 1]!.units === inputs);
  if (follow(layers)) return layers;
  const byNumber = new Intl.Collator("en", { numeric: true });
  return layers.toSorted((a, b) => byNumber.compare(a.name, b.name));
}

function whyNotOnlyLayers(model: ModelContents, layers: readonly Layer[]): string | null {
  const conv = layers.find(({ kind }) => kind !== "dense");
  if (conv) return `${JSON.stringify(conv.name)} is a convolution`;
  const taken = new Set(layers.flatMap(({ weights, bias }) => [weights, bias]));
  const roles = rolesOf(model, layers);
  const other = model.tensors.find(
    ({ name }, t) => !taken.has(name) && ["weight", "bias", "norm", "embedding"].includes(roles[t]!),
  );
  return other ? `${JSON.stringify(other.name.slice(0, 120))} belongs to no dense layer` : null;
}

type Units = { shape: Pick<NetworkShape, "activation" | "sharpness">; from: "model" | "config" };

function unitsOf(
  model: ModelContents,
  hiddenLayers: readonly Layer[],
  config: Experiment["network"],
  hidden: readonly number[],
): Units | { why: string } {
  // of what pre-training leaves, the last layer is a hidden one as well
  const stated = hiddenLayers.map(({ activation }) => (isCheckpoint(model) ? model.metadata.activation! : activation));
  if (stated.every((activation) => activation === null) && model.nodes.length === 0) {
    if (config.hidden.join() !== hidden.join())
      return {
        why: `it holds weights alone, which do not say what its units are, and the config's network (network.hidden [${config.hidden.join(", ")}]) is not this one ([${hidden.join(", ")}])`,
      };
    return { shape: { activation: config.activation, sharpness: config.sharpness }, from: "config" };
  }
  const [first = ""] = stated;
  if (stated.some((activation) => activation !== first)) return { why: "its layers have different units" };
  const activation = Object.hasOwn(known, first ?? "") ? known[first as string] : undefined;
  if (!activation || !activations.includes(activation)) return { why: `its units are ${first ?? "linear"}` };
  const sharpness = Number(model.metadata.sharpness ?? 1);
  return { shape: { activation, sharpness: sharpness > 0 ? sharpness : 1 }, from: "model" };
}

/** @throws FormatError when values cannot be read, or are not there for all units */
export async function readParameters(
  { tensors }: Pick<ModelContents, "tensors">,
  { layers, shape, hasOutput }: DenseNetwork,
): Promise<Parameters> {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const vector = async (name: string | null, units: number, otherwise: number) => {
    if (name === null) return new Float32Array(units).fill(otherwise);
    const tensor = byName.get(name)!;
    if (tensor.elements !== units)
      throw new FormatError(
        `${JSON.stringify(name)} has ${tensor.elements} values for ${units} units. Make the file again.`,
        { code: "wrongSize", place: name, value: tensor.elements },
      );
    return floatsOf(tensor);
  };
  const parameters: Parameters = [];
  for (const [l, layer] of layers.entries())
    parameters.push({
      weightsInOut: inOut(await floatsOf(byName.get(layer.weights)!), byName.get(layer.weights)!, layer),
      biases: await vector(layer.bias, layer.units, 0),
      signs: l < shape.hidden.length ? await vector(layer.signs, layer.units, 1) : null,
    });
  if (!hasOutput) {
    const inputs = shape.hidden.at(-1)!;
    const [weightsInOut, biases] = [new Float32Array(inputs * shape.classes), new Float32Array(shape.classes)];
    parameters.push({ weightsInOut, biases, signs: null });
  }
  return parameters;
}

/**
 * Where a checkpoint's run kept each unit: on that the last bits of sums depend. Null where the file does not say.
 * @throws FormatError unless each place is taken once: they become addresses
 */
export async function readPlaces(
  { tensors }: Pick<ModelContents, "tensors">,
  { layers, shape }: DenseNetwork,
): Promise<UnitHistory[] | null> {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const histories: UnitHistory[] = [];
  for (const [l, units] of shape.hidden.entries()) {
    const tensor = byName.get(`${layers[l]!.name}.place`);
    if (tensor?.dtype !== "int32" || tensor.elements !== units) return null;
    const place = Int32Array.from(await floatsOf(tensor));
    if (new Set(place).size !== units || place.some((at) => at < 0 || at >= units))
      throw new FormatError(`${tensor.name} does not name each of ${units} places once. The checkpoint is damaged.`, {
        code: "damaged",
        place: tensor.name,
      });
    const never = () => new Int32Array(units).fill(-1);
    histories.push({ lastFiredStep: never(), maxUpdate: new Float32Array(units), maxUpdateStep: never(), place });
  }
  return histories;
}

async function floatsOf(tensor: StoredTensor): Promise<Float32Array> {
  const all = new Float32Array(tensor.elements);
  let at = 0;
  for await (const piece of tensor.values()) {
    all.set(piece, at);
    at += piece.length;
  }
  if (at === all.length) return all;
  throw new FormatError(`${JSON.stringify(tensor.name)} does not hold numbers. Make the file again.`, {
    code: "notNumbers",
    place: tensor.name,
  });
}

/** [inputs × units], row-major, whichever way the file has it. */
function inOut(values: Float32Array, { columnMajor }: StoredTensor, { inputs, units, unitAxis }: Layer): Float32Array {
  const unitsLast = unitAxis === (columnMajor ? 0 : 1);
  if (unitsLast) return values;
  const to = new Float32Array(values.length);
  for (let j = 0; j < units; j++) for (let i = 0; i < inputs; i++) to[i * units + j] = values[j * inputs + i]!;
  return to;
}
