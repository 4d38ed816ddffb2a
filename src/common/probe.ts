/**
 * Probing a model: a data set runs through it, and what its units give is counted as in a training run's evaluations. A probe has a
 * process of its own (dist/probe.js); `startProbe` in engine/probe starts it, for the command line as for the editor. It is sent one
 * ToProbe, answers with FromProbe messages, the last of which is `ended` or `failed`, and is cancelled by ending the process: a probe
 * writes nothing. Messages are cloned as they are (`serialization: "advanced"`), typed arrays included.
 */
import type { Experiment } from "./experiment.js";
import type { ActivationFigures } from "./metrics.js";
import type { SetName } from "./run.js";

export interface ProbeTask {
  /** Absolute path of the model file. */
  model: string;
  /** Absolute path of an experiment: its `dataset` is what runs through the model, its `evaluation` holds the thresholds. */
  config: string;
  set: SetName;
  /** The first examples of the set; null for all. */
  n: number | null;
  /** Folders searched for data sets that the config does not locate itself, absolute. */
  dataFolders: string[];
  /** Folder with kernels.wasm, probe.js, onnxruntime.wasm.br and the packed sample. */
  assets: string;
}

/** What a probe may take: a model is somebody's program. */
export interface ProbeLimits {
  /** Of the whole process. */
  memoryBytes: number;
  /** Without any progress. */
  silentSeconds: number;
}

export type ToProbe = { type: "begin"; task: ProbeTask; limits: ProbeLimits };

export type FromProbe =
  | { type: "progress"; progress: ProbeProgress }
  /** The last message: one of these two. */
  | { type: "ended"; report: ProbeReport }
  | { type: "failed"; failure: ProbeFailure };

export interface ProbeProgress {
  stage: "data" | "model" | "examples";
  /** Examples that have run through the model, of `total`; 0 before. */
  done: number;
  total: number;
}

export interface ProbeFailure {
  code: string;
  message: string;
  /** Whether what was given cannot be used (model, config, data); else the probe itself did not come to its end. */
  input: boolean;
  file?: string;
  key?: string;
  value?: unknown;
}

export interface ProbeReport {
  /** Absolute. */
  model: string;
  /** As formatNames in engine/formats/modelFile.ts has it, such as `onnx`. */
  format: string;
  /** What computed: Rectiscope's own engine, or ONNX Runtime. */
  engine: "builtin" | "onnxruntime-web";
  /** What the model was given for an example, the batch not counted, such as [1, 28, 28]. */
  inputShape: number[];
  /** Whether the model says which units it has, or the config's `network.activation` was taken: files of weights alone do not say. */
  unitsFrom: "model" | "config";
  config: string;
  /** The config's, which rare and dormant units were counted with. */
  thresholds: Pick<Experiment["evaluation"], "rareThreshold" | "dormantThreshold">;
  dataset: { name: string; origin: string; sha256: string };
  layers: ProbedLayer[];
  evaluation: ProbeEvaluation;
  /** Activations that could not be counted, and why. */
  leftOut: { name: string; reason: string }[];
  seconds: number;
}

/** One layer of units: of a graph one activation, in the file's order. */
export interface ProbedLayer {
  /** From 1. */
  layer: number;
  name: string;
  units: number;
  /** Such as `rectifier`, `tanh`; of ONNX what the operation is called in docs/inspector.md, such as `relu`. */
  activation: string;
  /** Examples × positions: how often each unit was looked at. A convolution's unit is its channel. */
  observations: number;
  /** Whether a unit has several positions in an example. */
  positions: boolean;
  responses: ProbedUnits;
}

/** [units] each; the columns of these names in common/unitFrames.ts. */
export interface ProbedUnits {
  /** Observations on which the unit's output was not zero. */
  firings: Uint32Array;
  /** firings ÷ observations */
  firingFrequency: Float32Array;
  meanActivation: Float32Array;
  /** Largest |h|. */
  maximum: Float32Array;
  /** [units + 1]: observations by number of active units. */
  activeUnits: Int32Array;
}

/** As the evaluations of a run (docs/run-folder.md), without step and epoch. */
export interface ProbeEvaluation {
  kind: "eval";
  set: SetName;
  n: number;
  /** Null unless the model has an output for each class, and the outputs are known to be probabilities or logits. */
  loss: number | null;
  /** Null unless the model has an output for each class. */
  error: number | null;
  /** Absent where labels are not stars, or not known. */
  rmse?: number;
  layers: ActivationFigures[];
}
