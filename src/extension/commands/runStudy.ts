/** A study of the paper in one go: its file into the workspace, with data that are here, and then its sweep. Never overwrites. */
import { constants } from "node:fs";
import { open, readFile } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import type { DatasetName, Experiment } from "../../common/experiment.js";
import { isKnownDataset, knownDatasets } from "../../common/knownDatasets.js";
import { studies } from "../../common/studies.js";
import { sweepSuffix } from "../../common/sweep.js";
import { downloadSources, isDownloadable } from "../../engine/data/sources.js";
import { loadConfigText, loadJsonc, loadSweepFile } from "../engine.js";
import type { Parts } from "../parts.js";
import { trialsText } from "../sweeps/sweepText.js";
import { uiLanguage } from "../uiLanguage.js";
import { chooseFolder } from "./createExperiment.js";
import { downloadLabel } from "./downloadOffer.js";
import { type StudyTemplate, studiesFolder, studyTemplates } from "./studyTemplates.js";

type Dataset = Experiment["dataset"];

/**
 * @param argument the folder to write into, such as one of the explorer; else the workspace's, or asked for
 * @returns the sweep's folder; undefined where none was begun
 */
export async function runStudy(parts: Parts, argument?: unknown): Promise<string | undefined> {
  const title = vscode.l10n.t("Run a Study");
  const template = await vscode.window.showQuickPick(studyTemplates(uiLanguage), {
    title,
    placeHolder: vscode.l10n.t("Which result of the paper? Its page shows yours beside the published one."),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (!template) return undefined;
  const folder = await chooseFolder(argument);
  if (folder === undefined) return undefined;
  const source = vscode.Uri.joinPath(parts.extension, studiesFolder, template.name + sweepSuffix).fsPath;
  const text = await readFile(source, "utf8");
  const { parse, modify, applyEdits } = await loadJsonc();
  const { base, cases } = parse(text) as { base: { dataset: Dataset }; cases?: object[] };
  const data = await chooseData(parts, template, base.dataset, title);
  if (data === undefined) return undefined;
  const change = (now: string, at: string[], value: unknown) =>
    applyEdits(now, modify(now, at, value, { formattingOptions: { insertSpaces: true, tabSize: 2 } }));
  const changes = Object.entries(data ?? {});
  const other = changes.reduce((now, [key, value]) => change(now, ["base", "dataset", key], value), text);
  // cases that only name other files of the paper's data say nothing of other data
  const files = cases?.every((values) => Object.keys(values).every((key) => key.startsWith("dataset.")));
  const changed = data && "name" in data && files ? change(other, ["cases"], undefined) : other;
  const file = await writeFree(folder, template.name, changed);
  await vscode.window.showTextDocument(vscode.Uri.file(file));
  return offerRun(parts, file);
}

/**
 * What is to be changed of the data set that the study names: nothing where it is here.
 * @returns undefined when the person chose none
 */
async function chooseData(
  { datasets }: Parts,
  { study, label }: StudyTemplate,
  wanted: Dataset,
  title: string,
): Promise<Partial<Record<keyof Dataset, unknown>> | null | undefined> {
  const listed = await datasets.list();
  const isHere = (name: DatasetName) => listed.some(({ key, folder }) => key === name && folder !== null);
  if (isKnownDataset(wanted.name) && isHere(wanted.name)) return null;
  const own = !isKnownDataset(wanted.name);
  const substitutes = studies[study].substitutes.filter((name) => name !== wanted.name);
  // what reads files of one's own has sections that say how: another set has none of them
  const sections = own ? { [wanted.name]: undefined, folder: undefined } : {};
  const items = [
    ...substitutes.filter(isHere).map((name) => ({
      label: vscode.l10n.t("Use {0} instead", titleOf(name)),
      detail: vscode.l10n.t("On this machine. The page will say that these are other data than the paper's."),
      act: async () => ({ ...sections, name }),
    })),
    ...(isDownloadable(wanted.name) ? [downloadItem(wanted.name)] : []),
    {
      label: vscode.l10n.t("I have a copy…"),
      detail: vscode.l10n.t("Choose its folder: the file will name it."),
      act: async () => {
        const [chosen] =
          (await vscode.window.showOpenDialog({ canSelectFiles: false, canSelectFolders: true, title })) ?? [];
        return chosen && { folder: chosen.fsPath };
      },
    },
    {
      label: vscode.l10n.t("Only write the file"),
      detail: vscode.l10n.t("To name the data in it yourself."),
      act: async () => null,
    },
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    title: `${title}: ${label}`,
    placeHolder: own
      ? vscode.l10n.t(
          "{0}: Rectiscope cannot download these data. What to train on?",
          studies[study].protocol.dataset.title,
        )
      : vscode.l10n.t("{0} is not on this machine. What to train on?", titleOf(wanted.name)),
    matchOnDetail: true,
  });
  return chosen?.act();
}

function downloadItem(name: Parameters<typeof downloadLabelOf>[0]) {
  return {
    label: downloadLabelOf(name),
    detail: vscode.l10n.t("You will be asked once more before anything is downloaded."),
    act: async () =>
      (await vscode.commands.executeCommand("rectiscope.downloadDataset", name)) === undefined ? undefined : null,
  };
}

function downloadLabelOf(name: keyof typeof downloadSources): string {
  return downloadLabel(downloadSources[name], uiLanguage);
}

function titleOf(name: DatasetName): string {
  return isKnownDataset(name) ? knownDatasets[name].title : name;
}

/** Under its name, or the first of name-2, name-3, … that is free. */
async function writeFree(folder: string, name: string, text: string): Promise<string> {
  for (let n = 1; ; n++) {
    const file = path.join(folder, `${n === 1 ? name : `${name}-${n}`}${sweepSuffix}`);
    try {
      const handle = await open(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL);
      try {
        await handle.writeFile(text);
      } finally {
        await handle.close();
      }
      return file;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

async function offerRun({ sweepLauncher }: Parts, file: string): Promise<string | undefined> {
  const { readConfigText } = await loadConfigText();
  const { readSweep, sweepName } = await loadSweepFile();
  const { plan } = await readSweep(await readConfigText(file), file, readConfigText);
  if (!plan) return undefined; // its problems are marked in the editor
  const run = vscode.l10n.t("Run Study");
  const question = vscode.l10n.t(
    "{0} is written: {1}. About how long they take stands above the file's first line.",
    sweepName(plan.sweep, file),
    trialsText(plan.trials, uiLanguage),
  );
  if ((await vscode.window.showInformationMessage(question, run)) !== run) return undefined;
  return sweepLauncher.launch(file);
}
