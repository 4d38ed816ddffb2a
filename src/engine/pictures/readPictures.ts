/** Filters and examples of a run with pre-training, from its folder alone. */
import { type ExampleStrip, type Filters, filtersPerPage, type Pictures } from "../../common/pictures.js";
import type { LayerParameters } from "../network/network.js";
import { Random } from "../network/random.js";
import { readDecoders } from "../runs/pretrainedCheckpoint.js";
import { reconstruct } from "../training/reconstruct.js";
import { type KeptExamples, readExamples } from "./examples.js";

/** Of the noise that the examples are corrupted with: always the same, so that only the layers change what is seen. */
const noiseSeed = 1;

/**
 * @param from the unit whose filter comes first
 * @returns null where the inputs are no images
 * @throws RunFolderError where there is no checkpoint yet, or a file is damaged
 */
export function readPictures(folder: string, from: number): Pictures | null {
  const examples = readExamples(folder);
  if (!examples) return null;
  const network = readDecoders(folder);
  const first = network.layers[0] as LayerParameters;
  const { n, rows, columns, values } = examples;
  if (first.weightsInOut.length / first.biases.length !== rows * columns) return null;
  const seen = network.layers.map((_, l) => {
    const random = Random.stream(noiseSeed, "pictures");
    return Array.from({ length: n }, (_, k) => {
      const original = Float64Array.from(values.subarray(k * rows * columns, (k + 1) * rows * columns));
      return reconstruct(network, l + 1, original, random);
    });
  });
  const strips = [
    strip(0, values, examples),
    strip(null, joined(seen[0]?.map(({ corrupted }) => corrupted)), examples),
    ...seen.map((layer, l) => strip(l + 1, joined(layer.map(({ reconstructed }) => reconstructed)), examples)),
  ];
  return { rows, columns, filters: filtersOf(first, from), examples: { n, strips } };
}

function joined(parts: readonly Float64Array[] = []): number[] {
  return parts.flatMap((part) => [...part]);
}

function strip(layer: number | null, shown: ArrayLike<number>, { values }: Pick<KeptExamples, "values">): ExampleStrip {
  const greatest = values.reduce((a, b) => Math.max(a, b), 0) || 1;
  const bytes = Uint8Array.from(shown, (value) => Math.round(255 * Math.min(1, Math.max(0, value / greatest))));
  const squares = values.reduce((sum, original, k) => sum + ((shown[k] as number) - original) ** 2, 0);
  return { layer, values: bytes.buffer, error: squares / values.length };
}

function filtersOf({ weightsInOut, biases }: LayerParameters, from: number): Filters {
  const units = biases.length;
  const inputs = weightsInOut.length / units;
  const count = Math.max(0, Math.min(filtersPerPage, units - from));
  const values = new Int8Array(count * inputs);
  const largest = Array.from({ length: count }, (_, f) => {
    const weight = (i: number) => weightsInOut[i * units + from + f] as number;
    let most = 0;
    for (let i = 0; i < inputs; i++) most = Math.max(most, Math.abs(weight(i)));
    for (let i = 0; i < inputs; i++) values[f * inputs + i] = Math.round((127 * weight(i)) / (most || 1));
    return most;
  });
  return { units, from, values: values.buffer, largest };
}
