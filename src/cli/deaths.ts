/** `rectiscope deaths`: what the dead units of a run died of, layer by layer. */
import path from "node:path";
import { causeTitle, mendWords } from "../common/deathWords.js";
import { integer } from "../common/format.js";
import { deathCauses, type LayerDeaths, type RunDeaths } from "../common/unitReport.js";
import { readRunRecord } from "../engine/runs/readRun.js";
import { deathsOf } from "../engine/units/deaths.js";
import { exitCodes } from "./exitCodes.js";
import { epochName, examplesOf, table } from "./tables.js";

/** Prints a table; with `json` one line. @throws RunFolderError */
export async function deathsCommand(folder: string, json: boolean): Promise<number> {
  const runFolder = path.resolve(folder);
  const { name, layers } = await readRunRecord(runFolder);
  const deaths = await deathsOf(runFolder);
  const linesOf = () => (layers.length > 1 ? deathLines(name, deaths) : [`${name} has no hidden layers.`]);
  process.stdout.write(json ? `${JSON.stringify(deaths)}\n` : `${linesOf().join("\n")}\n`);
  return exitCodes.done;
}

export function deathLines(name: string, { at, layers }: RunDeaths): string[] {
  if (!at) return [`${name} has not been measured yet.`];
  const lines = [`Dead units of ${name} at ${epochName(at.epoch)}, on ${examplesOf(at)}`, ""];
  if (layers.every(({ dead }) => dead === null))
    return [...lines, "Not defined: only units that can be exactly zero can be dead."];
  const causes = deathCauses.filter((cause) => layers.some((layer) => layer.causes[cause] > 0));
  const counted = ({ causes: found, dead }: LayerDeaths) => causes.map((cause) => count(dead && found[cause]));
  lines.push(
    ...table(
      ["Layer", "Units", "Dead", ...causes.map((cause) => causeTitle(cause)), "Half of them since"],
      layers.map((layer) => [
        String(layer.layer),
        integer(layer.units),
        count(layer.dead),
        ...counted(layer),
        layer.since ? epochName(layer.since.epoch) : "–",
      ]),
    ),
  );
  for (const { layer, dominant, mend } of layers)
    if (dominant && mend.length > 0)
      lines.push(
        "",
        `Layer ${layer}, most often '${causeTitle(dominant)}':`,
        ...mend.map((one) => `  ${mendWords(one)}`),
      );
  return lines;
}

function count(value: number | null): string {
  return value === null ? "–" : integer(value);
}
