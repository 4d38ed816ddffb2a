// What VS Code is told of an experiment's text, with real runs beside it: problems, mends, inline figures, hovers, lenses, completion.
import * as assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, before, describe, it } from "mocha";
import * as vscode from "vscode";
import type { RectiscopeApi } from "../../src/extension/api.js";
import { activate, evalLines, train, until, within, workspace } from "./support.js";

let api: RectiscopeApi;
/** An experiment whose units die of its learning rate, and the folder of its run. */
const dying = `{
  "dataset": { "name": "mnist-sample" },
  "network": {
    "hidden": [
      60, // first
      40,
    ],
  },
  "training": { "learningRate": 0.6, "batchSize": 10, "epochs": 3 }, // far too fast
  "seed": 1,
}
`;
const file = () => vscode.Uri.file(path.join(workspace(), "dying.rectiscope.json"));
let folder: string;

const patience = 20_000;
const ask = <T>(command: string, ...args: unknown[]) =>
  within(patience, vscode.commands.executeCommand<T>(`vscode.${command}`, ...args));

async function shown(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

function problems(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === "Rectiscope");
}

async function fixes(uri: vscode.Uri, range: vscode.Range): Promise<vscode.CodeAction[]> {
  return ask<vscode.CodeAction[]>("executeCodeActionProvider", uri, range, vscode.CodeActionKind.QuickFix.value);
}

/** Figures behind widths, once they are there. */
async function hints(document: vscode.TextDocument): Promise<vscode.InlayHint[]> {
  const all = new vscode.Range(0, 0, document.lineCount, 0);
  return ask<vscode.InlayHint[]>("executeInlayHintProvider", document.uri, all);
}

const labelOf = ({ label }: vscode.InlayHint) =>
  typeof label === "string" ? label : label.map(({ value }) => value).join("");

async function hoverText(uri: vscode.Uri, position: vscode.Position): Promise<string> {
  const hovers = await ask<vscode.Hover[]>("executeHoverProvider", uri, position);
  return hovers
    .flatMap(({ contents }) => contents.map((part) => (part as vscode.MarkdownString).value))
    .join("\n---\n");
}

async function lenses(uri: vscode.Uri): Promise<vscode.CodeLens[]> {
  return ask<vscode.CodeLens[]>("executeCodeLensProvider", uri);
}

/** Puts a document's text back as it was when it was opened. */
async function write(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

before(async function () {
  this.timeout(120_000);
  ({ api } = await activate());
  writeFileSync(file().fsPath, dying);
  folder = await train("dying.rectiscope.json");
  assert.equal(await api.whenEnded(folder), "finished");
});

afterEach(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

describe("problems of layers", () => {
  it("are told of what was trained here, open or not, at the layers' widths", async () => {
    await until("two warnings", () => problems(file()).length === 2, patience);
    const last = evalLines(folder).findLast(({ set }) => set === "valid")!;
    for (const [l, problem] of problems(file()).entries()) {
      assert.equal(problem.severity, vscode.DiagnosticSeverity.Warning);
      assert.deepEqual([problem.range.start.line, problem.range.start.character], [4 + l, 6]);
      const { dead } = last.layers[l]!;
      const words = `Hidden layer ${l + 1}: ${dead} of ${[60, 40][l]} units are dead (validation, 2,000 examples, epoch 3)`;
      assert.ok(problem.message.startsWith(words), problem.message);
      assert.match(problem.message, /; most were killed within one step\. Lower training\.learningRate/);
      const { value, target } = problem.code as { value: string; target: vscode.Uri };
      assert.equal(value, "deadUnits");
      assert.match(target.toString(), /^command:rectiscope\.openRun/);
    }
  });

  it("are mended by changes that leave comments alone, are valid, and take the problem away", async () => {
    const document = await shown(file());
    await until("two warnings", () => problems(file()).length === 2, patience);
    const offered = await fixes(file(), problems(file())[0]!.range);
    const titles = offered.map(({ title }) => title);
    for (const title of ["Lower training.learningRate from 0.6 to 0.2", "Open Dashboard"])
      assert.ok(titles.includes(title), titles.join("; "));
    assert.ok(titles.some((title) => /^Narrow hidden layer 1 from 60 to its \d+ living units$/.test(title)));
    assert.ok(titles.some((title) => title.startsWith("Open Dead Unit ")));
    for (const { edit } of offered) {
      if (!edit) continue;
      assert.ok(await vscode.workspace.applyEdit(edit));
      await until("no problem of the run, and none of the text", () => problems(file()).length === 0, patience);
      assert.match(document.getText(), /\/\/ first\n[\s\S]*\/\/ far too fast/);
      await write(document, dying);
      await until("both again", () => problems(file()).length === 2, patience);
    }
    const lowered = offered.find(({ title }) => title.startsWith("Lower training.learningRate"));
    assert.ok(lowered?.isPreferred && lowered.edit);
    await vscode.workspace.applyEdit(lowered.edit);
    assert.equal(document.getText(), dying.replace("0.6", "0.2"));
    await write(document, dying);
    assert.ok(await document.save());
  });

  it("follow the settings", async () => {
    const settings = vscode.workspace.getConfiguration("rectiscope.problems");
    await until("two warnings", () => problems(file()).length === 2, patience);
    await settings.update("deadShare", 0, vscode.ConfigurationTarget.Workspace);
    await until(
      "none of dead units",
      () => !problems(file()).some(({ message }) => /are dead/.test(message)),
      patience,
    );
    await settings.update("deadShare", undefined, vscode.ConfigurationTarget.Workspace);
    await until("two warnings", () => problems(file()).length === 2, patience);
  });

  it("are not told of a network that is merely sparse", async () => {
    const quick = vscode.Uri.file(path.join(workspace(), "quick.rectiscope.json"));
    const run = await train("quick.rectiscope.json");
    assert.equal(await api.whenEnded(run), "finished");
    const document = await shown(quick);
    // the figures that come with the problems are there
    await figures(document, 2);
    assert.deepEqual(
      problems(quick).map(({ message }) => message),
      [],
    );
  });
});

async function figures(document: vscode.TextDocument, layers: number): Promise<vscode.InlayHint[]> {
  const deadline = Date.now() + patience;
  for (;;) {
    const found = await hints(document);
    if (found.length === layers) return found;
    if (Date.now() > deadline) throw new Error(`there are ${found.length} figures`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

describe("figures in the text", () => {
  it("stand behind each width, as the run folder has them", async () => {
    const document = await shown(file());
    const found = await figures(document, 2);
    const last = evalLines(folder).findLast(({ set }) => set === "valid")!;
    const expected = last.layers.map(({ sparsity, dead }, l) => {
      const shares = [sparsity!, dead! / [60, 40][l]!].map((share) => `${(share * 100).toFixed(1)} %`);
      return `${shares[0]} zeros · ${shares[1]} dead`;
    });
    assert.deepEqual(found.map(labelOf), expected);
    assert.deepEqual(
      found.map(({ position: { line, character } }) => [line, character]),
      [
        [4, 8],
        [5, 8],
      ],
    );
  });

  it("go when the widths are others, and when they are switched off", async () => {
    const document = await shown(file());
    await figures(document, 2);
    await write(document, dying.replace("40,", "41,"));
    assert.deepEqual(await hints(document), []);
    await write(document, dying);
    await figures(document, 2);
    const settings = vscode.workspace.getConfiguration("rectiscope");
    await settings.update("inlineFigures.enabled", false, vscode.ConfigurationTarget.Workspace);
    await figures(document, 0);
    await settings.update("inlineFigures.enabled", undefined, vscode.ConfigurationTarget.Workspace);
  });

  it("are called near zero where units have no exact zeros", async () => {
    const uri = vscode.Uri.file(path.join(workspace(), "smooth.rectiscope.json"));
    const network = { hidden: [20], activation: "tanh" };
    const training = { learningRate: 0.1, epochs: 1 };
    writeFileSync(uri.fsPath, JSON.stringify({ dataset: { name: "mnist-sample" }, network, training }));
    assert.equal(await api.whenEnded(await train("smooth.rectiscope.json")), "finished");
    const [hint] = await figures(await shown(uri), 1);
    assert.match(labelOf(hint!), /^\d+\.\d % near zero$/);
  });
});

describe("hovers", () => {
  it("over a width tell the layer's figures, their development, and the ways to more", async () => {
    await shown(file());
    const words = await hoverText(file(), new vscode.Position(4, 7));
    assert.match(words, /\*\*Hidden layer 1\*\* · dying/);
    assert.match(words, /!\[Development over 4 evaluations\]\(data:image\/svg\+xml;base64,/);
    for (const label of ["Sparsity", "Dead", "Dying", "Dormant", "Always on", "Update ratio"])
      assert.match(words, new RegExp(`<span title="[^"]+">${label}</span>`));
    assert.match(words, /command:rectiscope\.openRun/);
    assert.match(words, /Open Dead Unit \d+/);
  });

  it("over a key tell its definition, once", async () => {
    const document = await shown(file());
    const at = document.positionAt(document.getText().indexOf('"learningRate"') + 3);
    const words = await hoverText(file(), at);
    assert.equal(words.split("step size").length, 2, words);
    const hidden = await hoverText(file(), document.positionAt(document.getText().indexOf('"hidden"') + 3));
    assert.match(hidden, /\*\*Dead\*\*: Units that fire/);
  });
});

describe("lenses", () => {
  it("tell the last result, and open its dashboard by one of their own", async () => {
    await shown(file());
    const titles = (await lenses(file())).map(({ command }) => command?.title);
    assert.ok(
      titles.some((title) => /^Last run: finished · [\d.]+ % · \d+ % zeros · \d+ dead$/.test(title ?? "")),
      titles.join("; "),
    );
    assert.ok(titles.some((title) => title?.endsWith("Open Dashboard")));
  });
});

describe("completion", () => {
  async function offered(text: string): Promise<vscode.CompletionItem[]> {
    const uri = vscode.Uri.file(path.join(workspace(), "written.rectiscope.json"));
    writeFileSync(uri.fsPath, text.replace("|", ""));
    const document = await shown(uri);
    await write(document, text.replace("|", ""));
    const list = await ask<vscode.CompletionList>(
      "executeCompletionItemProvider",
      uri,
      document.positionAt(text.indexOf("|")),
    );
    return list.items;
  }
  const labels = (items: vscode.CompletionItem[]) =>
    items.map(({ label }) => (typeof label === "string" ? label : label.label));

  it("offers sensible values", async () => {
    assert.ok(labels(await offered('{ "network": { "hidden": | } }')).includes("[1000, 1000, 1000]"));
    const rates = labels(await offered('{ "training": { "learningRate": | } }'));
    for (const rate of ["0.1", "0.01", "0.001"]) assert.ok(rates.includes(rate), rates.join(" "));
    assert.ok(labels(await offered('{ "training": { "l1": | } }')).includes("0.001"));
  });

  it("offers keys, sections and whole files", async () => {
    const keys = labels(await offered('{ "training": { "|" } }'));
    for (const key of ["learningRate", "revive", "targetSparsity"]) assert.ok(keys.includes(key), keys.join(" "));
    const whole = labels(await offered("|"));
    assert.ok(
      whole.some((label) => label.includes("paper's network")),
      whole.join(" "),
    );
  });

  it("offers data sets, those of this machine first, each once", async () => {
    const items = await offered('{ "dataset": { "name": | } }');
    assert.deepEqual([...labels(items)].sort(), [...new Set(labels(items))].sort());
    const sorted = [...items].sort((a, b) => (a.sortText ?? "").localeCompare(b.sortText ?? ""));
    const here = sorted.map(({ label }) => typeof label !== "string" && label.description === "on this machine");
    const sample = labels(sorted).indexOf('"mnist-sample"');
    assert.ok(sample >= 0 && here[sample]);
    assert.deepEqual(
      here,
      [...here].sort((a, b) => Number(b) - Number(a)),
    );
  });
});

describe("what is gone", () => {
  it("a deleted run leaves neither problems nor figures", async () => {
    const document = await shown(file());
    await until("two warnings", () => problems(file()).length === 2, patience);
    assert.equal(readFileSync(file().fsPath, "utf8"), dying);
    rmSync(folder, { recursive: true });
    await until("no problem", () => problems(file()).length === 0, patience);
    await figures(document, 0);
  });
});
