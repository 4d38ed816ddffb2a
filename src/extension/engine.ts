/** The engine's parts that the editor itself uses. Each loads on first use, which keeps activation short. */
export const loadExperimentFile = () => import("../engine/experiment/experimentFile.js");
export const loadRunReader = () => import("../engine/runs/readRun.js");
export const loadRunFolder = () => import("../engine/runs/runFolder.js");
