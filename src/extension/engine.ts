/** The engine's parts that the editor itself uses. Each loads on first use, which keeps activation short. */
import { setImmediate as nextTurn } from "node:timers/promises";

export const loadExperimentFile = onFirstUse(() => import("../engine/experiment/experimentFile.js"));
export const loadRunReader = onFirstUse(() => import("../engine/runs/readRun.js"));
export const loadUnitReader = onFirstUse(() => import("../engine/runs/readUnits.js"));
export const loadDownload = onFirstUse(() => import("../engine/data/download.js"));
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
