/** The one table of commands: what each does. Titles, icons and when they are offered stand in package.json. */
import path from "node:path";
import * as vscode from "vscode";
import { isSweep } from "../experiments/experimentPattern.js";
import type { Log } from "../log.js";
import type { Parts } from "../parts.js";
import { openConfigOf } from "../runs/configOfRun.js";
import { readRecord } from "../runs/readModel.js";
import { addDataset } from "./addDataset.js";
import { configFileArgument, folderArgument } from "./arguments.js";
import { checkClaims } from "./checkClaims.js";
import { checkTensorflow } from "./checkTensorflow.js";
import { cleanUpRuns, deleteRun } from "./cleanUpRuns.js";
import { copyDiagnostics } from "./copyDiagnostics.js";
import { copyExamples } from "./copyExamples.js";
import { createExperiment } from "./createExperiment.js";
import { downloadDataset } from "./downloadDataset.js";
import { compareModels, inspectModel } from "./inspectCommands.js";
import { openDataset } from "./openDataset.js";
import { openUnit } from "./openUnit.js";
import { activeExperiment, pickExperiment, pickRun } from "./picks.js";
import { revealFolder } from "./revealFolder.js";
import { pauseRun, restartRun, resumeRun, reviveUnits, stopRun } from "./runControl.js";
import { deleteSweep, endSweep, openSweep, resumeSweep, retrySweep, runSweep } from "./sweepCommands.js";

/** A menu of the explorer gives two arguments: the file, and all that are selected. Links give what they lead to. */
type Command = (argument?: unknown, all?: unknown, more?: unknown) => unknown;

export function registerCommands(parts: Parts): vscode.Disposable {
  const registered = Object.entries(commandTable(parts)).map(([id, command]) =>
    vscode.commands.registerCommand(id, (argument?: unknown, all?: unknown, more?: unknown) =>
      guarded(() => command(argument, all, more), parts.log),
    ),
  );
  return vscode.Disposable.from(...registered);
}

function commandTable(parts: Parts): Record<string, Command> {
  const { extension, manager, launcher, dashboards, experiments, runs, inspectors, log } = parts;
  const train: Command = async (argument) => {
    const file = configFileArgument(argument) ?? activeExperiment() ?? (await pickExperiment(experiments));
    if (file && isSweep(file)) return runSweep(parts, file);
    return file && launcher.launch(file);
  };
  const openDashboard: Command = async (argument, layer) => {
    const folder = folderArgument(argument) ?? (await pickRun(runs, vscode.l10n.t("Which run to show?")));
    if (folder === undefined) return undefined;
    const dashboard = dashboards.open(folder, nameOf(folder));
    if (Number.isInteger(layer) && (layer as number) > 0) dashboard.showLayer(layer as number);
    return folder;
  };
  const nameOf = (folder: string) =>
    manager.session.find((run) => run.folder === folder)?.name ?? path.basename(folder);
  return {
    "rectiscope.train": train,
    "rectiscope.runExperiment": train,
    "rectiscope.stop": (argument) => stopRun(parts, argument),
    "rectiscope.stopRun": (argument) => stopRun(parts, requiredFolder(argument)),
    "rectiscope.cancelRun": (argument) => stopRun(parts, requiredFolder(argument)),
    "rectiscope.pause": (argument) => pauseRun(parts, argument),
    "rectiscope.resume": (argument) => resumeRun(parts, argument),
    "rectiscope.revive": (argument) => reviveUnits(parts, argument),
    "rectiscope.restart": (argument) => restartRun(parts, argument),
    "rectiscope.checkClaims": (argument) => checkClaims(parts, argument, nameOf),
    "rectiscope.cleanUpRuns": () => cleanUpRuns(parts),
    "rectiscope.deleteRun": (argument) => deleteRun(parts, argument),
    "rectiscope.copyDiagnostics": () => copyDiagnostics(parts),
    "rectiscope.openDashboard": openDashboard,
    "rectiscope.openRun": openDashboard,
    "rectiscope.openUnit": (argument, layer, unit) => openUnit(parts, argument, layer, unit),
    "rectiscope.newExperiment": (argument) => createExperiment(extension, argument),
    "rectiscope.openExampleWorkspace": (argument) => copyExamples(extension, argument),
    "rectiscope.downloadDataset": async (argument) => {
      const folder = await downloadDataset(parts, argument);
      if (folder !== undefined) parts.datasets.refresh();
      return folder;
    },
    "rectiscope.openDataset": (argument) => openDataset(parts, argument),
    "rectiscope.refreshDatasets": () => parts.datasets.refresh(),
    "rectiscope.addDataset": (argument) => addDataset(parts, argument),
    "rectiscope.checkTensorflow": () => checkTensorflow(parts),
    "rectiscope.runStudy": async (argument) => (await import("./runStudy.js")).runStudy(parts, argument),
    "rectiscope.showUnitCurves": () => parts.unitCurves.open(),
    "rectiscope.runSweep": (argument) => runSweep(parts, argument),
    "rectiscope.openSweep": (argument) => openSweep(parts, argument),
    "rectiscope.pauseSweep": (argument) => endSweep(parts, argument, "pause"),
    "rectiscope.stopSweep": (argument) => endSweep(parts, argument, "stop"),
    "rectiscope.resumeSweep": (argument) => resumeSweep(parts, argument),
    "rectiscope.retrySweep": (argument) => retrySweep(parts, argument),
    "rectiscope.deleteSweep": (argument) => deleteSweep(parts, argument),
    "rectiscope.openConfig": async (argument) => {
      const folder = requiredFolder(argument);
      const record = manager.model(folder)?.record ?? (await readRecord(folder));
      await openConfigOf({ folder, record });
    },
    "rectiscope.revealRun": (argument) => revealFolder(requiredFolder(argument)),
    "rectiscope.copyRunPath": (argument) => vscode.env.clipboard.writeText(requiredFolder(argument)),
    "rectiscope.inspectModel": (argument) => inspectModel(inspectors, argument),
    "rectiscope.compareModels": (argument, all) => compareModels(inspectors, argument, all),
    "rectiscope.showLog": () => log.show(),
  };
}

function requiredFolder(argument: unknown): string {
  const folder = folderArgument(argument);
  if (folder === undefined) throw new Error(vscode.l10n.t("This command needs a run."));
  return folder;
}

/** A failure is told to the person, with the log at hand. */
async function guarded(command: () => unknown, log: Log): Promise<unknown> {
  try {
    return await command();
  } catch (error) {
    log.error(error);
    const showLog = vscode.l10n.t("Show Log");
    const message = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(message, showLog).then((chosen) => chosen === showLog && log.show());
    return undefined;
  }
}
