/** What the dashboard may ask for. */
import * as vscode from "vscode";
import { packUnits } from "../../common/unitFrames.js";
import type { ClaimsChecks } from "../claims/claimsChecks.js";
import { revealFolder } from "../commands/revealFolder.js";
import { loadPretrainingUnitReader, loadUnitReader } from "../engine.js";
import { configFileOf, openConfigOf } from "../runs/configOfRun.js";
import { readRecord } from "../runs/readModel.js";
import type { RunManager } from "../runs/runManager.js";
import { notInThisWindow, whyNotResumable } from "../runs/runRefusal.js";
import type { AnswerRequest } from "./dashboardPanel.js";
import { picturesOf } from "./pictures.js";

/** @param assets folder with the extension's other bundles */
export function createAnswers(manager: RunManager, claims: ClaimsChecks, assets: string): AnswerRequest {
  return async (model, request) => {
    switch (request.action) {
      case "stop":
        if (!manager.stop(model.folder)) throw new Error(notInThisWindow(model.folder, model.record));
        break;
      case "pause":
        if (!manager.pause(model.folder)) throw new Error(notInThisWindow(model.folder, model.record));
        break;
      case "resume": {
        const reason = manager.has(model.folder) ? null : whyNotResumable(model.folder, await readRecord(model.folder));
        if (reason) throw new Error(reason);
        // Not awaited, as below: the answer is that it was asked for; what goes wrong from here has its own notification.
        void vscode.commands.executeCommand("rectiscope.resume", model.folder);
        break;
      }
      case "revive": {
        if (manager.revive(model.folder)) break;
        const reason = whyNotResumable(model.folder, await readRecord(model.folder));
        if (reason) throw new Error(reason);
        void vscode.commands.executeCommand("rectiscope.revive", model.folder);
        break;
      }
      case "runAgain": {
        const config = await configFileOf(model);
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
      case "openUnit":
        await vscode.commands.executeCommand("rectiscope.openUnit", model.folder, request.layer, request.unit);
        break;
      case "units": {
        if (request.layer !== undefined) {
          const { readPretrainingUnits } = await loadPretrainingUnitReader();
          return { units: packUnits(await readPretrainingUnits(model.folder, request.layer, request.step)) };
        }
        const { readUnits } = await loadUnitReader();
        return { units: packUnits(await readUnits(model.folder, request.step)) };
      }
      case "checkClaims":
        claims.start(model.folder, { again: true });
        break;
      case "cancelClaims":
        claims.cancel(model.folder);
        break;
      case "pictures":
        return { pictures: await picturesOf(assets, model.folder, request.from) };
    }
    return {};
  };
}
