// Runs that are paused, resumed, queued, interrupted and refused, inside a real extension host.
import * as assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, before, describe, it } from "mocha";
import * as vscode from "vscode";
import type { RectiscopeApi } from "../../src/extension/api.js";
import {
  activate,
  assertSameBytes,
  readRun,
  runFolders,
  train,
  trainLines,
  until,
  webviewTabs,
  within,
  workspace,
  writeExperiment,
  writeRun,
} from "./support.js";

let extension: vscode.Extension<RectiscopeApi>;
let api: RectiscopeApi;

before(async () => {
  ({ extension, api } = await activate());
});

afterEach(async () => {
  await setConcurrentRuns(undefined);
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
});

const command = <T = string | undefined>(name: string, ...args: unknown[]) =>
  within(20_000, vscode.commands.executeCommand<T>(`rectiscope.${name}`, ...args));
const stateHere = (folder: string) => api.runs().find((run) => run.folder === folder)?.state;

describe("pausing", () => {
  it("and resuming, twice, leaves the bytes of a run that was never paused", async () => {
    const config = writeExperiment("paused", [300, 300], 4);
    const folder = await train(config);
    for (const lines of [20, 800]) {
      await until(`${lines} lines`, () => trainLines(folder).length > lines, 30_000);
      await command("pause", folder);
      assert.equal(await api.whenEnded(folder), "paused");
      const { state, summary, progress } = readRun(folder);
      assert.deepEqual([state, summary], ["paused", null]);
      assert.ok(progress.step < progress.totalSteps);
      assert.equal(await command("resume", folder), folder);
      assert.equal(stateHere(folder), "running");
    }
    assert.deepEqual(webviewTabs(), ["paused"]);
    assert.equal(await api.whenEnded(folder), "finished");

    const out = path.join(workspace(), "never-paused");
    const cli = path.join(extension.extensionPath, "dist", "cli.js");
    const done = spawnSync("node", [cli, "train", path.join(workspace(), config), "--out", out], { encoding: "utf8" });
    assert.equal(done.status, 0, done.stderr);
    assertSameBytes(folder, out);
    assert.equal(await command("resume", folder), undefined, "a finished run does not go on");
    assert.equal(readRun(folder).state, "finished");
  });
});

describe("an interrupted run", () => {
  let folder: string;

  before(async () => {
    folder = await train(writeExperiment("interrupted", [100], 2));
    await until("a line", () => trainLines(folder).length > 0, 20_000);
    await command("pause", folder);
    await api.whenEnded(folder);
  });

  it("is not resumed while another process writes it", async () => {
    const lock = path.join(folder, "lock");
    const owner = JSON.stringify({ pid: process.ppid, host: os.hostname() });
    writeFileSync(lock, owner);
    const before = readFileSync(path.join(folder, "run.json"));
    assert.equal(await command("resume", folder), undefined);
    assert.equal(readFileSync(lock, "utf8"), owner);
    assert.ok(readFileSync(path.join(folder, "run.json")).equals(before));
    rmSync(lock);
  });

  it("goes on to its end, whatever it said last", async () => {
    const { pid } = spawnSync("node", ["-e", ""]);
    writeFileSync(path.join(folder, "lock"), JSON.stringify({ pid, host: os.hostname() }));
    writeRun(folder, { state: "running", heartbeat: new Date().toISOString(), ended: null });
    assert.equal(await command("resume", folder), folder);
    assert.equal(await api.whenEnded(folder), "finished");
    assert.equal(readRun(folder).state, "finished");
    assert.equal(existsSync(path.join(folder, "lock")), false);
  });
});

describe("a run of another process", () => {
  it("cannot be stopped, paused or resumed from here, and goes on", async () => {
    const config = path.join(workspace(), writeExperiment("elsewhere", [200], 100));
    const folder = path.join(workspace(), ".rectiscope", "runs", "2026-01-01T00-00-00-elsewhere-0000");
    const cli = path.join(extension.extensionPath, "dist", "cli.js");
    const other = spawn("node", [cli, "train", config, "--out", folder], { stdio: "ignore" });
    const ended = new Promise((resolve) => other.once("exit", resolve));
    try {
      await until("a line", () => trainLines(folder).length > 0, 30_000);
      for (const wish of ["stop", "pause", "resume"]) assert.equal(await command(wish, folder), undefined, wish);
      const lines = trainLines(folder).length;
      await until("more lines", () => trainLines(folder).length > lines, 20_000);
      assert.equal(readRun(folder).state, "running");
    } finally {
      other.kill("SIGINT");
      await ended;
    }
    assert.equal(stateHere(folder), undefined);
  });
});

describe("the queue", () => {
  it("starts runs one after the other, in their order", async () => {
    await setConcurrentRuns(1);
    const config = writeExperiment("queued", [60], 1);
    const folders = [await train(config), await train(config), await train(config)];
    assert.deepEqual(folders.map(stateHere), ["running", "queued", "queued"]);
    assert.equal(existsSync(folders[1]!), false, "a run that waits has no folder");
    await until("tabs of those that wait", () => webviewTabs().filter((tab) => tab === "queued (queued)").length === 2);
    for (const folder of folders) assert.equal(await api.whenEnded(folder), "finished");
    const ends = folders.map((folder) => readRun(folder).ended!);
    assert.deepEqual([...ends].sort(), ends);
    const starts = folders.map((folder) => readRun(folder).created);
    assert.ok(starts[1]! >= ends[0]! && starts[2]! >= ends[1]!, "never two at once");
    assert.deepEqual(webviewTabs(), ["queued", "queued", "queued"]);
  });

  it("lets go of a run that is stopped while it waits", async () => {
    await setConcurrentRuns(1);
    const first = await train(writeExperiment("first", [200], 100));
    const second = await train(writeExperiment("second", [60], 1));
    assert.equal(stateHere(second), "queued");
    const ended = api.whenEnded(second);
    await command("stop", second);
    assert.equal(await ended, "cancelled");
    assert.equal(existsSync(second), false);
    await until("its tab closed", () => !webviewTabs().some((tab) => tab.startsWith("second")));
    await command("stop", first);
    assert.equal(await api.whenEnded(first), "stopped");
    assert.ok(!runFolders().some((name) => name.includes("second")));
  });

  it("has two at once when there is room for two, each with its own figures", async () => {
    await setConcurrentRuns(2);
    const configs = [writeExperiment("left", [60], 6), writeExperiment("right", [90], 6)];
    const folders = await Promise.all(configs.map(train));
    assert.deepEqual(folders.map(stateHere), ["running", "running"]);
    for (const folder of folders) assert.equal(await api.whenEnded(folder), "finished");
    assert.deepEqual(
      folders.map((folder) => readRun(folder).layers[0]?.units),
      [60, 90],
    );
    assert.deepEqual(webviewTabs().sort(), ["left", "right"]);
  });
});

describe("diagnostics", () => {
  it("name versions, settings and runs, and not the home folder", async () => {
    const text = await command<string>("copyDiagnostics");
    assert.equal(await vscode.env.clipboard.readText(), text);
    assert.match(text, /Rectiscope \d+\.\d+\.\d+, VS Code /);
    assert.match(text, /concurrentRuns: \d+/);
    assert.match(text, /-left-\w+ \(rectiscope .*\): finished, step \d+ of \d+/);
    assert.ok(!text.includes(os.homedir()), "the home folder is ~");
  });
});

async function setConcurrentRuns(runs: number | undefined): Promise<void> {
  const settings = vscode.workspace.getConfiguration("rectiscope");
  await settings.update("concurrentRuns", runs, vscode.ConfigurationTarget.Workspace);
}
