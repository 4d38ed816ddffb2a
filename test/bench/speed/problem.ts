/**
 * What every contestant is given, as a folder that Node and Python read: where training starts, the examples in the order of the
 * steps, and the settings. problem.json; start.f32, layer by layer weights [inputs × units], biases, and signs of hidden layers;
 * places.i32, which only our engine reads; inputs.u8, to be multiplied by `scale`; labels.i32.
 */
import fs from "node:fs";
import path from "node:path";
import type { ExampleSet, Inputs } from "../../../src/engine/data/dataset.js";
import { layerSizes, type NetworkShape, type Parameters } from "../../../src/engine/network/network.js";
import { readParameters, readPlaces, writeParameters, writePlaces } from "./parametersFile.js";

export interface Settings {
  shape: NetworkShape;
  batchSize: number;
  /** Untimed steps at the start of every pass. */
  lead: number;
  /** Timed ones, after them. */
  steps: number;
  learningRate: number;
  l1: number;
  /** Steps that training had done before. */
  stepsBefore: number;
  scale: number;
}

export interface Problem extends Settings {
  start: Parameters;
  /** Where our engine had come to keep the units; absent for networks that it has not trained. */
  places?: Int32Array[];
  /** [n × inputs] */
  inputs: Uint8Array;
  /** [n] */
  labels: Uint8Array;
}

export function writeProblem(folder: string, { start, places, inputs, labels, ...settings }: Problem): void {
  fs.mkdirSync(folder, { recursive: true });
  const file = (name: string) => path.join(folder, name);
  fs.writeFileSync(file("problem.json"), JSON.stringify({ ...settings, sizes: layerSizes(settings.shape) }));
  writeParameters(file("start.f32"), start);
  if (places) writePlaces(file("places.i32"), places);
  else fs.rmSync(file("places.i32"), { force: true });
  fs.writeFileSync(file("inputs.u8"), inputs);
  fs.writeFileSync(file("labels.i32"), Buffer.from(Int32Array.from(labels).buffer));
}

export function readProblem(folder: string): Problem {
  const file = (name: string) => path.join(folder, name);
  const settings = JSON.parse(fs.readFileSync(file("problem.json"), "utf8")) as Settings;
  const labels = fs.readFileSync(file("labels.i32"));
  return {
    ...settings,
    start: readParameters(file("start.f32"), settings.shape),
    ...(fs.existsSync(file("places.i32")) ? { places: readPlaces(file("places.i32"), settings.shape) } : {}),
    inputs: new Uint8Array(fs.readFileSync(file("inputs.u8"))),
    labels: Uint8Array.from(new Int32Array(labels.buffer, labels.byteOffset, labels.length / 4)),
  };
}

export function bytesOf({ inputs }: ExampleSet): Extract<Inputs, { kind: "bytes" }> {
  if (inputs.kind !== "bytes") throw new TypeError(`The benchmark takes bytes, not ${inputs.kind}.`);
  return inputs;
}

/** The examples as a backend takes them, and their numbers in turn; the same objects for the same problem. */
export function exampleSetOf(problem: Problem): { set: ExampleSet; order: Int32Array } {
  const known = sets.get(problem);
  if (known) return known;
  const { inputs, labels, scale } = problem;
  const set: ExampleSet = { name: "train", n: labels.length, inputs: { kind: "bytes", values: inputs, scale }, labels };
  const made = { set, order: Int32Array.from({ length: set.n }, (_, k) => k) };
  sets.set(problem, made);
  return made;
}

const sets = new WeakMap<Problem, { set: ExampleSet; order: Int32Array }>();

/** The named examples of a set, one after the other. */
export function take(set: ExampleSet, indices: Int32Array): Pick<Problem, "inputs" | "labels" | "scale"> {
  const { labels } = set;
  const inputs = bytesOf(set);
  const dimension = inputs.values.length / labels.length;
  const taken = new Uint8Array(indices.length * dimension);
  indices.forEach((example, k) => {
    taken.set(inputs.values.subarray(example * dimension, (example + 1) * dimension), k * dimension);
  });
  return { inputs: taken, labels: Uint8Array.from(indices, (example) => labels[example]!), scale: inputs.scale };
}
