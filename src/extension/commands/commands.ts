/** The one table of commands: what each does. Titles, icons and when they are offered stand in package.json. */
import path from "node:path";
import * as vscode from "vscode";
import { loadRunReader } from "../engine.js";
import type { Parts } from "../parts.js";
import { openConfigOf } from "../runs/configOfRun.js";
import { configFileArgument, folderArgument } from "./arguments.js";
import { copyExamples } from "./copyExamples.js";
import { createExperiment } from "./createExperiment.js";
import { activeExperiment, pickExperiment, pickRun, pickRunning } from "./picks.js";
import { revealFolder } from "./revealFolder.js";

type Command = (argument?: unknown) => unknown;

export function registerCommands(parts: Parts): vscode.Disposable {
  const registered = Object.entries(commandTable(parts)).map(([id, command]) =>
    vscode.commands.registerCommand(id, (argument?: unknown) => guarded(command, argument, parts.log)),
  );
  return vscode.Disposable.from(...registered);
}

function commandTable({
  extension,
  manager,
  launcher,
  dashboards,
  experiments,
  runs,
  log,
}: Parts): Record<string, Command> {
  const train: Command = async (argument) => {
    const file = configFileArgument(argument) ?? activeExperiment() ?? (await pickExperiment(experiments));
    return file && launcher.launch(file);
  };
  const openDashboard: Command = async (argument) => {
    const folder = folderArgument(argument) ?? (await pickRun(runs));
    if (folder !== undefined) dashboards.open(folder, manager.model(folder)?.record.name ?? path.basename(folder));
    return folder;
  };
  return {
    "rectiscope.train": train,
    "rectiscope.runExperiment": train,
    "rectiscope.stop": async (argument) => {
      const folder = folderArgument(argument) ?? (await pickRunning(manager));
      if (folder !== undefined) manager.stop(folder);
      return folder;
    },
    "rectiscope.stopRun": (argument) => manager.stop(requiredFolder(argument)),
    "rectiscope.openDashboard": openDashboard,
    "rectiscope.openRun": openDashboard,
    "rectiscope.newExperiment": (argument) => createExperiment(extension, argument),
    "rectiscope.openExampleWorkspace": (argument) => copyExamples(extension, argument),
    "rectiscope.openConfig": async (argument) => {
      const folder = requiredFolder(argument);
      const record = manager.model(folder)?.record ?? (await (await loadRunReader()).readRunRecord(folder));
      await openConfigOf({ folder, record });
    },
    "rectiscope.revealRun": (argument) => revealFolder(requiredFolder(argument)),
    "rectiscope.copyRunPath": (argument) => vscode.env.clipboard.writeText(requiredFolder(argument)),
    "rectiscope.showLog": () => log.show(),
  };
}

function requiredFolder(argument: unknown): string {
  const folder = folderArgument(argument);
  if (folder === undefined) throw new Error(vscode.l10n.t("This command needs a run."));
  return folder;
}

/** A failure is told to the person, with the log at hand. */
async function guarded(command: Command, argument: unknown, log: vscode.LogOutputChannel): Promise<unknown> {
  try {
    return await command(argument);
  } catch (error) {
    log.error(error instanceof Error ? error : String(error));
    const showLog = vscode.l10n.t("Show Log");
    const message = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(message, showLog).then((chosen) => chosen === showLog && log.show());
    return undefined;
  }
}
