/** What a model answers, compared with the labels, where it has an output for each class. */
import type { Tensor } from "onnxruntime-web/wasm";
import type { ExampleSet } from "../data/dataset.js";
import { activations } from "../models/graphLayers.js";
import type { ModelContents } from "../models/layer.js";
import type { Answers } from "./probed.js";

/** Of the model's first output, by the operation that gives it. */
type Kind = "logits" | "probabilities" | "logProbabilities" | "other";

const none: Answers = { lossSum: null, errors: null, starSquares: null };

export function answerCounter({ nodes, outputs }: ModelContents, classes: number, { labels }: ExampleSet) {
  const operation = nodes.find((node) => node.outputs.includes(outputs[0] ?? ""))?.operation ?? "";
  const kind: Kind =
    operation === "Softmax"
      ? "probabilities"
      : operation === "LogSoftmax"
        ? "logProbabilities"
        : Object.hasOwn(activations, operation)
          ? "other"
          : "logits";
  let [lossSum, errors, known] = [0, 0, true];
  return {
    /** @param batch rows, of which the first `size` count */
    add(tensor: Tensor | undefined, start: number, size: number, batch: number): void {
      known &&= tensor !== undefined && /^float(32|64)$/.test(tensor.type) && tensor.size === batch * classes;
      if (!known) return;
      const values = tensor!.data as Float32Array | Float64Array;
      for (let b = 0; b < size; b++) {
        const row = values.subarray(b * classes, (b + 1) * classes);
        const label = labels[start + b]!;
        if (largestOf(row) !== label) errors++;
        if (kind !== "other") lossSum += lossOf(row, label, kind);
      }
    },
    end: (): Answers => (known ? { lossSum: kind === "other" ? null : lossSum, errors, starSquares: null } : none),
  };
}

function largestOf(row: ArrayLike<number>): number {
  let largest = 0;
  for (let k = 1; k < row.length; k++) if (row[k]! > row[largest]!) largest = k;
  return largest;
}

/** −log P(label) in nats. */
function lossOf(row: ArrayLike<number>, label: number, kind: Exclude<Kind, "other">): number {
  if (kind === "probabilities") return -Math.log(row[label]!);
  if (kind === "logProbabilities") return -row[label]!;
  const largest = row[largestOf(row)]!;
  let sum = 0;
  for (let k = 0; k < row.length; k++) sum += Math.exp(row[k]! - largest);
  return largest + Math.log(sum) - row[label]!;
}
