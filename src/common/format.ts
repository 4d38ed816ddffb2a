/** Numbers as people read them, the same in terminal, tree views and dashboard. */

import { english, type Language } from "./language.js";
import { type OptimizerChoice, type OptimizerKey, optimizerDefaults, settingsOf } from "./optimizers.js";

/** 0.0185 → "1.85 %". @param digits after the decimal point */
export function percent(share: number, digits: number, locale?: string): string {
  const shown = (share * 100).toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${shown} %`;
}

export function integer(value: number, locale?: string): string {
  return Math.round(value).toLocaleString(locale);
}

/** 11_594_722 → "11.6 MB" */
export function megabytes(bytes: number, locale?: string): string {
  return `${(bytes / 1e6).toLocaleString(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 })} MB`;
}

/** Three significant digits: 0.041, 1.23, 12.3. */
export function significant(value: number, locale?: string): string {
  return value.toLocaleString(locale, { maximumSignificantDigits: 3 });
}

/** An RMSE in stars: 0.8072 → "0.807". */
export function stars(value: number, locale?: string): string {
  return value.toLocaleString(locale, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
}

/** 49 → "49 s", 754 → "12 min 34 s", 7505 → "2 h 5 min". */
export function duration(seconds: number, { t, locale }: Language = english): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return t("{0} s", s);
  if (s < 3600) return t("{0} min {1} s", Math.floor(s / 60), s % 60);
  return t("{0} h {1} min", integer(Math.floor(s / 3600), locale), Math.floor((s % 3600) / 60));
}

/** The epoch to name in "Epoch 3 of 30": while a run is live the one in progress, afterwards the epochs completed. */
export function epochInProgress(progress: { epoch: number; epochs: number }, live: boolean): number {
  const completed = Math.floor(progress.epoch);
  return live ? Math.max(1, Math.min(progress.epochs, completed + 1)) : completed;
}

/** "784–1000–1000–10" */
export function shapeOf(layers: readonly { inputs: number; units: number }[]): string {
  const first = layers[0];
  return first ? [first.inputs, ...layers.map((layer) => layer.units)].join("–") : "";
}

/** The networks of a run in one line, such as "784–1000–10 · rectifier, half the signs flipped · λ 0.001 · η 0.03 · batch 10 · seed 1". */
export function recipeOf(
  run: {
    layers: readonly { inputs: number; units: number; activation: string; signs: string }[];
    config: {
      network: { sharpness: number };
      training: OptimizerChoice & {
        l1: number;
        targetSparsity?: number | undefined;
        learningRate: number;
        batchSize: number;
      };
      seed: number;
      backend?: string;
    } | null;
  },
  { t, locale }: Language = english,
): string {
  const exact = (value: number) => value.toLocaleString(locale, { maximumSignificantDigits: 15 });
  const hidden = run.layers[0];
  const parts = [shapeOf(run.layers)];
  if (hidden) {
    const sharpness = hidden.activation === "softplus" && run.config ? ` α ${exact(run.config.network.sharpness)}` : "";
    const signs = { half: t("half the signs flipped"), random: t("random signs"), none: "" }[hidden.signs] ?? "";
    parts.push([hidden.activation + sharpness, signs].filter(Boolean).join(", "));
  }
  if (run.config) {
    const { training, seed } = run.config;
    const { targetSparsity: target } = training;
    const penalty = target === undefined ? exact(training.l1) : t("for {0} zeros", `${exact(target * 100)} %`);
    parts.push(`λ ${penalty}`, optimizerText(training, exact), `η ${exact(training.learningRate)}`);
    parts.push(t("batch {0}", training.batchSize), t("seed {0}", seed));
    const { backend = "builtin" } = run.config;
    if (backend !== "builtin") parts.push(backend);
  }
  return parts.filter(Boolean).join(" · ");
}

const optimizerSigns: Record<OptimizerKey, string> = { momentum: "momentum", beta1: "β₁", beta2: "β₂", epsilon: "ε" };

/** "momentum 0.9", or "Adam" with what is not its default; nothing for plain SGD. */
function optimizerText(training: OptimizerChoice, exact: (value: number) => string): string {
  const { optimizer } = training;
  const settings = Object.entries(settingsOf(training)) as [OptimizerKey, number][];
  const shown = settings.filter(
    ([key, value]) => optimizer === "momentum" || value !== optimizerDefaults[optimizer][key],
  );
  const words = shown.map(([key, value]) => `${optimizerSigns[key]} ${key === "epsilon" ? value : exact(value)}`);
  return (optimizer === "adam" ? `Adam ${words.join(", ")}` : words.join(", ")).trim();
}
