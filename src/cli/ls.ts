/** `rectiscope ls`: the runs and sweeps of a folder and everything below it. */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { integer, percent } from "../common/format.js";
import { countTrials, type SweepRecord } from "../common/sweepRecord.js";
import { readRunHeadline } from "../engine/runs/readRun.js";
import type { RunHeadline } from "../engine/runs/recordSchema.js";
import { readSweepRecord, sweepFoldersIn } from "../engine/sweeps/sweepFolder.js";
import { exitCodes, InputError } from "./exitCodes.js";
import { fromHere } from "./longWork.js";
import { table } from "./tables.js";

/** Folders that hold no experiments, or more than anyone means. */
const skipped = new Set(["node_modules", ".git"]);
const deepest = 8;
const atOnce = 64;

/** Prints the runs and sweeps, newest first; with `json` one line of JSON. @throws InputError */
export async function lsCommand(folder: string, json: boolean): Promise<number> {
  const root = path.resolve(folder);
  const homes = await homesIn(root, deepest);
  const runFolders = (await Promise.all(homes.map((home) => sweepFoldersIn(path.join(home, "runs"))))).flat();
  const sweepFolders = (await Promise.all(homes.map((home) => sweepFoldersIn(path.join(home, "sweeps"))))).flat();
  const runs = newestFirst(await readAll(runFolders, readRunHeadline));
  const sweeps = newestFirst(await readAll(sweepFolders, readSweepRecord));
  if (json) {
    const result = {
      runs: runs.map(({ folder, record }) => runEntry(folder, record)),
      sweeps: sweeps.map(({ folder, record }) => sweepEntry(folder, record)),
    };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } else process.stdout.write(`${linesOf(runs, sweeps, root).join("\n")}\n`);
  return exitCodes.done;
}

interface Found<T> {
  folder: string;
  record: T;
}

/** The folders called `.rectiscope`. */
async function homesIn(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (depth === deepest)
      throw new InputError("unreadable", `${folder} cannot be listed: ${error.message}. Name a folder.`, {
        file: folder,
      });
    return [];
  });
  const found: string[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory() || skipped.has(entry.name)) continue;
    const inner = path.join(folder, entry.name);
    if (entry.name === ".rectiscope") found.push(inner);
    else if (depth > 0) found.push(...(await homesIn(inner, depth - 1)));
  }
  return found;
}

/** What cannot be read is left out. */
async function readAll<T>(folders: readonly string[], read: (folder: string) => Promise<T>): Promise<Found<T>[]> {
  const found: Found<T>[] = [];
  for (let i = 0; i < folders.length; i += atOnce) {
    const some = folders.slice(i, i + atOnce).map(async (folder) => ({ folder, record: await read(folder) }));
    for (const settled of await Promise.allSettled(some)) if (settled.status === "fulfilled") found.push(settled.value);
  }
  return found;
}

function newestFirst<T extends { created: string }>(found: Found<T>[]): Found<T>[] {
  return found.sort((a, b) => b.record.created.localeCompare(a.record.created));
}

function runEntry(run: string, { name, state, created, summary }: RunHeadline) {
  return {
    run,
    name,
    state,
    created,
    test: summary && { error: summary.test.error },
    valid: summary && { error: summary.valid.error },
    sparsity: summary?.sparsity ? { mean: summary.sparsity.mean } : null,
  };
}

function sweepEntry(sweep: string, record: SweepRecord) {
  const { name, state, created } = record;
  const { total, finished, failed } = countTrials(record);
  return { sweep, name, state, created, trials: { total, finished, failed } };
}

function linesOf(runs: Found<RunHeadline>[], sweeps: Found<SweepRecord>[], root: string): string[] {
  if (runs.length + sweeps.length === 0) return [`There are no runs or sweeps in ${root}.`];
  const lines: string[] = [];
  if (sweeps.length > 0) {
    const rows = sweeps.map(({ folder, record }) => {
      const { total, finished, failed } = countTrials(record);
      return [
        record.name,
        record.state,
        `${integer(finished)} of ${integer(total)}`,
        integer(failed),
        fromHere(folder),
      ];
    });
    lines.push(...table(["Sweep", "State", "Trials", "Failed", "Folder"], rows), "");
  }
  if (runs.length > 0) {
    const rows = runs.map(({ folder, record: { name, state, summary } }) => [
      name,
      state,
      summary ? percent(summary.valid.error, 2) : "–",
      summary ? percent(summary.test.error, 2) : "–",
      summary?.sparsity ? percent(summary.sparsity.mean, 1) : "–",
      fromHere(folder),
    ]);
    lines.push(...table(["Run", "State", "Validation", "Test", "Zeros", "Folder"], rows), "");
  }
  return lines.slice(0, -1);
}
