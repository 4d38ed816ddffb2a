/** Stop, pause, resume and run again: of the run that is named, or of one that the person chooses. */
import path from "node:path";
import * as vscode from "vscode";
import type { Parts } from "../parts.js";
import { configFileOf } from "../runs/configOfRun.js";
import { readRecord } from "../runs/readModel.js";
import { notInThisWindow } from "../runs/runRefusal.js";
import { folderArgument } from "./arguments.js";
import { pickResumable, pickRevivable, pickRun, pickRunning } from "./picks.js";

type Given = Pick<Parts, "manager" | "launcher" | "runs">;

/** @returns the run folder; undefined when the person chose none */
export async function stopRun({ manager }: Given, argument: unknown): Promise<string | undefined> {
  const question = vscode.l10n.t("Which run to stop?");
  const folder = folderArgument(argument) ?? (await pickRunning(manager, question, { queued: true }));
  if (folder !== undefined && !manager.stop(folder)) throw new Error(await whyNot(folder));
  return folder;
}

export async function pauseRun({ manager }: Given, argument: unknown): Promise<string | undefined> {
  const question = vscode.l10n.t("Which run to pause?");
  const folder = folderArgument(argument) ?? (await pickRunning(manager, question, { queued: false }));
  if (folder !== undefined && !manager.pause(folder)) throw new Error(await whyNot(folder));
  return folder;
}

export async function resumeRun({ launcher, runs }: Given, argument: unknown): Promise<string | undefined> {
  const folder = folderArgument(argument) ?? (await pickResumable(runs));
  return folder === undefined ? undefined : launcher.resume(folder);
}

/** Revives units once: of a run in progress between two steps, of any other before it goes on. */
export async function reviveUnits({ manager, launcher, runs }: Given, argument: unknown): Promise<string | undefined> {
  const folder = folderArgument(argument) ?? (await pickRevivable(manager, runs));
  if (folder === undefined || manager.revive(folder)) return folder;
  return launcher.resume(folder, { revive: true });
}

/** Runs the config of a run again, as a new run. */
export async function restartRun({ manager, launcher, runs }: Given, argument: unknown): Promise<string | undefined> {
  const folder = folderArgument(argument) ?? (await pickRun(runs, vscode.l10n.t("Which run's config to run again?")));
  if (folder === undefined) return undefined;
  const record = manager.model(folder)?.record ?? (await readRecord(folder));
  return launcher.launch(await configFileOf({ folder, record }));
}

async function whyNot(folder: string): Promise<string> {
  const run = await readRecord(folder).catch(() => null);
  return run ? notInThisWindow(folder, run) : vscode.l10n.t("{0} is not a run of this window.", path.basename(folder));
}
