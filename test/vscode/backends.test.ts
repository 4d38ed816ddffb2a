// Backends inside a real extension host: one that comes with the package, one that is not installed, and what is said about it.
import * as assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, before, describe, it } from "mocha";
import * as vscode from "vscode";
import type { TensorflowFound } from "../../src/common/tensorflow.js";
import type { RectiscopeApi } from "../../src/extension/api.js";
import { activate, evalLines, readRun, runFolders, train, within, workspace, writeExperiment } from "./support.js";

let api: RectiscopeApi;

before(async () => {
  ({ api } = await activate());
});

const setFolder = (folder: string | undefined) =>
  vscode.workspace
    .getConfiguration("rectiscope")
    .update("tensorflow.folder", folder, vscode.ConfigurationTarget.Global);

afterEach(async () => {
  await setFolder(undefined);
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
});

/** @returns the config's file name */
function writeWithBackend(backend: string): string {
  const file = writeExperiment(`on-${backend}`, [20], 1);
  const config = path.join(workspace(), file);
  writeFileSync(config, JSON.stringify({ ...JSON.parse(readFileSync(config, "utf8")), backend }));
  return file;
}

describe("backends", () => {
  it("tfjs-wasm trains, and its figures are in the run folder", async () => {
    const folder = await train(writeWithBackend("tfjs-wasm"));
    assert.equal(await api.whenEnded(folder), "finished");
    const { versions, config } = readRun(folder);
    assert.match(versions.backend ?? "", /^tfjs-wasm \d/);
    assert.equal(config?.backend, "tfjs-wasm");
    const [first, last] = [evalLines(folder)[0], evalLines(folder).at(-1)];
    assert.ok(first && last && last.error < first.error / 2);
  });

  it("tensorflow where it is not installed starts nothing", async () => {
    const nowhere = path.join(workspace(), "no-tensorflow");
    await setFolder(nowhere);
    const earlier = runFolders();
    const config = vscode.Uri.file(path.join(workspace(), writeWithBackend("tensorflow")));
    const started = await within(20_000, vscode.commands.executeCommand("rectiscope.train", config));
    assert.equal(started, undefined);
    assert.deepEqual(runFolders(), earlier);
  });

  it("Check TensorFlow says where it looked, and what would install it there", async () => {
    const nowhere = path.join(workspace(), "no-tensorflow");
    await setFolder(nowhere);
    const check = vscode.commands.executeCommand<TensorflowFound>("rectiscope.checkTensorflow");
    const found = await within(20_000, check);
    assert.equal(found.state, "notInstalled");
    assert.equal(found.folder, nowhere);
    assert.match(found.command ?? "", /^npm install --prefix .*no-tensorflow'? @tensorflow\/tfjs-node@/);
  });
});
