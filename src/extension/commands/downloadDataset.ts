/** Downloads a data set into the extension's storage. Nothing is fetched before the person has agreed to source, size and licence. */
import { existsSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { duration, megabytes } from "../../common/format.js";
import type { DownloadProgress } from "../../engine/data/download.js";
import { DownloadError } from "../../engine/data/downloadError.js";
import { DownloadRate } from "../../engine/data/downloadRate.js";
import {
  type DownloadableName,
  type DownloadSource,
  downloadableNames,
  downloadSources,
  isDownloadable,
} from "../../engine/data/sources.js";
import { loadDownload } from "../engine.js";
import type { Parts } from "../parts.js";
import { uiLanguage } from "../uiLanguage.js";
import { configFileArgument } from "./arguments.js";
import { downloadQuestion, downloadSummary } from "./downloadOffer.js";

const reportMs = 200;

/**
 * @param argument a data set's name, or one with the config that wants it: `{ name, file }`; asked for when absent
 * @returns the data set's folder; undefined when there is none, which the person was told or decided
 */
export async function downloadDataset(parts: Parts, argument: unknown): Promise<string | undefined> {
  const name = nameOf(argument) ?? (await pickDataset(parts.dataSets));
  if (name === undefined) return undefined;
  const source = downloadSources[name];
  const folder = path.join(parts.dataSets, name);
  const { stateOf } = await loadDownload();
  if ((await stateOf(source, folder)).kind !== "whole") {
    if (!(await agreed(source, folder))) return undefined;
    const done = await withProgress(source, folder, (error) => tellFailure(parts, argument, name, error));
    if (!done) return undefined;
    parts.log.info(`${source.title} was downloaded to ${folder}`);
  }
  void offerTraining(source, folder, argument);
  return folder;
}

function nameOf(argument: unknown): DownloadableName | undefined {
  const name = typeof argument === "object" && argument !== null && "name" in argument ? argument.name : argument;
  return isDownloadable(name) ? name : undefined;
}

async function pickDataset(dataSets: string): Promise<DownloadableName | undefined> {
  const items = downloadableNames.map((name) => ({
    label: downloadSources[name].title,
    description: existsSync(path.join(dataSets, name)) ? vscode.l10n.t("downloaded") : "",
    detail: downloadSummary(downloadSources[name], uiLanguage),
    name,
  }));
  const title = vscode.l10n.t("Download Data Set");
  const placeHolder = vscode.l10n.t("Which one? You will be asked once more before anything is downloaded.");
  return (await vscode.window.showQuickPick(items, { title, placeHolder }))?.name;
}

async function agreed(source: DownloadSource, folder: string): Promise<boolean> {
  const { question, detail } = downloadQuestion(source, folder, uiLanguage);
  const download = vscode.l10n.t("Download");
  const licence = vscode.l10n.t("Read Licence");
  for (;;) {
    const answer = await vscode.window.showInformationMessage(question, { modal: true, detail }, download, licence);
    if (answer !== licence) return answer === download;
    await vscode.env.openExternal(vscode.Uri.parse(source.licence.address));
  }
}

/** @returns false when there was a failure, which was told, or the person cancelled */
async function withProgress(
  source: DownloadSource,
  folder: string,
  failed: (error: DownloadError) => void,
): Promise<boolean> {
  const { downloadDataset: download } = await loadDownload();
  const title = vscode.l10n.t("Downloading {0}", source.title);
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort());
    try {
      await download(source, folder, {
        signal: controller.signal,
        replace: true, // the storage is the extension's own
        progress: reporter(progress),
      });
      return true;
    } catch (error) {
      if (!(error instanceof DownloadError)) throw error;
      if (error.code !== "cancelled") failed(error);
      else vscode.window.setStatusBarMessage(vscode.l10n.t("Cancelled. What has come so far is kept."), 5_000);
      return false;
    }
  });
}

/** Shows bytes and remaining time, a few times a second. */
function reporter(
  shown: vscode.Progress<{ message?: string; increment?: number }>,
): (progress: DownloadProgress) => void {
  const rate = new DownloadRate();
  const { t } = uiLanguage;
  let [last, share] = [0, 0];
  return ({ received, total }) => {
    const now = performance.now();
    if (now - last < reportMs) return;
    last = now;
    const seconds = rate.remainingSeconds(received, total, now);
    const amount = t("{0} of {1}", megabytes(received, uiLanguage.locale), megabytes(total, uiLanguage.locale));
    const message = seconds === null ? amount : t("{0} · {1} left", amount, duration(seconds, uiLanguage));
    const percent = (100 * received) / total;
    shown.report({ message, increment: Math.max(0, percent - share) });
    share = Math.max(share, percent);
  };
}

function tellFailure({ log }: Parts, argument: unknown, name: DownloadableName, error: DownloadError): void {
  log.error(error);
  const again = vscode.l10n.t("Try Again");
  void vscode.window
    .showErrorMessage(error.message, again)
    .then(
      (chosen) => chosen === again && vscode.commands.executeCommand("rectiscope.downloadDataset", argument ?? name),
    );
}

async function offerTraining(source: DownloadSource, folder: string, argument: unknown): Promise<void> {
  const file = configFileArgument(argument);
  const train = file === undefined ? vscode.l10n.t("Train…") : vscode.l10n.t("Run {0}", path.basename(file));
  const message = vscode.l10n.t("{0} is there, every file verified: {1}", source.title, folder);
  if ((await vscode.window.showInformationMessage(message, train)) === train)
    await vscode.commands.executeCommand("rectiscope.train", file);
}
