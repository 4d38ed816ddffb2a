/** `rectiscope download`: a data set from its public home, after saying what that means. */
import path from "node:path";
import { createInterface } from "node:readline/promises";
import { megabytes } from "../common/format.js";
import { downloadDataset, stateOf } from "../engine/data/download.js";
import { DownloadError } from "../engine/data/downloadError.js";
import {
  type DownloadSource,
  downloadableNames,
  downloadBytes,
  downloadSources,
  hostsOf,
  isDownloadable,
  storedBytes,
} from "../engine/data/sources.js";
import { downloadDisplay } from "./downloadDisplay.js";
import { exitCodes, failureOf, InputError } from "./exitCodes.js";

export interface DownloadCommandOptions {
  name: string;
  /** The data set becomes a folder in it. */
  to: string;
  /** Whether `to` is Rectiscope's own, in which a damaged data set may be replaced. */
  own: boolean;
  /** Does not ask. */
  yes: boolean;
  json: boolean;
}

/** What a terminal is asked; null where there is none. */
export type Ask = ((question: string) => Promise<string>) | null;

/**
 * Says source, size and licence, asks, downloads and says where the data set is.
 * @throws InputError, DownloadError
 */
export async function downloadCommand(
  { name, to, own, yes, json }: DownloadCommandOptions,
  ask: Ask = terminal(),
  source: DownloadSource = knownSource(name),
): Promise<number> {
  const say = (line = "") => process.stderr.write(`${line}\n`);
  const folder = path.join(path.resolve(to), source.name);
  const told = (downloaded: boolean) => {
    const outcome = `${source.title} is in ${folder}.`;
    process.stdout.write(json ? `${JSON.stringify(resultOf(source, folder, downloaded))}\n` : `${outcome}\n`);
    return exitCodes.done;
  };
  if ((await stateOf(source, folder)).kind === "whole") return told(false);

  for (const line of offer(source, folder)) say(line);
  if (!yes && !(await agreed(ask))) {
    say("Nothing was downloaded.");
    return exitCodes.done;
  }
  const signals = watchSignals();
  const display = downloadDisplay(process.stderr);
  try {
    await downloadDataset(source, folder, {
      signal: signals.signal,
      replace: own,
      progress: (progress) => display.update(progress),
    });
    display.end();
    return told(true);
  } catch (error) {
    display.end();
    const code = signals.exitCode();
    if (!(error instanceof DownloadError) || error.code !== "cancelled" || code === null) throw error;
    say("Cancelled. What has come so far is kept: the same command goes on from there.");
    if (json) process.stdout.write(`${JSON.stringify(failureOf(error))}\n`);
    return code;
  } finally {
    signals.end();
  }
}

/** What a person has to know before the network is used. */
export function offer(source: DownloadSource, folder: string): string[] {
  const [first, ...others] = hostsOf(source);
  return [
    `${source.title} (${source.about})`,
    `  from      ${first}${others.length > 0 ? `; where that fails, ${others.join(", ")}` : ""}`,
    `  size      ${megabytes(downloadBytes(source))} to download, ${megabytes(storedBytes(source))} on disk`,
    `  licence   ${source.licence.name}, © ${source.licence.holders} (${source.licence.address})`,
    `  to        ${folder}`,
  ];
}

function knownSource(name: string): DownloadSource {
  if (isDownloadable(name)) return downloadSources[name];
  throw new InputError(
    "unknownDataset",
    `There is no data set ${JSON.stringify(name)} to download; there are ${downloadableNames.join(", ")}.`,
    { key: "NAME", value: name },
  );
}

function terminal(): Ask {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null;
  return async (question) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await Promise.race([
        lines.question(question),
        new Promise<string>((resolve) => lines.once("close", () => resolve(""))), // Ctrl+C, Ctrl+D
      ]);
    } finally {
      lines.close();
    }
  };
}

/** @throws InputError when there is nobody to ask */
async function agreed(ask: Ask): Promise<boolean> {
  if (!ask)
    throw new InputError("notConfirmed", "Nothing was downloaded, for there is no terminal to ask on. Add --yes.", {
      key: "--yes",
    });
  return /^\s*y(es)?\s*$/i.test(await ask("Download? [y/N] "));
}

/** The first SIGINT or SIGTERM cancels the download; the second ends the process at once. */
function watchSignals() {
  const codes = { SIGINT: exitCodes.interrupted, SIGTERM: exitCodes.terminated } as const;
  const controller = new AbortController();
  let code: number | null = null;
  const listener = (signal: NodeJS.Signals) => {
    if (code !== null) process.exit(codes[signal as keyof typeof codes]);
    code = codes[signal as keyof typeof codes];
    controller.abort();
  };
  process.on("SIGINT", listener).on("SIGTERM", listener);
  return {
    signal: controller.signal,
    exitCode: () => code,
    end: () => process.off("SIGINT", listener).off("SIGTERM", listener),
  };
}

/** The line that `--json` prints. */
function resultOf({ name, licence, files }: DownloadSource, folder: string, downloaded: boolean) {
  return {
    name,
    folder,
    downloaded,
    licence: licence.name,
    files: files.map((file) => ({ file: path.join(folder, file.name), bytes: file.bytes, sha256: file.sha256 })),
  };
}
