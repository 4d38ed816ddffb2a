/** What the dashboard may ask for. */
import * as vscode from "vscode";
import { packUnits } from "../../common/unitFrames.js";
import { revealFolder } from "../commands/revealFolder.js";
import { loadUnitReader } from "../engine.js";
import { configFileOf, openConfigOf } from "../runs/configOfRun.js";
import type { RunManager } from "../runs/runManager.js";
import type { AnswerRequest } from "./dashboardPanel.js";

export function createAnswers(manager: RunManager): AnswerRequest {
  return async (model, request) => {
    switch (request.action) {
      case "stop":
        if (!manager.stop(model.folder)) throw new Error(vscode.l10n.t("This run is not in progress in this window."));
        break;
      case "runAgain": {
        const config = await configFileOf(model);
        // Not awaited: the answer is that it was asked for; what goes wrong from here has its own notification.
        void vscode.commands.executeCommand("rectiscope.runExperiment", vscode.Uri.file(config));
        break;
      }
      case "openConfig":
        await openConfigOf(model);
        break;
      case "revealFolder":
        await revealFolder(model.folder);
        break;
      case "copyPath":
        await vscode.env.clipboard.writeText(model.folder);
        break;
      case "units": {
        const { readUnits } = await loadUnitReader();
        return packUnits(await readUnits(model.folder, request.step));
      }
    }
    return undefined;
  };
}
