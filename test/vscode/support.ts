// What the suites inside the extension host share: the extension's own API, configs, run folders and waiting.
import * as assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import type { EvalLine, MetricsLine, RunRecord, TrainLine } from "../../src/common/run.js";
import type { RectiscopeApi } from "../../src/extension/api.js";

export async function activate(): Promise<{ extension: vscode.Extension<RectiscopeApi>; api: RectiscopeApi }> {
  const extension = vscode.extensions.getExtension<RectiscopeApi>("rectiscope.rectiscope");
  assert.ok(extension, "the extension is there");
  return { extension, api: await extension.activate() };
}

export function workspace(): string {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, "a folder is open");
  return folder.uri.fsPath;
}

/** Writes an experiment on the digits that come with Rectiscope. @returns its file's name */
export function writeExperiment(name: string, hidden: number[], epochs: number): string {
  const file = `${name}.rectiscope.json`;
  const training = { learningRate: 0.1, batchSize: 10, epochs, l1: 0.003 };
  const experiment = { dataset: { name: "mnist-sample" }, network: { hidden }, training, seed: 1 };
  writeFileSync(path.join(workspace(), file), JSON.stringify(experiment));
  return file;
}

/** Trains the config of that name in the workspace. @returns the run folder, which a queued run has not made yet */
export async function train(config: string): Promise<string> {
  const uri = vscode.Uri.file(path.join(workspace(), config));
  const folder = await vscode.commands.executeCommand<string | undefined>("rectiscope.train", uri);
  assert.ok(folder, "the command gives the run's folder");
  return folder;
}

export function runFolders(): string[] {
  const runs = path.join(workspace(), ".rectiscope", "runs");
  return existsSync(runs) ? readdirSync(runs).sort() : [];
}

export function readRun(folder: string): RunRecord {
  return JSON.parse(readFileSync(path.join(folder, "run.json"), "utf8"));
}

export function writeRun(folder: string, changes: Partial<RunRecord>): void {
  writeFileSync(path.join(folder, "run.json"), JSON.stringify({ ...readRun(folder), ...changes }));
}

export function trainLines(folder: string): TrainLine[] {
  return metrics(folder).filter((line) => line.kind === "train");
}

export function evalLines(folder: string): EvalLine[] {
  return metrics(folder).filter((line) => line.kind === "eval");
}

export function webviewTabs(): string[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter((tab) => tab.input instanceof vscode.TabInputWebview).map((tab) => tab.label);
}

/** What a run leaves that must not depend on how it came about. */
export function assertSameBytes(folder: string, other: string): void {
  for (const file of ["metrics.jsonl", "checkpoints/best.safetensors", "checkpoints/last.safetensors"]) {
    const [here, there] = [folder, other].map((run) => readFileSync(path.join(run, file)));
    assert.ok(here!.equals(there!), `${file} differs`);
  }
}

export async function until(what: string, holds: () => boolean, limitMs = 10_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`Not within ${limitMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function within<T>(limitMs: number, promise: Thenable<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`No answer within ${limitMs / 1000} s`)), limitMs);
    promise.then(resolve, reject).then(() => clearTimeout(timer));
  });
}

function metrics(folder: string): MetricsLine[] {
  const file = path.join(folder, "metrics.jsonl");
  if (!existsSync(file)) return [];
  // What follows the last line end is a line still being written.
  const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}
