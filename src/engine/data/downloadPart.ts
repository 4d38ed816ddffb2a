/** The compressed file while it comes: `<name>.gz.part`, and beside it where it comes from, so that it can go on later. */
import { type FileHandle, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { DownloadError, writeError } from "./downloadError.js";
import { type Answer, type RequestOptions, requestFile } from "./downloadRequest.js";

export interface PartRequest extends Omit<RequestOptions, "headers" | "file"> {
  /** No file of the data set is larger, compressed. */
  mostBytes: number;
  /** @param bytes in the file so far */
  received(bytes: number): void;
}

interface Origin {
  address: string;
  /** What changes when the file does: a strong ETag, or the time of the last change. */
  validator: string | null;
}

/** Where the bytes of a part came from; null when there is no part that could go on. */
export async function partAddress(part: string): Promise<string | null> {
  return (await readOrigin(part))?.address ?? null;
}

/**
 * Fetches a file, going on where an earlier time from the same address ended.
 * @throws DownloadError as requestFile does; tooLarge, after which there is no part any more; diskFull, notWritable. After
 *   connectionCut, serverSilent and cancelled the part stays.
 */
export async function fetchPart(address: string, part: string, request: PartRequest): Promise<void> {
  const origin = await readOrigin(part);
  const start = origin?.address === address ? await sizeOf(part) : 0;
  if (start > 0 && (await goOn(address, part, start, origin?.validator ?? null, request))) return;
  const answer = await requestFile(address, { ...request, headers: {}, file: part });
  if (answer.status !== 200) {
    answer.close();
    throw new DownloadError(`answers ${answer.status} to a request for the whole file`, {
      code: "serverRefused",
      file: part,
      address,
    });
  }
  await startAnew(address, part, answer, request);
}

export async function discardPart(part: string): Promise<void> {
  for (const file of [part, originFile(part)])
    await rm(file, { force: true }).catch((error) => {
      throw writeError(error, file);
    });
}

/** @returns false when the server cannot or does not want to go on from there, and sent nothing instead */
async function goOn(
  address: string,
  part: string,
  start: number,
  validator: string | null,
  request: PartRequest,
): Promise<boolean> {
  const headers = { range: `bytes=${start}-`, ...(validator === null ? {} : { "if-range": validator }) };
  const answer = await requestFile(address, { ...request, headers, file: part });
  if (answer.status === 200) {
    await startAnew(address, part, answer, request); // it ignores ranges, or the file has changed
    return true;
  }
  const range = answer.headers.get("content-range") ?? "";
  if (answer.status === 416) {
    answer.close();
    return range === `bytes */${start}`; // there is no more
  }
  const [, first, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(range) ?? [];
  if (Number(first) !== start) {
    answer.close();
    return false;
  }
  await store(answer, part, start, total === undefined || total === "*" ? null : Number(total), address, request);
  return true;
}

async function startAnew(address: string, part: string, answer: Answer, request: PartRequest): Promise<void> {
  const etag = answer.headers.get("etag");
  const validator = etag && !etag.startsWith("W/") ? etag : answer.headers.get("last-modified");
  const length = answer.headers.get("content-length");
  try {
    await discardPart(part); // the old bytes first: they must not be taken for the new address's
    await writeFile(originFile(part), JSON.stringify({ address, validator } satisfies Origin));
  } catch (error) {
    answer.close();
    throw writeError(error, part);
  }
  await store(answer, part, 0, length === null ? null : Number(length), address, request);
}

async function store(
  answer: Answer,
  part: string,
  start: number,
  total: number | null,
  address: string,
  { mostBytes, received }: PartRequest,
): Promise<void> {
  const checkSize = async (bytes: number, verb: string) => {
    if (bytes <= mostBytes) return;
    await discardPart(part);
    throw new DownloadError(`${verb} ${bytes} bytes, where at most ${mostBytes} belong to the file`, {
      code: "tooLarge",
      file: part,
      address,
    });
  };
  let handle: FileHandle | undefined;
  let size = start;
  try {
    await checkSize(total ?? 0, "announces");
    handle = await open(part, start === 0 ? "w" : "a");
    received(size);
    for await (const piece of answer.pieces) {
      await checkSize(size + piece.length, "sends");
      await handle.writeFile(piece); // where the last one ended
      size += piece.length;
      received(size);
    }
    if (total !== null && size < total)
      throw new DownloadError(`the connection was cut after ${size} of ${total} bytes`, {
        code: "connectionCut",
        file: part,
        address,
      });
  } catch (error) {
    throw writeError(error, part);
  } finally {
    answer.close();
    await handle?.close().catch(() => undefined); // what was written is checked before it counts
  }
}

function originFile(part: string): string {
  return `${part}.json`;
}

async function readOrigin(part: string): Promise<Origin | null> {
  try {
    const { address, validator }: Partial<Origin> = JSON.parse(await readFile(originFile(part), "utf8"));
    return typeof address === "string"
      ? { address, validator: typeof validator === "string" ? validator : null }
      : null;
  } catch {
    return null; // then it is fetched anew
  }
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}
