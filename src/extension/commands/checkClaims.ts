/** 'Check the Paper's Claims': opens the run's dashboard at its claims and checks them, unless they have been. */
import type { Parts } from "../parts.js";
import { folderArgument } from "./arguments.js";
import { pickEnded } from "./picks.js";

/** @returns the run folder; undefined when the person chose none */
export async function checkClaims(
  { runs, dashboards, claims }: Pick<Parts, "runs" | "dashboards" | "claims">,
  argument: unknown,
  nameOf: (folder: string) => string,
): Promise<string | undefined> {
  const folder = folderArgument(argument) ?? (await pickEnded(runs));
  if (folder === undefined) return undefined;
  claims.start(folder);
  claims.reveal(folder);
  dashboards.open(folder, nameOf(folder));
  return folder;
}
