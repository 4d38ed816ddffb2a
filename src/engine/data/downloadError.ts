/** Why a download did not come to its end, in words for the person who asked for it. */

export type DownloadFailure =
  /** The person ended it. */
  | "cancelled"
  /** The same data set is being downloaded to the same place by someone else. */
  | "downloadRunning"
  /** Something else lies where the data set is to go. */
  | "folderTaken"
  | "diskFull"
  | "notWritable"
  /** No connection: no such host, nobody listening, no proxy, a certificate that is not trusted. */
  | "unreachable"
  /** The connection was there and broke. */
  | "connectionCut"
  /** The connection was there, and nothing came for too long. */
  | "serverSilent"
  /** The server answered, but not with the file. */
  | "serverRefused"
  | "badRedirect"
  /** More bytes than the data set has, compressed or not. */
  | "tooLarge"
  /** What came is not the file: damaged, or another one. */
  | "wrongContents"
  /** Every address failed, and not all for the same reason. */
  | "downloadFailed";

export interface DownloadErrorDetails {
  code: DownloadFailure;
  /** The file or folder concerned, on this machine. */
  file: string;
  /** The address concerned. */
  address?: string;
}

export class DownloadError extends Error {
  override readonly name = "DownloadError";
  readonly code: DownloadFailure;
  readonly file: string;
  readonly address: string | undefined;

  constructor(message: string, details: DownloadErrorDetails) {
    super(message);
    this.code = details.code;
    this.file = details.file;
    this.address = details.address;
  }
}

const ofAddress: readonly DownloadFailure[] = [
  "unreachable",
  "connectionCut",
  "serverSilent",
  "serverRefused",
  "badRedirect",
  "tooLarge",
  "wrongContents",
];

/** Failures that another address may not have; all others end the download. */
export function isOfAddress({ code }: DownloadError): boolean {
  return ofAddress.includes(code);
}

/** Says what a failed write means for the person whose disk it is. Errors that are none of the file system's pass through. */
export function writeError(error: unknown, file: string): unknown {
  const { code, message, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  if (error instanceof DownloadError || !code || !syscall) return error;
  if (code === "ENOSPC" || code === "EDQUOT")
    return new DownloadError(
      `The disk is full: ${file} cannot be written. Free some space and download again; what has come so far is kept.`,
      { code: "diskFull", file },
    );
  const reason = { EROFS: "read-only file system", EACCES: "no permission", EPERM: "no permission" }[code];
  if (reason)
    return new DownloadError(`${file} cannot be written (${reason}). Choose a folder that you may write to.`, {
      code: "notWritable",
      file,
    });
  if (code === "ENOTDIR" || code === "EEXIST" || code === "EISDIR")
    return new DownloadError(`${file} cannot be written: something else is in its way. Choose another folder.`, {
      code: "notWritable",
      file,
    });
  if (code === "ENOENT")
    return new DownloadError(`${file} disappeared while it was written. Download again.`, {
      code: "notWritable",
      file,
    });
  return new DownloadError(`${file} cannot be written: ${message}. Choose another folder.`, {
    code: "notWritable",
    file,
  });
}
