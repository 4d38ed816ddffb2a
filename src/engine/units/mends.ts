/** What to change in a config so that units do not die of the same cause again. */
import type { Experiment } from "../../common/experiment.js";
import type { Mend } from "../../common/unitReport.js";
import type { Cause } from "./causeOfDeath.js";

/** @param config null for runs of other programs */
export function mendsOf(death: Cause, config: Experiment | null): Mend[] {
  const { learningRate = null, l1 = null } = config?.training ?? {};
  const lower = (key: "training.learningRate" | "training.l1", now: number | null): Mend => ({
    key,
    now,
    suggested: now === null ? null : third(now),
  });
  const rate = lower("training.learningRate", learningRate);
  // with a target λ is only what it starts at
  const { targetSparsity } = config?.training ?? {};
  const penalty: Mend =
    targetSparsity === undefined
      ? lower("training.l1", l1)
      : { key: "training.targetSparsity", now: targetSparsity, suggested: null };
  const revive: Mend[] = revives(config) ? [] : [{ key: "training.revive", now: null, suggested: null }];
  switch (death.cause) {
    case "neverAlive":
      return [...(death.evidence.warmStart ? [mend("warmStart")] : []), ...revive];
    case "largeUpdate":
      return [rate, ...revive];
    case "biasDriven": {
      const { pull, bias } = death.evidence;
      return [...(pull !== null && pull >= (bias.from - bias.to) / 2 ? [penalty] : []), rate, ...revive];
    }
    case "decayed":
      return [penalty, ...revive];
    case "deadInputs":
      return [mend("layerBelow"), ...revive];
    case "unknown":
      return revive;
  }
}

function mend(key: Mend["key"]): Mend {
  return { key, now: null, suggested: null };
}

function revives(config: Experiment | null): boolean {
  return config?.training.revive !== undefined;
}

/** A third, in one digit: 0.1 → 0.03. */
function third(value: number): number {
  return Number((value / 3).toPrecision(1));
}
