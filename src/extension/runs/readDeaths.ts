/** Of what the dead units of a run died, read once for each of its evaluations. */
import type { RunDeaths } from "../../common/unitReport.js";
import { loadDeaths } from "../engine.js";

/** Runs whose last answer is kept. */
const mostKept = 20;
const kept = new Map<string, { step: number; deaths: Promise<RunDeaths> }>();

/**
 * @param step of the last evaluation
 * @throws RunFolderError
 */
export function readDeaths(folder: string, step: number): Promise<RunDeaths> {
  const known = kept.get(folder);
  if (known?.step === step) return known.deaths;
  const deaths = loadDeaths().then(({ deathsOf }) => deathsOf(folder));
  kept.delete(folder);
  kept.set(folder, { step, deaths });
  for (const [oldest] of kept) if (kept.size > mostKept) kept.delete(oldest);
  // what could not be read may be readable later
  deaths.catch(() => {
    if (kept.get(folder)?.deaths === deaths) kept.delete(folder);
  });
  return deaths;
}
