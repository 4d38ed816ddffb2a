/** A hidden layer's figures in words: behind its width in the config, and in full for its hover. */
import { integer, percent, significant } from "../../common/format.js";
import type { Language } from "../../common/language.js";
import { type Definition, definitions, type LayerFigures } from "../../common/metrics.js";
import type { EvalLine, SetName } from "../../common/run.js";

/** "95.2 % zeros · 0.6 % dead"; of units that are never exactly zero "12.3 % near zero". */
export function inlineText(figures: LayerFigures, units: number, { t, locale }: Language): string {
  const { sparsity, nearZero, dead } = figures;
  const parts: string[] = [];
  if (sparsity !== null) parts.push(t("{0} zeros", percent(sparsity, 1, locale)));
  if (nearZero !== null) parts.push(t("{0} near zero", percent(nearZero, 1, locale)));
  if (dead !== null) parts.push(t("{0} dead", shareOf(dead, units, locale)));
  return parts.join(" · ");
}

/** "validation, 2,000 examples, epoch 8": what the figures were measured on, and when. */
export function measuredOn({ set, n, epoch }: Pick<EvalLine, "set" | "n" | "epoch">, language: Language): string {
  const { t, locale } = language;
  return t("{0}, {1} examples, epoch {2}", setWord(set, language), integer(n, locale), epochNumber(epoch, locale));
}

export function setWord(set: SetName, { t }: Language): string {
  return { train: t("training"), valid: t("validation"), test: t("test") }[set];
}

/** Evaluations may fall between epochs. */
export function epochNumber(epoch: number, locale: string | undefined): string {
  return epoch.toLocaleString(locale, { maximumFractionDigits: 2 });
}

export interface FigureRow extends Definition {
  value: string;
}

/** Every figure that is defined for the layer's units, with its definition. */
export function figureRows(figures: LayerFigures, units: number, language: Language): FigureRow[] {
  const { t, locale } = language;
  const rows: FigureRow[] = [];
  const add = ({ label, text }: Definition, value: string | null) => {
    if (value !== null) rows.push({ label: t(label), text: t(text), value });
  };
  const share = (value: number | null) => (value === null ? null : percent(value, 1, locale));
  const count = (value: number | null) =>
    value === null ? null : t("{0} of {1}", integer(value, locale), integer(units, locale));
  const number = (value: number | null) => (value === null ? null : significant(value, locale).replace("-", "−"));
  const { activeUnits } = figures;
  add(definitions.sparsity, share(figures.sparsity));
  add(definitions.nearZero, share(figures.nearZero));
  add(definitions.dead, count(figures.dead));
  add(definitions.dying, count(figures.dying));
  add(definitions.dormant, count(figures.dormant));
  add(definitions.rare, count(figures.rare));
  add(definitions.alwaysOn, count(figures.alwaysOn));
  if (activeUnits) {
    const [p10, mean, p90] = [activeUnits.p10, activeUnits.mean, activeUnits.p90].map((value) =>
      integer(value, locale),
    );
    add(definitions.activeUnits, t("mean {0}; 10 to 90 % of examples: {1} to {2}", `${mean}`, `${p10}`, `${p90}`));
  }
  add(definitions.meanActivation, number(figures.meanActivation));
  add(definitions.gradientNorm, number(figures.gradientNorm));
  add(definitions.updateRatio, number(figures.updateRatio));
  return rows;
}

/** "0", never rounded from more: "0.1 %". */
function shareOf(count: number, units: number, locale: string | undefined): string {
  return count === 0 ? integer(0, locale) : percent(Math.max(count / units, 0.001), 1, locale);
}
