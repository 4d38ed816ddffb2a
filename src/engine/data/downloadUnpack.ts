/** From the compressed part to the file itself: unpacked no further than it may be, compared with its SHA-256, then renamed. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { DownloadError, writeError } from "./downloadError.js";
import type { SourceFile } from "./sources.js";

const pieceBytes = 1 << 18;

/**
 * @param target appears only when every byte is right
 * @throws DownloadError wrongContents, tooLarge; diskFull, notWritable
 */
export async function unpackPart(
  part: string,
  target: string,
  expected: SourceFile,
  address: string,
  signal: AbortSignal,
): Promise<void> {
  const temporary = `${target}.unpacking`;
  try {
    const found = await unpack(part, temporary, expected, address, signal);
    if (found.bytes !== expected.bytes || found.sha256 !== expected.sha256)
      throw new DownloadError(
        `its ${expected.name} is not the one of the data set: SHA-256 ${expected.sha256} (${expected.bytes} bytes) is expected, ${found.sha256} (${found.bytes} bytes) was found; it was deleted`,
        { code: "wrongContents", file: target, address },
      );
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined); // the error that led here is the one to tell
    throw writeError(error, target);
  }
}

interface Found {
  bytes: number;
  sha256: string;
}

async function unpack(
  part: string,
  temporary: string,
  expected: SourceFile,
  address: string,
  signal: AbortSignal,
): Promise<Found> {
  const handle = await open(temporary, "w");
  // no await from here to the loop, which is the first to listen for errors
  const source = createReadStream(part);
  const gunzip = createGunzip({ chunkSize: pieceBytes });
  source.on("error", (error) => gunzip.destroy(error)).pipe(gunzip);
  try {
    const sha256 = createHash("sha256");
    let bytes = 0;
    for await (const piece of gunzip as AsyncIterable<Uint8Array>) {
      if (signal.aborted) throw new DownloadError("The download was cancelled.", { code: "cancelled", file: part });
      bytes += piece.length;
      if (bytes > expected.bytes)
        throw new DownloadError(
          `its ${expected.name} unpacks to more than the ${expected.bytes} bytes that it has; it was deleted`,
          { code: "tooLarge", file: part, address },
        );
      sha256.update(piece);
      await handle.writeFile(piece);
    }
    await handle.sync();
    return { bytes, sha256: sha256.digest("hex") };
  } catch (error) {
    if (!(error as NodeJS.ErrnoException).code?.startsWith("Z_")) throw error;
    throw new DownloadError(
      `its ${expected.name}.gz cannot be decompressed: damaged, cut short or no gzip (${(error as Error).message}); it was deleted`,
      { code: "wrongContents", file: part, address },
    );
  } finally {
    source.destroy();
    gunzip.destroy();
    await handle.close().catch(() => undefined);
  }
}

/** What a file on disk is; null when there is none. */
export async function fingerprint(file: string): Promise<Found | null> {
  const sha256 = createHash("sha256");
  let bytes = 0;
  try {
    for await (const piece of createReadStream(file, { highWaterMark: pieceBytes }) as AsyncIterable<Uint8Array>) {
      sha256.update(piece);
      bytes += piece.length;
    }
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return null;
    throw error;
  }
  return { bytes, sha256: sha256.digest("hex") };
}
