/** What the sweep page may ask for. */
import path from "node:path";
import * as vscode from "vscode";
import { revealFolder } from "../commands/revealFolder.js";
import { sweepConfigOf, sweepNotHere } from "./sweepLauncher.js";
import type { SweepManager } from "./sweepManager.js";
import type { AnswerSweepRequest } from "./sweepPanel.js";

export function createSweepAnswers(manager: SweepManager): AnswerSweepRequest {
  return async (folder, record, request) => {
    // Commands are not awaited: the answer is that it was asked for; what goes wrong from here has its own notification.
    switch (request.action) {
      case "stop":
      case "pause":
        if (!manager.ask(folder, request.action)) throw new Error(sweepNotHere(folder, record));
        break;
      case "resume":
        void vscode.commands.executeCommand("rectiscope.resumeSweep", folder);
        break;
      case "retry":
        void vscode.commands.executeCommand("rectiscope.retrySweep", folder);
        break;
      case "runAgain":
        void vscode.commands.executeCommand("rectiscope.runSweep", vscode.Uri.file(sweepConfigOf(folder, record)));
        break;
      case "openConfig":
        await vscode.window.showTextDocument(vscode.Uri.file(sweepConfigOf(folder, record)));
        break;
      case "revealFolder":
        await revealFolder(folder);
        break;
      case "copyPath":
        await vscode.env.clipboard.writeText(folder);
        break;
      case "openTrial": {
        const trial = record.trials.find(({ number }) => number === request.number);
        if (!trial || trial.state === "pending")
          throw new Error(vscode.l10n.t("Trial {0} has not begun.", request.number));
        void vscode.commands.executeCommand("rectiscope.openRun", path.resolve(folder, trial.run));
        break;
      }
    }
  };
}
