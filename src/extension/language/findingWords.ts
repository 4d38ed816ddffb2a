/** What calls for a look at a layer, in a sentence for the Problems panel: with set, number of examples, epoch, and what would mend it. */
import { mendWords, mostlyWords } from "../../common/deathWords.js";
import { integer, percent } from "../../common/format.js";
import type { Language } from "../../common/language.js";
import type { LayerDeaths } from "../../common/unitReport.js";
import type { LayerFinding } from "./layerFindings.js";
import { epochNumber, measuredOn } from "./layerWords.js";

/** @param deaths of what the layer's dead units died; null where that is not known */
export function findingWords(finding: LayerFinding, deaths: LayerDeaths | null, language: Language): string {
  const { t, locale } = language;
  const { kind, layer, units, share, evaluation, threshold } = finding;
  const on = measuredOn(evaluation, language);
  const [count, all] = [integer(share * units, locale), integer(units, locale)];
  switch (kind) {
    case "dead":
      return deadWords(finding, deaths, language);
    case "dormant":
      return t(
        "Hidden layer {0}: {1} of {2} units are dormant ({3}): they hardly add to the layer's output.",
        layer,
        count,
        all,
        on,
      );
    case "alwaysOn":
      return t(
        "Hidden layer {0}: {1} of {2} units fire on every example ({3}), so that they are linear on this set.",
        layer,
        count,
        all,
        on,
      );
    case "sparsity":
      return t(
        "Hidden layer {0}: {1} zeros ({2}), more than {3}.",
        layer,
        percent(share, 1, locale),
        on,
        percent(threshold, 1, locale),
      );
  }
}

function deadWords(finding: LayerFinding, deaths: LayerDeaths | null, language: Language): string {
  const { t, locale } = language;
  const { layer, units, share, evaluation } = finding;
  const [count, all, on] = [integer(share * units, locale), integer(units, locale), measuredOn(evaluation, language)];
  const since = deaths?.since?.epoch ?? finding.sinceEpoch;
  const words =
    since < evaluation.epoch
      ? t(
          "Hidden layer {0}: {1} of {2} units are dead ({3}), most of them since epoch {4}",
          layer,
          count,
          all,
          on,
          epochNumber(since, locale),
        )
      : t("Hidden layer {0}: {1} of {2} units are dead ({3})", layer, count, all, on);
  if (!deaths?.dominant) return `${words}.`;
  const { dominant, causes, mend } = deaths;
  const most = dominant === "unknown" || 2 * causes[dominant] > deaths.dead!;
  const found = most ? `${words}; ${mostlyWords(dominant, language)}.` : `${words}.`;
  return [found, ...mend.slice(0, 1).map((one) => mendWords(one, language))].join(" ");
}
