/** The engine's parts that the editor itself uses. Each loads on first use, which keeps activation short. */
import { setImmediate as nextTurn } from "node:timers/promises";

export const loadExperimentFile = onFirstUse(() => import("../engine/experiment/experimentFile.js"));
export const loadRunReader = onFirstUse(() => import("../engine/runs/readRun.js"));
export const loadUnitReader = onFirstUse(() => import("../engine/runs/readUnits.js"));
export const loadPretrainingUnitReader = onFirstUse(() => import("../engine/runs/pretrainingUnits.js"));
export const loadClaimsFile = onFirstUse(() => import("../engine/claims/claimsFile.js"));
export const loadRegistry = onFirstUse(() => import("../engine/data/registry.js"));
export const loadRecognise = onFirstUse(() => import("../engine/data/recognise.js"));
export const loadJsonc = onFirstUse(() => import("jsonc-parser"));
export const loadTensorflow = onFirstUse(() => import("../engine/tensorflow/remoteEngine.js"));
export const loadDownload = onFirstUse(() => import("../engine/data/download.js"));
export const loadSweepFile = onFirstUse(() => import("../engine/sweeps/sweepFile.js"));
export const loadSweepFolder = onFirstUse(() => import("../engine/sweeps/sweepFolder.js"));
export const loadSweepSummary = onFirstUse(() => import("../engine/sweeps/summary.js"));
export const loadStudyReport = onFirstUse(() => import("../engine/studies/report.js"));
export const loadSweepEstimate = onFirstUse(() => import("../engine/sweeps/estimate.js"));
export const loadConfigTree = onFirstUse(() => import("../engine/experiment/configTree.js"));
export const loadConfigText = onFirstUse(() => import("../engine/experiment/configText.js"));
export const loadRunFolder = onFirstUse(() => import("../engine/runs/runFolder.js"));

/** Loading takes tens of milliseconds, and so does the first call: other extensions get a turn before and between. */
function onFirstUse<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= nextTurn()
      .then(load)
      .then((module) => nextTurn(module));
    return loaded;
  };
}
