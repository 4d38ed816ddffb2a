import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeStripes } from "../../../test/support/idxFiles.js";
import { dist } from "../../../test/support/kernelModule.js";
import {
  floats,
  joined,
  jsonFile,
  npyFile,
  npzFile,
  onnxFile,
  onnxTensorFile,
  safetensorsFile,
} from "../../../test/support/modelFiles.js";
import { type ExperimentInput, experimentSchema } from "../../common/experiment.js";
import type { WorkerInput } from "../../common/messages.js";
import type { ProbeReport, ProbeTask } from "../../common/probe.js";
import type { EvalLine } from "../../common/run.js";
import { FormatError } from "../formats/formatError.js";
import { decodeSafetensors } from "../formats/safetensors.js";
import { type RunContents, readRun } from "../runs/readRun.js";
import { readUnits } from "../runs/readUnits.js";
import { runExperiment } from "../runs/runExperiment.js";
import { probeModel } from "./probeModel.js";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rectiscope-probe-"));
const configFile = path.join(folder, "stripes.rectiscope.json");
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function write(name: string, bytes: Uint8Array | string): string {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, bytes);
  return file;
}

function probe(model: string, more: Partial<ProbeTask> = {}, told: number[] = []): Promise<ProbeReport> {
  const task = { model, config: configFile, set: "valid" as const, n: null, dataFolders: [], assets: dist, ...more };
  return probeModel(task, ({ done }) => told.push(done));
}

async function trained(name: string, network: object, more: Partial<ExperimentInput> = {}): Promise<RunContents> {
  const runFolder = path.join(folder, name);
  const given: ExperimentInput = {
    dataset: { name: "idx", folder: "data", classes: 6 },
    network: { hidden: [40, 24], ...network },
    training: { learningRate: 0.05, batchSize: 1, epochs: 4, l1: 0.001 },
    // by then the units have been laid out anew, on which the last bits of sums depend
    evaluation: { everySteps: 300 },
    ...more,
  };
  fs.writeFileSync(configFile, JSON.stringify(given));
  const stop = new SharedArrayBuffer(4);
  const experiment = experimentSchema.parse(given);
  const input = { configFile, experiment, runFolder, dataFolders: [], assets: dist, version: "test", stop };
  const record = await runExperiment(input as WorkerInput, {});
  expect(record).toMatchObject({ state: "finished", error: null });
  return readRun(runFolder);
}

/** What only training tells. */
const untold = { dying: null, gradientNorm: null, updateRatio: null };

beforeAll(() => writeStripes(path.join(folder, "data")));

describe.each([
  ["rectifiers", {}],
  ["tanh", { activation: "tanh" }],
  ["softplus", { activation: "softplus", sharpness: 4 }],
])("the best checkpoint of a run of %s", (name, network) => {
  let run: RunContents;
  let file: string;
  beforeAll(async () => {
    run = await trained(name, network);
    file = path.join(folder, name, "checkpoints/best.safetensors");
  });

  test.each(["valid", "test"] as const)("gives the run's own numbers on the %s set", async (set) => {
    const best = run.run.summary!.bestStep;
    expect(best).toBeGreaterThanOrEqual(300);
    const line = run.evaluations.find((line) => line.set === set && line.step === best) as EvalLine;
    const { step, epoch, ...expected } = line;
    const report = await probe(file, { set });
    expect(report.evaluation).toEqual({
      ...expected,
      layers: expected.layers.map((layer) => ({ ...layer, ...untold })),
    });
    expect(report).toMatchObject({ engine: "builtin", unitsFrom: "model", inputShape: [36], leftOut: [] });
    expect(report.dataset.sha256).toBe(run.run.dataset!.sha256);
  });

  test("and its units fire as the run's did", async () => {
    const { layers } = await probe(file);
    const units = await readUnits(path.join(folder, name), run.run.summary!.bestStep);
    expect(layers.map(({ units }) => units)).toEqual([40, 24]);
    for (const [l, { responses, observations }] of layers.entries()) {
      for (const column of ["firingFrequency", "meanActivation", "maximum", "activeUnits"] as const)
        expect(Array.from(responses[column])).toEqual(Array.from(units[l]![column]));
      expect(observations).toBe(48);
      expect(responses.activeUnits.reduce((sum, count) => sum + count, 0)).toBe(48);
    }
  });

  test("the first examples are those that are asked for", async () => {
    const { evaluation, layers } = await probe(file, { set: "train", n: 17 });
    expect([evaluation.set, evaluation.n, layers[0]!.observations]).toEqual(["train", 17, 17]);
    expect((await probe(file, { set: "test", n: 1000 })).evaluation.n).toBe(40);
  });
});

describe("the same network in other files", () => {
  let expected: ProbeReport;
  let parameters: Record<string, { shape: number[]; data: Float32Array }>;
  beforeAll(async () => {
    await trained("other", { signs: "none" });
    const file = path.join(folder, "other/checkpoints/best.safetensors");
    expected = await probe(file);
    parameters = decodeSafetensors(fs.readFileSync(file)).tensors as never;
  });
  const bytesOf = (data: Float32Array) => floats(...data);
  const layerNames = ["layer1", "layer2", "layer3"];
  const transposed = ({ shape, data }: { shape: number[]; data: Float32Array }) => {
    const [rows, columns] = shape as [number, number];
    return Float32Array.from(data, (_, k) => data[(k % rows) * columns + Math.floor(k / rows)]!);
  };

  /** Units in another order of memory sum in another order: counts are the same, means but for the last bits. */
  function expectSame(report: ProbeReport) {
    expect(report.engine).toBe("builtin");
    for (const [l, { responses }] of report.layers.entries())
      expect(Array.from(responses.firings)).toEqual(Array.from(expected.layers[l]!.responses.firings));
    expect(report.evaluation.error).toBe(expected.evaluation.error);
    expect(report.evaluation.loss).toBeCloseTo(expected.evaluation.loss!, 6);
    for (const [l, figures] of report.evaluation.layers.entries()) {
      const { meanActivation, ...counts } = figures;
      const { meanActivation: mean, ...others } = expected.evaluation.layers[l]!;
      expect(counts).toEqual(others);
      expect(meanActivation).toBeCloseTo(mean, 6);
    }
  }

  test("PyTorch's names and layout, in an order of their own: the units are the config's", async () => {
    const header: Record<string, object> = {};
    const data: Uint8Array[] = [];
    let at = 0;
    const add = (name: string, shape: number[], values: Float32Array) => {
      data.push(bytesOf(values));
      header[name] = { dtype: "F32", shape, data_offsets: [at, at + 4 * values.length] };
      at += 4 * values.length;
    };
    for (const [number, name] of [[10, "layer3"] as const, [2, "layer1"] as const, [4, "layer2"] as const]) {
      const { [`${name}.weights`]: weights, [`${name}.biases`]: biases } = parameters;
      add(`net.${number}.weight`, weights!.shape.toReversed(), transposed(weights!));
      add(`net.${number}.bias`, biases!.shape, biases!.data);
    }
    const report = await probe(write("torch.safetensors", safetensorsFile(header, joined(...data))));
    expect(report.unitsFrom).toBe("config");
    expectSame(report);
  });

  test("NumPy", async () => {
    const arrays = layerNames.flatMap((name) =>
      (["weights", "biases"] as const).map((kind) => {
        const { shape, data } = parameters[`${name}.${kind}`]!;
        return [`${name}.${kind}`, npyFile("'<f4'", `(${shape.join(", ")},)`, bytesOf(data))] as const;
      }),
    );
    expectSame(await probe(write("net.npz", npzFile(Object.fromEntries(arrays)))));
  });

  test("a TensorFlow.js layers model", async () => {
    const weights = layerNames.flatMap((name) => [
      { name: `${name}/kernel`, shape: parameters[`${name}.weights`]!.shape, dtype: "float32" },
      { name: `${name}/bias`, shape: parameters[`${name}.biases`]!.shape, dtype: "float32" },
    ]);
    write(
      "tf/w.bin",
      joined(
        ...layerNames.flatMap((name) => [
          bytesOf(parameters[`${name}.weights`]!.data),
          bytesOf(parameters[`${name}.biases`]!.data),
        ]),
      ),
    );
    const model = (activation: string, between: object[] = []) => ({
      weightsManifest: [{ paths: ["w.bin"], weights }],
      modelTopology: {
        model_config: {
          class_name: "Sequential",
          config: {
            layers: [
              { class_name: "Flatten", config: { name: "flatten" } },
              { class_name: "Dense", config: { name: "layer1", activation: "relu" } },
              ...between,
              { class_name: "Dense", config: { name: "layer2", activation } },
              { class_name: "Dense", config: { name: "layer3", activation: "softmax" } },
            ],
          },
        },
      },
    });
    expectSame(await probe(write("tf/model.json", jsonFile(model("relu")))));
    await expect(probe(write("tf/mixed.json", jsonFile(model("tanh"))))).rejects.toThrow(/different units.*as ONNX/);
    const normalised = model("relu", [{ class_name: "BatchNormalization", config: { name: "norm" } }]);
    await expect(probe(write("tf/norm.json", jsonFile(normalised)))).rejects.toMatchObject({ code: "notProbed" });
  });

  test("ONNX", async () => {
    const tensors = layerNames.flatMap((name) => [
      onnxTensorFile({
        name: `${name}.W`,
        dims: parameters[`${name}.weights`]!.shape,
        raw: bytesOf(parameters[`${name}.weights`]!.data),
      }),
      onnxTensorFile({
        name: `${name}.b`,
        dims: parameters[`${name}.biases`]!.shape,
        raw: bytesOf(parameters[`${name}.biases`]!.data),
      }),
    ]);
    const nodes = layerNames.flatMap((name, l) => [
      { operation: "Gemm", inputs: [l === 0 ? "x" : `h${l}`, `${name}.W`, `${name}.b`], outputs: [`a${l + 1}`] },
      ...(l < 2 ? [{ operation: "Relu", inputs: [`a${l + 1}`], outputs: [`h${l + 1}`] }] : []),
    ]);
    const file = write("net.onnx", onnxFile(tensors, nodes, ["a3"], [{ name: "x", shape: ["N", 36] }]));
    expectSame(await probe(file));
  });

  test("what is said of a file whose units nobody knows", async () => {
    const { shape, data } = parameters["layer1.weights"]!;
    const file = write(
      "alone.npz",
      npzFile({
        "a.weights": npyFile("'<f4'", `(${shape.join(", ")})`, bytesOf(data)),
        "b.weights": npyFile("'<f4'", "(40, 6)", new Uint8Array(40 * 6 * 4)),
      }),
    );
    const failing = probe(file);
    await expect(failing).rejects.toMatchObject({ code: "notProbed", file, input: true });
    await expect(failing).rejects.toThrow(/network\.hidden \[40, 24\].*\[40\]/);
  });
});

describe("what cannot be probed", () => {
  test("a network for other inputs: what it wants, what it is given, and what to do", async () => {
    await trained("narrow", {});
    const file = path.join(folder, "narrow/checkpoints/best.safetensors");
    const config = write(
      "sample.rectiscope.json",
      fs.readFileSync(configFile, "utf8").replace(/"dataset":\{.*?\}/, '"dataset":{"name":"mnist-sample"}'),
    );
    const failing = probe(file, { config, n: 10 });
    await expect(failing).rejects.toMatchObject({ code: "inputShape", input: true, file, key: "layer1", value: [784] });
    await expect(failing).rejects.toThrow(/wants 36 inputs.*has 784\. Name a config/);
  });

  test("other classes: figures, but neither error nor loss", async () => {
    await trained("classes", {});
    const file = path.join(folder, "classes/checkpoints/best.safetensors");
    const config = write(
      "more.rectiscope.json",
      fs.readFileSync(configFile, "utf8").replace('"classes":6', '"classes":9'),
    );
    const { evaluation } = await probe(file, { config });
    expect(evaluation).toMatchObject({ loss: null, error: null, n: 48 });
    expect(evaluation.layers[0]!.sparsity).toEqual((await probe(file)).evaluation.layers[0]!.sparsity);
  });

  test("hidden layers that pre-training left: figures without an error", async () => {
    const run = await trained("pretrained", {}, { pretraining: { epochs: 1 } });
    const report = await probe(path.join(folder, "pretrained/checkpoints/pretrained.safetensors"));
    expect(report.evaluation).toMatchObject({ loss: null, error: null });
    const first = run.evaluations.find(({ set, step }) => set === "valid" && step >= run.run.phases!.at(-1)!.step)!;
    for (const [l, { sparsity, dead }] of first.layers.entries())
      expect(report.evaluation.layers[l]).toMatchObject({ sparsity, dead });
  });

  test("numbers that are not finite, files that are no models, configs that are none", async () => {
    await trained("finite", {});
    const bytes = fs.readFileSync(path.join(folder, "finite/checkpoints/best.safetensors"));
    const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
    const header = JSON.parse(bytes.subarray(8, 8 + length).toString());
    const [begin] = header["layer1.weights"].data_offsets;
    bytes.writeFloatLE(Number.NaN, 8 + length + begin + 4 * 100);
    await expect(probe(write("nan.safetensors", bytes))).rejects.toMatchObject({ code: "nonFinite", key: "layer1" });
    await expect(probe(write("none.safetensors", "no model"))).rejects.toBeInstanceOf(FormatError);
    const bad = write("bad.rectiscope.json", "{");
    await expect(probe(write("ok.safetensors", bytes), { config: bad })).rejects.toMatchObject({
      input: true,
      file: bad,
    });
  });
});
