/** Any ONNX model on a set, by ONNX Runtime: its activations are made outputs, and counted as they come. */
import path from "node:path";
import type { InferenceSession, Tensor } from "onnxruntime-web/wasm";
import { type Dataset, type ExampleSet, writeExample } from "../data/dataset.js";
import { fileBytes, openFile, Siblings } from "../models/fileSource.js";
import type { ModelContents } from "../models/layer.js";
import { LayerStatistics } from "../sparsity/layerStatistics.js";
import { type ActivationPoint, activationPoints } from "./activationPoints.js";
import { answerCounter } from "./answers.js";
import { withOutputs } from "./exposedOutputs.js";
import { type ExampleInput, exampleInput, shapeText } from "./inputShape.js";
import { onnxRuntime } from "./onnxRuntime.js";
import { notFinite } from "./probeDense.js";
import type { Answers, CountedLayer } from "./probed.js";
import { ProbeError } from "./probeError.js";
import { addObservations, unitLayout } from "./unitObservations.js";

/** Of a model file with what lies beside it: WebAssembly has 4 GiB for it, its copy and everything that is computed. */
const maxModelBytes = 2 ** 30;
const maxBatch = 100;
/** Numbers that a batch's activations may come to; an example's may be more. */
const batchOutputs = 2 ** 22;

export interface OnnxProbe {
  layers: CountedLayer[];
  answers: Answers;
  inputShape: number[];
  leftOut: { name: string; reason: string }[];
}

/** @throws FormatError, ProbeError */
export async function probeOnnx(
  file: string,
  model: ModelContents & { dataFiles?: readonly string[] },
  dataset: Pick<Dataset, "dimension" | "classes" | "imageShape">,
  set: ExampleSet,
  assets: string,
  progress: (done: number) => void,
): Promise<OnnxProbe> {
  const points = activationPoints(model);
  if (points.length === 0) throw noActivations(file, "its graph has none of the operations that are activations");
  const [answer = ""] = model.outputs;
  const bounds = points.flatMap(({ exact }) => (typeof exact === "object" ? [exact.lowerBound] : []));
  const values = [...new Set([...points.map(({ value }) => value), ...bounds])];
  const added = values.filter((name) => !model.outputs.includes(name));
  const { Tensor, ...runtime } = await onnxRuntime(assets);
  const session = await sessionOf(file, runtime, model.dataFiles ?? [], added);
  try {
    const input = inputOf(file, session, dataset);
    const feeds = (start: number, size: number, batch: number) => {
      const data = new Float32Array(batch * dataset.dimension);
      // a model that takes a fixed number is given the last example again, which is not counted
      for (let b = 0; b < batch; b++)
        writeExample(set.inputs, start + Math.min(b, size - 1), dataset.dimension, data, b * dataset.dimension);
      const shape = input.batched ? [batch, ...input.shape] : input.shape;
      const tensor =
        input.type === "float64" ? new Tensor("float64", Float64Array.from(data), shape) : new Tensor(data, shape);
      return { [input.name]: tensor };
    };
    const counters = points.map((point) => new PointCounter(point, input.batched));
    const answers = answerCounter(model, dataset.classes, set);
    const fetches = [...new Set([...values, answer])];
    let batch = input.batch ?? 1;
    let growing = input.batch === null;
    for (let start = 0; start < set.n; ) {
      const size = Math.min(batch, set.n - start);
      let outputs: Record<string, Tensor>;
      try {
        outputs = await session.run(feeds(start, size, input.batch ?? size), fetches);
      } catch (error) {
        // some models take any number of examples by their word, and only one in truth
        if (size > 1 && input.batch === null) {
          batch = 1;
          continue;
        }
        throw runtimeError(file, error, "cannot be computed on this data");
      }
      for (const counter of counters) counter.add(outputs, size, input.batch ?? size);
      answers.add(outputs[answer], start, size, input.batch ?? size);
      start += size;
      progress(start);
      if (growing) {
        const numbers = values.reduce((sum, name) => sum + (outputs[name]?.size ?? 0), 0);
        batch = Math.max(1, Math.min(maxBatch, Math.floor(batchOutputs / Math.max(1, numbers))));
        growing = false;
      }
    }
    const done = counters.map((counter) => counter.end());
    const layers: CountedLayer[] = [];
    for (const { point, statistics, exact } of done) {
      if (!statistics) continue;
      if (!statistics.absoluteSums.every(Number.isFinite)) throw notFinite(file, point.name);
      const { name, activation } = point;
      layers.push({ name, activation, exact, statistics, weightNorm: await normOf(model, point.weights) });
    }
    const leftOut = done.flatMap(({ point, reason }) => (reason === null ? [] : [{ name: point.name, reason }]));
    if (layers.length === 0) throw noActivations(file, `${leftOut[0]?.name}: ${leftOut[0]?.reason}`);
    return { layers, answers: answers.end(), inputShape: input.shape, leftOut };
  } finally {
    await session.release();
  }
}

/** Counts the outputs of one activation. */
class PointCounter {
  private statistics: LayerStatistics | null = null;
  private reason: string | null = null;
  private exact: boolean;

  constructor(
    private readonly point: ActivationPoint,
    private readonly batched: boolean,
  ) {
    this.exact = point.exact === true;
  }

  /** @param size examples that count, of `batch` */
  add(outputs: Readonly<Record<string, Tensor>>, size: number, batch: number): void {
    this.reason ??= this.count(outputs, size, batch);
  }

  end() {
    const reason = this.reason ?? (this.statistics ? null : "it gives nothing");
    return { point: this.point, statistics: reason === null ? this.statistics : null, exact: this.exact, reason };
  }

  /** @returns why they cannot be counted */
  private count(outputs: Readonly<Record<string, Tensor>>, size: number, batch: number): string | null {
    const { value, exact, unitsOf } = this.point;
    const tensor = outputs[value];
    const values = tensor && numbersOf(tensor);
    if (!values) return `its outputs are ${tensor?.type ?? "no tensor"}`;
    const shape = this.batched ? tensor.dims : [1, ...tensor.dims];
    if (shape.length < 2 || shape[0]! % batch !== 0)
      return `its outputs of shape ${shapeText(tensor.dims)} are not ordered by examples`;
    const layout = unitLayout(shape, (shape[0]! / batch) * size, unitsOf);
    if (!layout) return `its outputs of shape ${shapeText(tensor.dims)} have no units`;
    if (typeof exact === "object") this.exact = outputs[exact.lowerBound]?.data[0] === 0;
    this.statistics ??= new LayerStatistics(layout.units);
    if (this.statistics.units !== layout.units) return "the number of its units changes";
    addObservations(this.statistics, values, layout);
    return null;
  }
}

async function sessionOf(
  file: string,
  { InferenceSession }: Pick<Awaited<ReturnType<typeof onnxRuntime>>, "InferenceSession">,
  dataFiles: readonly string[],
  added: readonly string[],
): Promise<InferenceSession> {
  const siblings = new Siblings(path.dirname(path.resolve(file)));
  const source = await openFile(file);
  try {
    const beside = await Promise.all(dataFiles.map((name) => siblings.open(name)));
    const bytes = beside.reduce((sum, { size }) => sum + size, source.size);
    if (bytes > maxModelBytes)
      throw new ProbeError({
        code: "tooLarge",
        message: `${file} has ${bytes} bytes with its data; models of at most ${maxModelBytes} can be probed. Name a smaller one.`,
        input: true,
        file,
        value: bytes,
      });
    const externalData = [];
    for (const [at, name] of dataFiles.entries()) externalData.push({ path: name, data: await fileBytes(beside[at]!) });
    const model = withOutputs(await fileBytes(source), added);
    try {
      return await InferenceSession.create(model, { executionProviders: ["wasm"], externalData, logSeverityLevel: 4 });
    } catch (error) {
      throw runtimeError(file, error, "is turned down by ONNX Runtime");
    }
  } finally {
    await source.close();
    await siblings.close();
  }
}

function inputOf(
  file: string,
  { inputMetadata }: InferenceSession,
  { dimension, imageShape }: Pick<Dataset, "dimension" | "imageShape">,
): ExampleInput & { name: string; type: "float32" | "float64" } {
  const fail = (message: string, key: string, value: unknown) =>
    new ProbeError({ code: "inputShape", message: `${file} ${message}`, input: true, file, key, value });
  const [input, ...others] = inputMetadata;
  if (!input || others.length > 0)
    throw fail(
      `takes ${inputMetadata.length} inputs (${inputMetadata.map(({ name }) => JSON.stringify(name)).join(", ")}), and a data set gives one. Export a model with one input.`,
      inputMetadata.map(({ name }) => name).join(),
      inputMetadata.length,
    );
  const { name } = input;
  const given = imageShape ? `${dimension} numbers (${imageShape.join(" × ")})` : `${dimension} numbers`;
  if (!input.isTensor || (input.type !== "float32" && input.type !== "float64"))
    throw fail(
      `wants ${input.isTensor ? input.type : "no tensor"} as its input ${JSON.stringify(name)}, and examples are float32. Export it with an input of that type.`,
      name,
      input.isTensor ? input.type : null,
    );
  const found = exampleInput(input.shape, dimension, imageShape);
  if (!found)
    throw fail(
      `wants the shape ${shapeText(input.shape)} as its input ${JSON.stringify(name)} (the first axis is that of the examples), and an example of the data set is ${given}. Name a config whose data set is the one that the model was made for, or export the model with the sizes of its input fixed.`,
      name,
      imageShape ? [...imageShape] : [dimension],
    );
  return { ...found, name, type: input.type };
}

function noActivations(file: string, why: string): ProbeError {
  return new ProbeError({
    code: "noActivations",
    message: `${file} has no activations that could be counted: ${why}. Name a model with units such as Relu or Tanh in its main graph.`,
    input: true,
    file,
  });
}

function runtimeError(file: string, error: unknown, what: string): ProbeError {
  const said = (error instanceof Error ? error.message : String(error))
    .replace(/\s+/g, " ")
    .replace(/^.*ERROR_MESSAGE: /, "")
    .trim()
    .slice(0, 600);
  return new ProbeError({
    code: "runtime",
    message: `${file} ${what}: ${said.replace(/\.$/, "")}. Export it again, or with operations that ONNX Runtime has for processors.`,
    input: true,
    file,
  });
}

function numbersOf({ type, data }: Tensor): Float32Array | Float64Array | null {
  if (type === "float32" || type === "float64") return data as Float32Array | Float64Array;
  return null;
}

async function normOf({ tensors }: ModelContents, name: string | null): Promise<number | null> {
  const tensor = tensors.find((candidate) => candidate.name === name);
  if (!tensor) return null;
  let square = 0;
  for await (const piece of tensor.values()) for (const value of piece) square += value ** 2;
  return Math.sqrt(square);
}
