/** One probe from model file and config to report, in whichever process this is called. */
import type { ProbeProgress, ProbeReport, ProbeTask } from "../../common/probe.js";
import { FormatError } from "../formats/formatError.js";
import { type OpenModel, openModel, withFile } from "../models/openModel.js";
import { denseNetworkOf } from "./denseNetwork.js";
import { type ProbeData, probeData } from "./probeData.js";
import { probeDense } from "./probeDense.js";
import { type Answers, type CountedLayer, probedLayers, probeEvaluation } from "./probed.js";
import { ProbeError } from "./probeError.js";

/** @throws FormatError, ConfigReadError, DataError, NetworkTooLargeError, ProbeError */
export async function probeModel(task: ProbeTask, progress: (progress: ProbeProgress) => void): Promise<ProbeReport> {
  const begun = performance.now();
  progress({ stage: "model", done: 0, total: 0 });
  const model = await openModel(task.model);
  try {
    progress({ stage: "data", done: 0, total: 0 });
    const data = await probeData(task);
    const { dataset, set, experiment } = data;
    progress({ stage: "examples", done: 0, total: set.n });
    const { rareThreshold, dormantThreshold } = experiment.evaluation;
    const { layers, answers, ...found } = await computed(task, model, data, (done) =>
      progress({ stage: "examples", done, total: set.n }),
    );
    return {
      model: task.model,
      format: model.format,
      ...found,
      config: task.config,
      thresholds: { rareThreshold, dormantThreshold },
      dataset: { name: dataset.name, origin: dataset.origin, sha256: dataset.sha256 },
      layers: probedLayers(layers, set.n),
      evaluation: probeEvaluation(set, layers, answers, experiment.evaluation),
      seconds: (performance.now() - begun) / 1000,
    };
  } catch (error) {
    throw error instanceof FormatError ? withFile(error, task.model) : error;
  } finally {
    await model.close();
  }
}

type Computed = { layers: CountedLayer[]; answers: Answers } & Pick<
  ProbeReport,
  "engine" | "inputShape" | "unitsFrom" | "leftOut"
>;

/** Our own engine where it computes the same; ONNX Runtime for all else that it can read. */
async function computed(
  { model: file, assets }: ProbeTask,
  model: OpenModel,
  { dataset, set, experiment }: ProbeData,
  progress: (done: number) => void,
): Promise<Computed> {
  const network = denseNetworkOf(model, experiment.network);
  if (!("why" in network)) {
    const { unitsFrom, shape } = network;
    const counted = await probeDense(file, model, network, dataset, set, assets, progress);
    return { ...counted, engine: "builtin", inputShape: [shape.inputs], unitsFrom, leftOut: [] };
  }
  if (model.format !== "onnx")
    throw new ProbeError({
      code: "notProbed",
      message: `${file} cannot be probed: ${network.why}. Of this format only fully connected networks of one kind of units can; export the model as ONNX.`,
      input: true,
      file,
    });
  const { probeOnnx } = await import("./probeOnnx.js");
  const counted = await probeOnnx(file, model, dataset, set, assets, progress);
  return { ...counted, engine: "onnxruntime-web", unitsFrom: "model" };
}
