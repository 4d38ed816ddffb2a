/** What a probe is asked for, of what a person has chosen and typed. No document. */
import type { ProbeChoices } from "../../../src/common/inspectorMessages.js";
import type { ProbeChoice as Chosen } from "../viewState.js";

/** The experiment that is chosen, as long as there is one. */
export function configOf({ experiments, suggested }: ProbeChoices, { config }: Pick<Chosen, "config">): string | null {
  const usable = experiments.filter(({ dataset }) => dataset !== null);
  const find = (file: string | null) => usable.find((choice) => choice.file === file);
  return (find(config) ?? find(suggested) ?? usable[0])?.file ?? null;
}

/** Null for all; undefined for what is no number of examples. */
export function countOf(text: string, bad = false): number | null | undefined {
  if (bad) return undefined;
  if (text.trim() === "") return null;
  const n = Number(text);
  return Number.isSafeInteger(n) && n > 0 ? n : undefined;
}
