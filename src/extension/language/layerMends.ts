/** What may mend a layer, as changes of the config: pure. Each is offered only where the config that comes of it is a valid one. */
import type { Experiment } from "../../common/experiment.js";
import { integer } from "../../common/format.js";
import type { Language } from "../../common/language.js";
import type { LayerDeaths, MendKey } from "../../common/unitReport.js";
import { signMaskOf } from "../../common/units.js";
import type { ConfigChange } from "../../engine/experiment/configEdit.js";
import type { LayerFinding } from "./layerFindings.js";

export interface LayerMend extends ConfigChange {
  title: string;
}

/** What to try in place of a rate or a weight: about a third and a tenth of it, as round as it was likely chosen. */
const parts = [3, 10];
/** λ that a config without one may begin with. */
const firstL1 = 0.001;

/** @returns the most promising first */
export function layerMends(
  finding: LayerFinding,
  deaths: LayerDeaths | null,
  experiment: Experiment,
  language: Language,
): LayerMend[] {
  const { training } = experiment;
  const lowerRate = lowered("training.learningRate", training.learningRate, language);
  // where λ is moved to a target, `l1` is only what it begins with
  const ownL1 = training.targetSparsity === undefined;
  const lowerL1 = ownL1 ? lowered("training.l1", training.l1, language) : [];
  switch (finding.kind) {
    case "dead": {
      const mends: Partial<Record<MendKey, LayerMend[]>> = {
        "training.learningRate": lowerRate,
        "training.l1": lowerL1,
        "training.revive": reviving(experiment, language),
      };
      // without knowledge of the causes: those that kill most, as far as the config can have done it
      const keys: MendKey[] = deaths?.dominant
        ? deaths.mend.map(({ key }) => key)
        : ["training.learningRate", "training.l1"];
      const chosen = [...new Set<MendKey>([...keys, "training.revive"])].flatMap((key) => mends[key] ?? []);
      return [...chosen, ...masked(deaths, experiment, language), ...narrowed(finding, language)];
    }
    case "dormant":
      return [...lowerL1, ...lowerRate];
    case "sparsity":
      return lowerL1;
    case "alwaysOn":
      return training.l1 === 0 && ownL1 ? [change("training.l1", 0, firstL1, language)] : [];
  }
}

function lowered(key: "training.learningRate" | "training.l1", now: number, language: Language): LayerMend[] {
  if (!(now > 0)) return [];
  const values = parts.map((part) => Number((now / part).toPrecision(1))).filter((value) => value > 0 && value < now);
  return [...new Set(values)].map((value) => change(key, now, value, language));
}

function change(key: string, now: number, value: number, { t, locale }: Language): LayerMend {
  const number = (shown: number) => shown.toLocaleString(locale, { maximumSignificantDigits: 15 });
  const title =
    value < now
      ? t("Lower {0} from {1} to {2}", key, number(now), number(value))
      : t("Raise {0} from {1} to {2}", key, number(now), number(value));
  return { title, path: key.split("."), value };
}

function reviving({ training }: Experiment, { t }: Language): LayerMend[] {
  if ("revive" in training) return [];
  // λ would push them to zero again before they are of any use
  const value = training.l1 > 0 ? { everyEpochs: 2, pauseL1Epochs: 1 } : { everyEpochs: 1 };
  const written = JSON.stringify({ revive: value }).slice(1, -1).replaceAll(/[:{,]/g, "$& ").replace("}", " }");
  return [{ title: t("Revive dead units: add {0}", written), path: ["training", "revive"], value }];
}

function narrowed({ layer, units, share }: LayerFinding, { t, locale }: Language): LayerMend[] {
  const living = units - Math.round(share * units);
  if (living === 0) return [];
  const title = t(
    "Narrow hidden layer {0} from {1} to its {2} living units",
    layer,
    integer(units, locale),
    integer(living, locale),
  );
  return [{ title, path: ["network", "hidden", layer - 1], value: living }];
}

/** Biases fall where a layer's mean, which nothing cancels, pushes them. */
function masked(deaths: LayerDeaths | null, { network }: Experiment, { t }: Language): LayerMend[] {
  if (deaths?.dominant !== "biasDriven" || signMaskOf(network) !== "none") return [];
  return [{ title: t("Flip half of the units' signs (network.signs)"), path: ["network", "signs"], value: "half" }];
}
