/** The dashboard's words for states and sets. */
import type { RunError, RunState, SetName } from "../../src/common/run.js";

export const stateWords: Record<RunState, string> = {
  running: "Running",
  finished: "Finished",
  stopped: "Stopped",
  failed: "Failed",
  interrupted: "Interrupted",
};

/** A shape for every state, so that colour is not needed. */
export const stateIcons: Record<RunState, string> = {
  running: "circle-filled",
  finished: "pass-filled",
  stopped: "stop-circle",
  failed: "error",
  interrupted: "warning",
};

export const setWords: Record<SetName, string> = { train: "training", valid: "validation", test: "test" };

export const errorLabels: Record<SetName, string> = {
  train: "Training error",
  valid: "Validation error",
  test: "Test error",
};

/** "Training failed at step 12,345 in layer 2" */
export function failureTitle(error: RunError, shownStep: (step: number) => string): string {
  const step = error.step === undefined ? "" : ` at step ${shownStep(error.step)}`;
  const layer = error.layer === undefined ? "" : ` in layer ${error.layer}`;
  return `The run failed${step}${layer}`;
}

/** What the error points at, such as "experiment.rectiscope.json · training.learningRate = 50"; empty when it points at nothing. */
export function failurePlace(error: RunError): string {
  const value = error.value === undefined ? "" : ` = ${JSON.stringify(error.value)}`;
  return [error.file, error.key === undefined ? undefined : error.key + value].filter(Boolean).join(" · ");
}
