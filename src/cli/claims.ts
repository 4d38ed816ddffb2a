/** `rectiscope claims`: what a run shows of the paper's claims, computed from its folder and its data. */
import path from "node:path";
import type { Claim, ClaimsProgress, ClaimsRecord } from "../common/claims.js";
import { claimTitle, claimWords, verdictWord } from "../common/claimWords.js";
import { duration, percent } from "../common/format.js";
import { claimsFileOf } from "../engine/claims/claimsFile.js";
import { claimsOf } from "../engine/claims/claimsOf.js";
import { readRunRecord } from "../engine/runs/readRun.js";
import { exitCodes, failureOf } from "./exitCodes.js";
import { fromHere, watchSignals } from "./longWork.js";
import { epochName } from "./tables.js";
import { terminalBar } from "./terminalBar.js";

export interface ClaimsOptions {
  folder: string;
  dataFolders: string[];
  json: boolean;
  /** Computes anew what was checked before. */
  again: boolean;
  /** Folder with kernels.wasm and the packed sample. */
  assets: string;
  version: string;
}

/**
 * Prints each claim with what the run shows; with `json` one line with the record that claims.json has.
 * @returns 0 whether the claims hold or not; the code of a signal where it was cancelled
 * @throws RunFolderError, DataError
 */
export async function claimsCommand({ folder, json, again, ...options }: ClaimsOptions): Promise<number> {
  const runFolder = path.resolve(folder);
  const run = await readRunRecord(runFolder);
  const controller = new AbortController();
  const cancelled = Object.assign(new Error("The check was cancelled; nothing was written."), { code: "cancelled" });
  const signals = watchSignals(
    () => controller.abort(cancelled),
    () => process.stderr.write("\nCancelling; nothing is written.\n"),
  );
  const display = claimsDisplay(process.stderr);
  try {
    const dataFolders = options.dataFolders.map((one) => path.resolve(one));
    const input = { ...options, folder: runFolder, dataFolders, again };
    const record = await claimsOf(input, { progress: display.update, signal: controller.signal });
    display.end();
    const activation = run.layers[0]?.activation ?? "";
    process.stdout.write(
      json ? `${JSON.stringify(record)}\n` : `${claimLines(record, activation, run.name).join("\n")}\n`,
    );
    process.stderr.write(`Kept in ${fromHere(claimsFileOf(runFolder))}\n`);
    return exitCodes.done;
  } catch (error) {
    display.end();
    if (error !== cancelled) throw error;
    if (json) process.stdout.write(`${JSON.stringify(failureOf(error))}\n`);
    return signals.exitCode() ?? exitCodes.interrupted;
  } finally {
    signals.end();
  }
}

const marks = { holds: "✓", fails: "✗", notApplicable: "–" } as const;

/** Everything that is said about a run's claims, as lines. */
export function claimLines(record: ClaimsRecord, activation: string, name: string): string[] {
  const { claims, checkpoint, seconds } = record;
  const lines = [`Claims of the paper on ${name}, best checkpoint, ${epochName(checkpoint.epoch)}`];
  for (const claim of claims) lines.push("", ...linesOf(claim, activation));
  lines.push("", `Checked in ${duration(seconds)} by ${record.source}.`);
  return lines;
}

function linesOf(claim: Claim, activation: string): string[] {
  const { title, paper, run, criterion } = claimWords(claim, activation);
  const said = [`    Paper: ${paper}`, `    Run:   ${run}`];
  if (criterion) said.push(`    ${criterion}`);
  return [`${marks[claim.verdict]} ${title}: ${verdictWord(claim.verdict).toLowerCase()}`, ...said];
}

/** A bar on a terminal; anywhere else a line for each claim as it begins. */
function claimsDisplay(stream: NodeJS.WriteStream): { update(progress: ClaimsProgress): void; end(): void } {
  const nameOf = ({ claim }: ClaimsProgress) => (claim === null ? "Reading the data" : claimTitle(claim));
  if (!stream.isTTY) {
    let told = "";
    const update = (progress: ClaimsProgress) => {
      const name = nameOf(progress);
      if (name !== told) stream.write(`${percent(progress.share, 0)} · ${name}\n`);
      told = name;
    };
    return { update, end: () => {} };
  }
  const bar = terminalBar(stream, "{done} · {name}");
  let started = false;
  return {
    update(progress) {
      const shown = { done: percent(progress.share, 0).padStart(5), name: nameOf(progress) };
      if (started) bar.update(progress.share, shown);
      else bar.start(1, progress.share, shown);
      started = true;
    },
    end() {
      if (started) bar.stop();
      started = false;
    },
  };
}
