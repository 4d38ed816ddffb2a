/** What the dashboard's buttons do. */
import * as vscode from "vscode";
import { revealFolder } from "../commands/revealFolder.js";
import { configFileOf, openConfigOf } from "../runs/configOfRun.js";
import type { RunManager } from "../runs/runManager.js";
import type { AnswerRequest } from "./dashboardPanel.js";

export function createAnswers(manager: RunManager): AnswerRequest {
  return async (model, action) => {
    switch (action) {
      case "stop":
        if (!manager.stop(model.folder)) throw new Error(vscode.l10n.t("This run is not in progress in this window."));
        return;
      case "runAgain": {
        const config = await configFileOf(model);
        // Not awaited: the answer is that it was asked for; what goes wrong from here has its own notification.
        void vscode.commands.executeCommand("rectiscope.runExperiment", vscode.Uri.file(config));
        return;
      }
      case "openConfig":
        return openConfigOf(model);
      case "revealFolder":
        return revealFolder(model.folder);
      case "copyPath":
        return vscode.env.clipboard.writeText(model.folder);
    }
  };
}
