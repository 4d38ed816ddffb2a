/** Reads a run folder, whoever wrote it. Its contents are checked and bounded, and reading leaves room for other work. */
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import { setImmediate as breathe } from "node:timers/promises";
import type { z } from "zod";
import {
  type EvalLine,
  heartbeatStaleMs,
  type PretrainingLine,
  type ReviveLine,
  type RunRecord,
  runFolderVersion,
  type TrainLine,
} from "../../common/run.js";
import {
  evalLineSchema,
  pretrainingLineSchema,
  type RunHeadline,
  reviveLineSchema,
  runHeadlineSchema,
  runRecordSchema,
  trainLineSchema,
} from "./recordSchema.js";
import { runFiles } from "./runFolder.js";
import { RunFolderError } from "./runFolderError.js";

export interface RunContents {
  run: RunRecord;
  train: TrainLine[];
  evaluations: EvalLine[];
  revivals: ReviveLine[];
  /** Of all layers that were pre-trained, in the order of the file. */
  pretraining: PretrainingLine[];
  /** Complete lines of metrics.jsonl that are not what this version reads. */
  skippedLines: number;
}

/** What a run folder may hold at most; Rectiscope's own runs stay far below. */
export const readLimits = {
  recordBytes: 4 * 2 ** 20,
  metricsBytes: 512 * 2 ** 20,
  lineBytes: 2 ** 20,
  trainLines: 100_000,
  evaluations: 150_000,
};

const chunkBytes = 1 << 16;
/** Other work gets a turn after this long. */
const turnMs = 8;

/**
 * run.json; a run that says 'running' without a heartbeat since heartbeatStaleMs is 'interrupted'.
 * @param now milliseconds since 1970
 * @throws RunFolderError notARun (no such file), unreadable, damaged, newerVersion, tooLarge
 */
export function readRunRecord(folder: string, now = Date.now()): Promise<RunRecord> {
  return readAs(runRecordSchema, folder, now);
}

/** The part of run.json that lists show. @throws RunFolderError as readRunRecord does */
export function readRunHeadline(folder: string, now = Date.now()): Promise<RunHeadline> {
  return readAs(runHeadlineSchema, folder, now);
}

async function readAs<T extends RunHeadline>(schema: z.ZodType<T>, folder: string, now: number): Promise<T> {
  const file = path.join(folder, runFiles.record);
  const text = await readText(file, folder);
  const parsed = schema.safeParse(parseJson(text, file));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw damaged(
      `${file} is not a run's record: ${issue?.path.join(".") || "the file"}: ${issue?.message}. It may be damaged, or written by another program that does not follow docs/run-folder.md.`,
      file,
    );
  }
  const run = parsed.data;
  return run.state === "running" && isStale(run.heartbeat, now) ? { ...run, state: "interrupted" } : run;
}

/**
 * The record and all lines of metrics.jsonl. A last line without its end is still being written and left out; a run without
 * metrics.jsonl has none yet.
 * @throws RunFolderError as readRunRecord does
 */
export async function readRun(folder: string): Promise<RunContents> {
  const run = await readRunRecord(folder);
  const contents: RunContents = { run, train: [], evaluations: [], revivals: [], pretraining: [], skippedLines: 0 };
  await readMetrics(folder, (line, file) => addLine(contents, line, file));
  return contents;
}

/** The evaluations alone. Training lines, most of the file, are not parsed. @throws RunFolderError as readRun does */
export async function readEvaluations(folder: string): Promise<EvalLine[]> {
  const contents = { train: [], evaluations: [], revivals: [], pretraining: [], skippedLines: 0 };
  await readMetrics(folder, (line, file) => {
    if (line.includes('"eval"')) addLine(contents, line, file);
  });
  return contents.evaluations;
}

/** The complete lines of metrics.jsonl, one after the other; none where there is no such file yet. */
async function readMetrics(folder: string, take: (line: string, file: string) => void): Promise<void> {
  const file = path.join(folder, runFiles.metrics);
  const handle = await openFile(file, folder).catch((error) => {
    if (error instanceof RunFolderError && error.code === "notARun") return null;
    throw error;
  });
  if (!handle) return;
  try {
    let turn = performance.now();
    for await (const line of linesOf(handle, file)) {
      take(line, file);
      if (performance.now() - turn < turnMs) continue;
      await breathe();
      turn = performance.now();
    }
  } finally {
    await handle.close();
  }
}

function addLine(contents: Omit<RunContents, "run">, text: string, file: string): void {
  const keep = <T>(lines: T[], parsed: z.ZodSafeParseResult<T>) => {
    if (parsed.success) lines.push(parsed.data);
    else contents.skippedLines++;
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    contents.skippedLines++;
    return;
  }
  const { kind } = (value ?? {}) as { kind?: unknown };
  if (kind === "train") keep(contents.train, trainLineSchema.safeParse(value));
  else if (kind === "pretrain" || kind === "reconstruction")
    keep(contents.pretraining, pretrainingLineSchema.safeParse(value));
  else if (kind === "revive") keep(contents.revivals, reviveLineSchema.safeParse(value));
  else keep(contents.evaluations, evalLineSchema.safeParse(value));
  const { train, evaluations, revivals, pretraining, skippedLines } = contents;
  const { trainLines, evaluations: mostEvaluations } = readLimits;
  if (train.length + pretraining.length > trainLines + mostEvaluations)
    throw tooLarge(file, `more than ${trainLines + mostEvaluations} lines`);
  if (train.length > trainLines || evaluations.length + revivals.length > mostEvaluations || skippedLines > trainLines)
    throw tooLarge(file, `more than ${trainLines} training lines or ${mostEvaluations} evaluations`);
}

/** Complete lines without their ends, read in chunks; empty lines are left out. */
async function* linesOf(handle: FileHandle, file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(chunkBytes);
  const newline = 0x0a;
  let parts: Uint8Array[] = [];
  let held = 0;
  let position = 0;
  for (;;) {
    const { bytesRead } = await handle.read(chunk, 0, chunkBytes, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    if (position > readLimits.metricsBytes) throw tooLarge(file, `more than ${readLimits.metricsBytes} bytes`);
    let start = 0;
    for (;;) {
      const end = chunk.subarray(0, bytesRead).indexOf(newline, start);
      if (end < 0) break;
      parts.push(chunk.subarray(start, end));
      const line = decoder.decode(parts.length === 1 ? parts[0] : Buffer.concat(parts)).trim();
      parts = [];
      held = 0;
      start = end + 1;
      if (line !== "") yield line;
    }
    if (start < bytesRead) parts.push(chunk.slice(start, bytesRead));
    held += bytesRead - start;
    if (held > readLimits.lineBytes) throw tooLarge(file, `a line of more than ${readLimits.lineBytes} bytes`);
  }
}

/** With as few calls as can be: a thousand runs are listed by a thousand of these. */
async function readText(file: string, folder: string): Promise<string> {
  const { handle, size } = await openSized(file, folder);
  try {
    if (size > readLimits.recordBytes)
      throw tooLarge(file, `${size} bytes, at most ${readLimits.recordBytes} are read`);
    const bytes = Buffer.allocUnsafe(size);
    const { bytesRead } = await handle.read(bytes, 0, size, 0);
    return bytes.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function openFile(file: string, folder: string): Promise<FileHandle> {
  return (await openSized(file, folder)).handle;
}

async function openSized(file: string, folder: string): Promise<{ handle: FileHandle; size: number }> {
  let handle: FileHandle | undefined;
  try {
    // Without waiting: a named pipe in the file's place must not hold the reader up.
    handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const found = await handle.stat();
    if (found.isFile()) return { handle, size: found.size };
  } catch (error) {
    await handle?.close();
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTDIR")
      throw new RunFolderError(`${file} cannot be read: ${message}. Check its permissions.`, {
        code: "unreadable",
        file,
      });
    handle = undefined;
  }
  await handle?.close();
  throw new RunFolderError(
    `${folder} is not a run folder: it has no file ${path.basename(file)}. Runs are the folders in .rectiscope/runs beside their config.`,
    { code: "notARun", file },
  );
}

function parseJson(text: string, file: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damaged(`${file} is not JSON (${(error as Error).message}). It is damaged.`, file);
  }
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === "number" && version > runFolderVersion)
    throw new RunFolderError(
      `${file} has version ${version}; this Rectiscope reads version ${runFolderVersion}. Install a newer Rectiscope.`,
      { code: "newerVersion", file },
    );
  return value;
}

/** A heartbeat that is no time counts as stale; one ahead of our clock does not. */
function isStale(heartbeat: string, now: number): boolean {
  return !(now - Date.parse(heartbeat) <= heartbeatStaleMs);
}

function tooLarge(file: string, what: string): RunFolderError {
  return new RunFolderError(`${file} is too large for a run: ${what}.`, { code: "tooLarge", file });
}

function damaged(message: string, file: string): RunFolderError {
  return new RunFolderError(message, { code: "damaged", file });
}
