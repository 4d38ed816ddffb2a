/** The dashboard's words for states and sets. */
import type { RunError, RunState, SetName } from "../../src/common/run.js";
import { t } from "../shared/l10n.js";

export const stateWords: Record<RunState, string> = {
  running: t("Running"),
  paused: t("Paused"),
  finished: t("Finished"),
  stopped: t("Stopped"),
  failed: t("Failed"),
  interrupted: t("Interrupted"),
};

/** A shape for every state, so that colour is not needed. */
export const stateIcons: Record<RunState, string> = {
  running: "circle-filled",
  paused: "debug-pause",
  finished: "pass-filled",
  stopped: "stop-circle",
  failed: "error",
  interrupted: "warning",
};

export const setWords: Record<SetName, string> = { train: t("training"), valid: t("validation"), test: t("test") };

export const errorLabels: Record<SetName, string> = {
  train: t("Training error"),
  valid: t("Validation error"),
  test: t("Test error"),
};

export const rmseLabels: Record<SetName, string> = {
  train: t("Training RMSE"),
  valid: t("Validation RMSE"),
  test: t("Test RMSE"),
};

/** "The run failed at step 12,345 in layer 2" */
export function failureTitle(error: RunError, shownStep: (step: number) => string): string {
  const { step, layer } = error;
  if (step === undefined) return layer === undefined ? t("The run failed") : t("The run failed in layer {0}", layer);
  if (layer === undefined) return t("The run failed at step {0}", shownStep(step));
  return t("The run failed at step {0} in layer {1}", shownStep(step), layer);
}

/** What the error points at, such as "experiment.rectiscope.json · training.learningRate = 50"; empty when it points at nothing. */
export function failurePlace(error: RunError): string {
  const value = error.value === undefined ? "" : ` = ${JSON.stringify(error.value)}`;
  return [error.file, error.key === undefined ? undefined : error.key + value].filter(Boolean).join(" · ");
}
