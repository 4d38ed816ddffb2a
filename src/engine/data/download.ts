/**
 * Downloads a data set. Beside the folder where it is to be, `<folder>.download` takes the files as they come; only when all
 * are there, each with the right SHA-256, is it renamed to `<folder>`. So nobody ever finds half a data set, and a download
 * that was cancelled or cut goes on the next time.
 */
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { DownloadError, isOfAddress, writeError } from "./downloadError.js";
import { takeDownloadLock } from "./downloadLock.js";
import { discardPart, fetchPart, partAddress } from "./downloadPart.js";
import type { Fetch } from "./downloadRequest.js";
import { fingerprint, unpackPart } from "./downloadUnpack.js";
import { type Archive, type DownloadSource, downloadBytes, fetchedFiles, type SourceFile } from "./sources.js";

export interface DownloadProgress {
  /** The one in progress, as the server calls it. */
  file: string;
  /** Bytes of all files so far, and of all files. */
  received: number;
  total: number;
}

export interface DownloadOptions {
  /** Ends the download; what has come so far is kept for the next time. */
  signal?: AbortSignal;
  progress?(progress: DownloadProgress): void;
  /** Deletes what else lies in the folder, once the data set is complete. Only for folders that are Rectiscope's own. */
  replace?: boolean;
  fetch?: Fetch;
  /** How long a server may send nothing. */
  silenceMs?: number;
  /** Before the first of several tries after a connection was cut; doubles. */
  retryMs?: number;
}

type Settings = Required<Pick<DownloadOptions, "fetch" | "silenceMs" | "retryMs" | "signal">>;

/** Tries in a row that bring no further byte. */
const mostRetries = 3;

/** Another compressor may need more bytes than the one whose size is known. */
const compressedSlack = 1.25;

/**
 * Leaves the whole data set in the folder; at once, without the network, where it is already.
 * @param folder of the files, absent or empty
 * @throws DownloadError
 */
export async function downloadDataset(
  source: DownloadSource,
  folder: string,
  options: DownloadOptions = {},
): Promise<void> {
  const settings: Settings = {
    fetch: options.fetch ?? fetch,
    silenceMs: options.silenceMs ?? 30_000,
    retryMs: options.retryMs ?? 1_000,
    signal: options.signal ?? new AbortController().signal,
  };
  const work = `${folder}.download`;
  await mkdir(path.dirname(folder), { recursive: true }).catch((error) => {
    throw writeError(error, path.dirname(folder));
  });
  const lock = takeDownloadLock(`${work}.lock`);
  try {
    const state = await stateOf(source, folder);
    if (state.kind === "whole") return;
    if (state.kind === "other" && !options.replace) throw taken(source, folder, state.what);
    await mkdir(work, { recursive: true });
    const total = downloadBytes(source);
    let done = 0;
    for (const file of fetchedFiles(source)) {
      const report = (received: number) =>
        options.progress?.({
          file: remoteName(file),
          received: done + Math.min(received, file.compressedBytes),
          total,
        });
      report(0);
      await downloadFile(source, file, work, settings, report);
      done += file.compressedBytes;
      report(0);
    }
    if (source.archive) await takeMembers(source.archive, work);
    await writeFile(path.join(work, "SOURCE.txt"), sourceText(source));
    if (state.kind === "other") await rm(folder, { recursive: true });
    await rmdir(folder).catch(() => undefined); // an empty one would be in the way on some systems
    await rename(work, folder);
  } catch (error) {
    throw writeError(error, folder);
  } finally {
    await rmdir(work).catch(() => undefined); // of a download that brought nothing
    lock.release();
  }
}

/** Leaves the members that are wanted in the archive's place. It has been verified, so that they are what they should be. */
async function takeMembers({ name, members }: Archive, work: string): Promise<void> {
  const { parseTar } = await import("nanotar");
  const file = path.join(work, name);
  const entries = parseTar(await readFile(file));
  for (const [member, inside] of Object.entries(members)) {
    const data = entries.find((entry) => entry.name === inside)?.data;
    if (!data)
      throw new DownloadError(`${name} has no ${inside}.`, { code: "wrongContents", file: path.join(work, member) });
    await writeFile(path.join(work, member), data);
  }
  await rm(file);
}

export type DatasetState = { kind: "absent" | "whole" } | { kind: "other"; what: string };

/** What lies where a data set is to be: nothing, the data set byte for byte, or something else. */
export async function stateOf({ files }: DownloadSource, folder: string): Promise<DatasetState> {
  try {
    if ((await readdir(folder)).length === 0) return { kind: "absent" };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? { kind: "absent" } : { kind: "other", what: `it cannot be read (${message})` };
  }
  for (const { name, bytes, sha256 } of files) {
    const found = await fingerprint(path.join(folder, name));
    if (!found) return { kind: "other", what: `it has no ${name}` };
    if (found.sha256 !== sha256)
      return {
        kind: "other",
        what: `its ${name} is another one: SHA-256 ${sha256} (${bytes} bytes) is expected, ${found.sha256} (${found.bytes} bytes) was found`,
      };
  }
  return { kind: "whole" };
}

/** Leaves the file in the work folder, right to the last byte; at once where an earlier time left it. */
async function downloadFile(
  source: DownloadSource,
  file: SourceFile,
  work: string,
  settings: Settings,
  report: (received: number) => void,
): Promise<void> {
  const target = path.join(work, file.name);
  const part = `${target}.gz.part`;
  if ((await fingerprint(target))?.sha256 === file.sha256) return;
  const failures: DownloadError[] = [];
  for (const address of await addressesOf(source, file, part)) {
    try {
      await fromAddress(address, file, part, target, settings, report);
      return;
    } catch (error) {
      if (!(error instanceof DownloadError) || !isOfAddress(error)) throw error;
      failures.push(error);
    }
  }
  throw allFailed(source, file, target, failures);
}

/** The one that an earlier time left a part of comes first. */
async function addressesOf({ homes }: DownloadSource, file: SourceFile, part: string): Promise<string[]> {
  const begun = await partAddress(part);
  const addresses = homes.map((home) => home + remoteName(file));
  return addresses.sort((a, b) => Number(b === begun) - Number(a === begun));
}

async function fromAddress(
  address: string,
  file: SourceFile,
  part: string,
  target: string,
  settings: Settings,
  report: (received: number) => void,
): Promise<void> {
  // A part of an earlier time may be damaged: what is wrong with it is only told when it was fetched anew.
  for (let goesOn = (await partAddress(part)) === address; ; goesOn = false) {
    try {
      await fetchWithRetries(address, file, part, settings, report);
      await unpackPart(part, target, file, address, settings.signal);
      await discardPart(part);
      return;
    } catch (error) {
      if (!(error instanceof DownloadError) || !["wrongContents", "tooLarge"].includes(error.code)) throw error;
      await discardPart(part);
      if (!goesOn) throw error;
    }
  }
}

/** Goes on after a connection was cut, as long as that brings further bytes, and a few times more. */
async function fetchWithRetries(
  address: string,
  file: SourceFile,
  part: string,
  { retryMs, ...settings }: Settings,
  report: (received: number) => void,
): Promise<void> {
  let most = 0;
  for (let retries = 0; ; ) {
    let [begun, reached] = [Number.NaN, 0];
    const received = (bytes: number) => {
      if (Number.isNaN(begun)) begun = bytes;
      reached = bytes;
      report(bytes);
    };
    const mostBytes = Math.ceil(file.compressedBytes * compressedSlack) + 1024;
    try {
      return await fetchPart(address, part, { ...settings, mostBytes, received });
    } catch (error) {
      const further = reached > Math.max(most, begun);
      most = Math.max(most, reached);
      const { code } = error as DownloadError;
      retries = further ? 1 : retries + 1;
      const again = code === "connectionCut" ? retries <= mostRetries : code === "serverSilent" && further;
      if (!again) throw error;
      await pause(retryMs * 2 ** (retries - 1), settings.signal, part);
    }
  }
}

async function pause(milliseconds: number, signal: AbortSignal, file: string): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => {
    throw new DownloadError("The download was cancelled.", { code: "cancelled", file });
  });
}

function remoteName({ name, remote }: SourceFile): string {
  return remote ?? `${name}.gz`;
}

function allFailed(source: DownloadSource, file: SourceFile, target: string, failures: DownloadError[]) {
  const codes = new Set(failures.map(({ code }) => code));
  const network = ["unreachable", "connectionCut", "serverSilent"].some((code) => codes.has(code as never));
  const mend = network
    ? "Check the network connection and the proxy, and download again: what has come so far is kept."
    : `Try again later, or fetch the files yourself (see ${source.about}) and set dataset.folder to their folder.`;
  const list = failures.map(({ address, message }) => `${address}: ${message}.`).join(" ");
  return new DownloadError(`${source.title}: ${remoteName(file)} could not be downloaded. ${list} ${mend}`, {
    code: codes.size === 1 ? (failures[0] as DownloadError).code : "downloadFailed",
    file: target,
    address: failures.at(-1)?.address,
  });
}

function taken({ title }: DownloadSource, folder: string, what: string): DownloadError {
  return new DownloadError(
    `${title} cannot be stored in ${folder}: there is something else, for ${what}. Move that folder away, or choose another.`,
    { code: "folderTaken", file: folder },
  );
}

/** For whoever finds the folder later. */
function sourceText({ title, licence, about, homes }: DownloadSource): string {
  return [
    `${title}, downloaded by Rectiscope and compared with the SHA-256 that it knows of every file.`,
    `From ${homes.join(" or ")}`,
    `About ${about}`,
    `Copyright ${licence.holders}; licence ${licence.name}, ${licence.address}`,
    "",
  ].join("\n");
}
