/** What the keys that keep a network sparse and alive have to say to the others. */
import type { Experiment } from "../../common/experiment.js";
import { reviveCriterionOf } from "../../common/revive.js";
import { penaltyLimits } from "../../common/sparsityTarget.js";
import { hasExactZeros } from "../../common/units.js";
import type { KeyPath } from "./configTree.js";

/** What is wrong with the value at a path, and the mend. */
export interface TrainingComplaint {
  code: "invalidValue" | "unusedKey";
  path: KeyPath;
  message: string;
  /** What another key could be set to instead; `beside` is one of its section that is always there. */
  fix?: { path: KeyPath; value: unknown; beside: KeyPath };
}

export function trainingComplaints(experiment: Experiment): TrainingComplaint[] {
  return [...targetComplaints(experiment), ...reviveComplaints(experiment)];
}

const rectifiers = { path: ["network", "activation"], value: "rectifier", beside: ["network", "hidden"] };

function targetComplaints({ network, training }: Experiment): TrainingComplaint[] {
  const { targetSparsity, l1 } = training;
  if (targetSparsity === undefined) return [];
  const found: TrainingComplaint[] = [];
  if (network.hidden.length === 0)
    found.push({
      code: "unusedKey",
      path: ["training", "targetSparsity"],
      message: `training.targetSparsity is ${targetSparsity}, but network.hidden is empty: there are no hidden units to be sparse. Add a layer, such as "hidden": [1000], or remove training.targetSparsity.`,
    });
  else if (!hasExactZeros(network.activation))
    found.push({
      code: "unusedKey",
      path: ["training", "targetSparsity"],
      message: `training.targetSparsity is ${targetSparsity}, but ${network.activation} units are never exactly zero: they have no sparsity. Set network.activation to "rectifier", or remove training.targetSparsity.`,
      fix: rectifiers,
    });
  if (l1 > penaltyLimits.most)
    found.push({
      code: "invalidValue",
      path: ["training", "l1"],
      message: `training.l1 is ${l1}; with training.targetSparsity it is what λ starts at, which has to be at most ${penaltyLimits.most}. Lower it, or leave it out.`,
    });
  return found;
}

function reviveComplaints(experiment: Experiment): TrainingComplaint[] {
  const { network, training } = experiment;
  const { revive, epochs, l1, targetSparsity } = training;
  if (!revive) return [];
  const { everyEpochs, pauseL1Epochs } = revive;
  if (network.hidden.length === 0)
    return [
      {
        code: "unusedKey",
        path: ["training", "revive"],
        message: `training.revive is set, but network.hidden is empty: there are no hidden units to revive. Add a layer, such as "hidden": [1000], or remove training.revive.`,
      },
    ];
  const found: TrainingComplaint[] = [];
  if (reviveCriterionOf(experiment) === "dead" && !hasExactZeros(network.activation))
    found.push({
      code: "invalidValue",
      path: ["training", "revive", "criterion"],
      message: `training.revive.criterion is "dead", but ${network.activation} units are never exactly zero: they do not die. Set it to "dormant", or network.activation to "rectifier".`,
    });
  if (everyEpochs >= epochs && epochs > 0)
    found.push({
      code: "invalidValue",
      path: ["training", "revive", "everyEpochs"],
      message: `training.revive.everyEpochs is ${everyEpochs}, but training.epochs is ${epochs}: units would never be revived, as nothing follows the last epoch. ${epochs > 1 ? `Set it to at most ${epochs - 1}, or` : "Train for more epochs, or"} remove training.revive.`,
    });
  else if (pauseL1Epochs >= everyEpochs)
    found.push({
      code: "invalidValue",
      path: ["training", "revive", "pauseL1Epochs"],
      message: `training.revive.pauseL1Epochs is ${pauseL1Epochs}, but units are revived every ${everyEpochs === 1 ? "epoch" : `${everyEpochs} epochs`}: λ would stay 0. Set it to less than training.revive.everyEpochs, or to 0.`,
    });
  else if (pauseL1Epochs > 0 && l1 === 0 && targetSparsity === undefined)
    found.push({
      code: "unusedKey",
      path: ["training", "revive", "pauseL1Epochs"],
      message: `training.revive.pauseL1Epochs is ${pauseL1Epochs}, but training.l1 is 0: there is no penalty to pause. Set training.l1, or remove training.revive.pauseL1Epochs.`,
    });
  return found;
}
