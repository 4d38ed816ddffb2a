/** What runs through a model: a part of the data set that an experiment names. */
import path from "node:path";
import type { Experiment } from "../../common/experiment.js";
import type { ProbeTask } from "../../common/probe.js";
import type { Dataset, ExampleSet, Inputs } from "../data/dataset.js";
import { loadDataset } from "../data/registry.js";
import { readConfigText } from "../experiment/configText.js";
import { readExperiment } from "../experiment/experimentFile.js";
import { formatProblem } from "../experiment/problem.js";
import { ProbeError } from "./probeError.js";

export interface ProbeData {
  experiment: Experiment;
  dataset: Dataset;
  set: ExampleSet;
}

/** @throws ProbeError, ConfigReadError, DataError */
export async function probeData({ config, set, n, dataFolders, assets }: ProbeTask): Promise<ProbeData> {
  const { experiment, problems } = readExperiment(await readConfigText(config), config);
  if (!experiment) {
    const [first] = problems;
    throw new ProbeError({
      code: first?.code ?? "config",
      message: first ? formatProblem(first) : `${config} is not an experiment.`,
      input: true,
      file: config,
      key: first?.key,
      value: first?.value,
    });
  }
  const dataset = await loadDataset(experiment.dataset, { configFolder: path.dirname(config), dataFolders, assets });
  return { experiment, dataset, set: firstExamples(dataset[set], n, dataset.dimension) };
}

/** Views, nothing is copied. @param n null for all; more than there are is all */
export function firstExamples(set: ExampleSet, n: number | null, dimension: number): ExampleSet {
  if (n === null || n >= set.n) return set;
  return { ...set, n, inputs: firstInputs(set.inputs, n, dimension), labels: set.labels.subarray(0, n) };
}

function firstInputs(inputs: Inputs, n: number, dimension: number): Inputs {
  if (inputs.kind === "sparse") return { ...inputs, starts: inputs.starts.subarray(0, n + 1) };
  if (inputs.kind === "bytes") return { ...inputs, values: inputs.values.subarray(0, n * dimension) };
  return { ...inputs, values: inputs.values.subarray(0, n * dimension) };
}
