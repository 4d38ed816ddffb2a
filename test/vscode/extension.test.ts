// The extension as other extensions and VS Code's own commands meet it, inside a real extension host.
import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, before, describe, it } from "mocha";
import * as vscode from "vscode";
import type { EvalLine } from "../../src/common/run.js";
import type { RectiscopeApi } from "../../src/extension/api.js";
import {
  activate,
  assertSameBytes,
  evalLines,
  readRun,
  runFolders,
  train,
  trainLines,
  until,
  webviewTabs,
  within,
  workspace,
} from "./support.js";

const commandIds = [
  "rectiscope.train",
  "rectiscope.stop",
  "rectiscope.openDashboard",
  "rectiscope.newExperiment",
  "rectiscope.openExampleWorkspace",
];

let extension: vscode.Extension<RectiscopeApi>;
let api: RectiscopeApi;

before(async () => {
  ({ extension, api } = await activate());
});

afterEach(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

describe("activation", () => {
  it("gives the API and the time it took", () => {
    assert.ok(extension.isActive);
    assert.ok(api.activationMs >= 0, `activationMs: ${api.activationMs}`);
    assert.ok(Array.isArray(api.runs()));
  });

  it("registers every command that its manifest names", async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    const named: string[] = extension.packageJSON.contributes.commands.map(
      (entry: { command: string }) => entry.command,
    );
    assert.deepEqual(
      named.filter((id) => !registered.has(id)),
      [],
    );
    for (const id of commandIds) assert.ok(named.includes(id), id);
  });
});

describe("training", () => {
  it("runs an experiment to its end and writes the run folder", async () => {
    const folder = await train("quick.rectiscope.json");
    assert.ok(existsSync(path.join(folder, "run.json")), `${folder} has a run.json`);
    assert.equal(path.dirname(folder), path.join(workspace(), ".rectiscope", "runs"));
    assert.equal(api.runs().find((run) => run.folder === folder)?.name, "quick");
    assert.equal(await api.whenEnded(folder), "finished");

    const run = readRun(folder);
    assert.equal(run.state, "finished");
    assert.ok(run.summary, "a finished run has a summary");
    const losses = trainLines(folder).map((line) => line.loss);
    assert.ok(losses.length > 1 && losses.at(-1)! < losses[0]!, `loss ${losses[0]} → ${losses.at(-1)}`);
    const widths = run.config!.network.hidden;
    for (const line of evalLines(folder)) {
      assert.equal(line.layers.length, widths.length);
      for (const [index, { sparsity, dead }] of line.layers.entries()) {
        assert.ok(sparsity! >= 0 && sparsity! <= 1, `sparsity ${sparsity}`);
        assert.ok(Number.isInteger(dead) && dead! >= 0 && dead! <= widths[index]!, `dead ${dead}`);
      }
    }
  });

  it("gives the same figures for the same seed", async () => {
    const figures: EvalLine[][] = [];
    for (let run = 0; run < 2; run++) {
      const folder = await train("quick.rectiscope.json");
      assert.equal(await api.whenEnded(folder), "finished");
      figures.push(evalLines(folder));
    }
    assert.ok(figures[0]!.length > 0);
    assert.deepEqual(figures[1], figures[0]);
  });

  it("leaves the same bytes as the command line", async () => {
    const folder = await train("quick.rectiscope.json");
    assert.equal(await api.whenEnded(folder), "finished");
    const config = path.join(workspace(), "quick.rectiscope.json");
    const out = path.join(workspace(), "from-the-command-line");
    const cli = path.join(extension.extensionPath, "dist", "cli.js");
    // the Node on the path, which need not be the extension host's
    const done = spawnSync("node", [cli, "train", config, "--out", out], { encoding: "utf8" });
    assert.equal(done.status, 0, done.stderr);
    assertSameBytes(folder, out);
  });

  it("opens the run's dashboard, and opens it again when asked to", async () => {
    const folder = await train("quick.rectiscope.json");
    await until("a tab of the run", () => webviewTabs().includes("quick"));
    await api.whenEnded(folder);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await until("no tab", () => webviewTabs().length === 0);
    await vscode.commands.executeCommand("rectiscope.openDashboard", folder);
    await until("the tab again", () => webviewTabs().includes("quick"));
  });

  it("stops a run when asked to", async () => {
    const folder = await train("mnist-rectifier.rectiscope.json");
    await until("a first measurement", () => trainLines(folder).length > 0, 30_000);
    assert.equal(api.runs().find((run) => run.folder === folder)?.state, "running");
    await vscode.commands.executeCommand("rectiscope.stop", folder);
    assert.equal(await api.whenEnded(folder), "stopped");
    assert.equal(readRun(folder).state, "stopped");
  });

  it("offers to choose the optimizer that a key belongs to, and trains with it to the bytes of the command line", async () => {
    const file = path.join(workspace(), "moving.rectiscope.json");
    const training = { learningRate: 0.01, momentum: 0.5, epochs: 1 };
    writeFileSync(file, JSON.stringify({ dataset: { name: "mnist-sample" }, network: { hidden: [20] }, training }));
    const uri = vscode.Uri.file(file);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    await until("a problem", () => vscode.languages.getDiagnostics(uri).length === 1);
    const [problem] = vscode.languages.getDiagnostics(uri);
    assert.match(problem!.message, /training\.momentum is 0\.5.*Set training\.optimizer to "momentum"/);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      uri,
      problem!.range,
    );
    const fix = actions.find(({ title }) => title === 'Add "optimizer": "momentum"');
    assert.ok(fix?.edit, actions.map(({ title }) => title).join(", "));
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    await until("no problem", () => vscode.languages.getDiagnostics(uri).length === 0);
    assert.ok(await document.save());

    const folder = await train("moving.rectiscope.json");
    assert.equal(await api.whenEnded(folder), "finished");
    const { optimizer, momentum } = readRun(folder).config!.training;
    assert.deepEqual({ optimizer, momentum }, { optimizer: "momentum", momentum: 0.5 });
    const out = path.join(workspace(), "moving-from-the-command-line");
    const cli = path.join(extension.extensionPath, "dist", "cli.js");
    const done = spawnSync("node", [cli, "train", file, "--out", out], { encoding: "utf8" });
    assert.equal(done.status, 0, done.stderr);
    assertSameBytes(folder, out);
  });

  it("starts no run from a config with mistakes", async () => {
    const config = path.join(workspace(), "mistaken.rectiscope.json");
    writeFileSync(config, JSON.stringify({ dataset: { name: "mnist-sample" }, network: { hiden: [10] } }));
    const earlier = runFolders();
    // The message must not hold the command up: nobody is there to close it.
    const result = await within(20_000, vscode.commands.executeCommand("rectiscope.train", vscode.Uri.file(config)));
    assert.equal(result, undefined);
    assert.deepEqual(runFolders(), earlier);
  });
});
