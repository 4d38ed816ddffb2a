/** Adds files of one's own: recognises what they are, asks what only a person can say, and writes the experiment that describes them. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import type { ExperimentInput } from "../../common/experiment.js";
import type { Question } from "../../engine/data/recognise.js";
import { loadJsonc, loadRecognise } from "../engine.js";
import { experimentFileName } from "../experiments/experimentPattern.js";
import type { Parts } from "../parts.js";
import { chooseFolder, freeName, problemOfName } from "./createExperiment.js";
import { activeExperiment } from "./picks.js";

/** @param argument what to add, a Uri or several; asked for when absent. @returns the config's path */
export async function addDataset({ datasets }: Parts, argument: unknown): Promise<string | undefined> {
  const paths = pathsOf(argument) ?? (await choosePaths());
  if (!paths || paths.length === 0) return undefined;
  const { recognise } = await loadRecognise();
  const { folder, dataset: found, questions } = await recognise(paths);
  let dataset = found;
  for (const question of questions) {
    const chosen = await ask(question, paths[0] as string);
    if (chosen === undefined) return undefined;
    dataset = question.answer(dataset, chosen);
  }
  const file = await writeInto(dataset, folder, path.basename(paths[0] as string));
  if (file !== undefined) datasets.refresh();
  return file;
}

function pathsOf(argument: unknown): string[] | undefined {
  if (argument instanceof vscode.Uri) return [argument.fsPath];
  if (typeof argument === "string" && path.isAbsolute(argument)) return [argument];
  return undefined;
}

async function choosePaths(): Promise<string[] | undefined> {
  const files = { label: vscode.l10n.t("Files…"), detail: vscode.l10n.t("Tables, NumPy archives, IDX files or texts") };
  const folder = {
    label: vscode.l10n.t("Folder…"),
    detail: vscode.l10n.t("Pictures in a folder for each class, or the files of MNIST, CIFAR-10 or NORB"),
  };
  const title = vscode.l10n.t("Add Data Set");
  const placeHolder = vscode.l10n.t("What is it? What kind of files they are is told by themselves.");
  const chosen = await vscode.window.showQuickPick([files, folder], { title, placeHolder });
  if (!chosen) return undefined;
  const uris = await vscode.window.showOpenDialog({
    canSelectFiles: chosen === files,
    canSelectFolders: chosen === folder,
    canSelectMany: chosen === files,
    openLabel: vscode.l10n.t("Add"),
    title,
  });
  return uris?.map(({ fsPath }) => fsPath);
}

/** No question where there is only one answer. */
async function ask({ what, names }: Question, file: string): Promise<string | undefined> {
  if (names.length <= 1) return names[0];
  const questions = {
    label: vscode.l10n.t("Which column or key is the class?"),
    text: vscode.l10n.t("Which column or key is the text?"),
    arrayOfInputs: vscode.l10n.t("Which array has the training inputs?"),
    arrayOfLabels: vscode.l10n.t("Which array has the training labels?"),
  };
  const items = names.map((label, k) => ({ label, description: k === 0 ? vscode.l10n.t("most likely") : "" }));
  const title = vscode.l10n.t("Add Data Set: {0}", path.basename(file));
  return (await vscode.window.showQuickPick(items, { title, placeHolder: questions[what] }))?.label;
}

type DatasetInput = ExperimentInput["dataset"];

async function writeInto(dataset: DatasetInput, folder: string, name: string): Promise<string | undefined> {
  const open = activeExperiment();
  if (open !== undefined) {
    const into = { label: vscode.l10n.t("Write into {0}", path.basename(open)), file: open };
    const fresh = { label: vscode.l10n.t("New Experiment"), file: undefined };
    const title = vscode.l10n.t("Add Data Set: {0}", name);
    const chosen = await vscode.window.showQuickPick([fresh, into], { title });
    if (!chosen) return undefined;
    if (chosen.file !== undefined) return replaceIn(chosen.file, placed(dataset, folder, path.dirname(open)));
  }
  const target = await chooseFolder();
  if (target === undefined) return undefined;
  const chosen = await vscode.window.showInputBox({
    title: vscode.l10n.t("Add Data Set: {0}", name),
    prompt: vscode.l10n.t("Name of the experiment. The file is written to {0}.", target),
    value: await freeName(target, path.parse(name).name.replace(/[^\p{L}\p{N}._-]+/gu, "-") || "data"),
    validateInput: (value) => problemOfName(target, value.trim()),
  });
  if (chosen === undefined) return undefined;
  const file = path.join(target, experimentFileName(chosen.trim()));
  const experiment: ExperimentInput = {
    dataset: placed(dataset, folder, target),
    network: { hidden: [256, 256] },
    training: { learningRate: 0.03, batchSize: 10, epochs: 10, l1: 0.001 },
  };
  await writeFile(file, `${JSON.stringify(experiment, null, 2)}\n`, { flag: "wx" });
  await vscode.window.showTextDocument(vscode.Uri.file(file));
  return file;
}

/** With the folder relative to the config where it lies below it, so that both can move together. */
function placed({ name, ...rest }: DatasetInput, folder: string, configFolder: string): DatasetInput {
  const relative = path.relative(configFolder, folder).replaceAll("\\", "/");
  const outside = relative.startsWith("..") || path.isAbsolute(relative);
  if (relative === "" && !["cifar10", "norb", "small-norb", "idx"].includes(name)) return { name, ...rest };
  return { name, folder: outside ? folder : relative || ".", ...rest };
}

/** In the editor, so that it can be undone. */
async function replaceIn(file: string, dataset: DatasetInput): Promise<string> {
  const { applyEdits, modify } = await loadJsonc();
  const document = await vscode.workspace.openTextDocument(file);
  const text = document.getText();
  const changed = applyEdits(
    text,
    modify(text, ["dataset"], dataset, { formattingOptions: { insertSpaces: true, tabSize: 2 } }),
  );
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(0), document.positionAt(text.length)), changed);
  await vscode.workspace.applyEdit(edit);
  await vscode.window.showTextDocument(document);
  return file;
}
