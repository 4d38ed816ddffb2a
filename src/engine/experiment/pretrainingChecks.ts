/** What the keys of pre-training have to say to each other, as far as no data are needed to know it. */
import type { Experiment, Pretraining } from "../../common/experiment.js";
import { layerValue, pretrainedLayers } from "../../common/layerValue.js";
import { signMaskOf } from "../../common/units.js";
import type { KeyPath } from "./configTree.js";

/** What is wrong with the value at a path, and the mend. */
export interface Complaint {
  path: KeyPath;
  message: string;
}

/** Keys that may be a list over the layers. */
const lists = ["strategy", "target", "noise", "corruption", "salt", "learningRate", "epochs", "l1"] as const;

export function pretrainingComplaints(experiment: Experiment): Complaint[] {
  const { pretraining, training, network } = experiment;
  const layers = pretrainedLayers(experiment);
  const found: Complaint[] = [];
  if (training.epochs === 0 && layers === 0)
    found.push({
      path: ["training", "epochs"],
      message:
        'training.epochs is 0, and nothing is pre-trained: there is nothing to do. Set it to at least 1, or add "pretraining": {}.',
    });
  if (!pretraining) return found;
  if ((pretraining.layers ?? 0) > network.hidden.length) {
    const message = `pretraining.layers is ${pretraining.layers}, but network.hidden has ${network.hidden.length}. Set it to at most ${network.hidden.length}, or leave it out for all.`;
    return [...found, { path: ["pretraining", "layers"], message }];
  }
  for (const key of lists) {
    const value = pretraining[key];
    if (!Array.isArray(value) || value.length === layers || layers === 0) continue;
    const message = `pretraining.${key} has ${value.length} ${value.length === 1 ? "value" : "values"}, but ${layers} ${layers === 1 ? "layer is" : "layers are"} pre-trained. Give one value for each layer, or a single one for all, without brackets.`;
    found.push({ path: ["pretraining", key], message });
  }
  for (let l = 0; l < layers && found.length === 0; l++) {
    const complaint = complaintAbout(experiment, pretraining, l);
    if (complaint) found.push(complaint);
  }
  return found;
}

/** The first of a layer, from 0: whether its strategy can reach what it is to reconstruct. */
function complaintAbout({ network }: Experiment, pretraining: Pretraining, l: number): Complaint | null {
  // what the first layer reconstructs are the data
  if (l === 0) return null;
  const strategy = layerValue(pretraining.strategy, l);
  const target = layerValue(pretraining.target, l);
  const { activation } = network;
  const refuse = (key: "strategy" | "target", why: string): Complaint => {
    const value = pretraining[key];
    const path = Array.isArray(value) ? ["pretraining", key, l] : ["pretraining", key];
    const name = `pretraining.${key}${Array.isArray(value) ? `[${l}]` : ""}`;
    return { path, message: `${name} is "${layerValue<string>(value, l)}", ${why}` };
  };
  if (strategy === "crossEntropy" && (activation === "rectifier" || activation === "softplus"))
    return refuse(
      "strategy",
      `but the outputs of ${activation} units are not bounded by 1. Use "scaled", which divides them by their maximum.`,
    );
  if (strategy === "scaled" && activation === "tanh")
    return refuse(
      "strategy",
      'but the outputs of tanh units may be negative. Use "crossEntropy", which moves them to 0…1.',
    );
  if (target === "preActivation" && (strategy !== "linear" || activation !== "rectifier"))
    return refuse(
      "target",
      'which is for rectifier units and the strategy "linear" alone: other decoders cannot reach what is negative. Use "unmasked", or set pretraining.strategy to "linear".',
    );
  const shifts = activation === "tanh" && (strategy === "crossEntropy" || strategy === "auto");
  if (target === "masked" && signMaskOf(network) !== "none" && !shifts && isCrossEntropy(strategy, activation))
    return refuse(
      "target",
      'but half of the outputs are then negative, which the cross-entropy cannot be taken of. Use "unmasked", or set pretraining.strategy to "linear".',
    );
  return null;
}

function isCrossEntropy(strategy: string, activation: string): boolean {
  return strategy === "scaled" || strategy === "crossEntropy" || (strategy === "auto" && activation === "logistic");
}
