/** What goes wrong with run folders. */

/** A run folder cannot be made, read or written. The message names the folder and the mend. */
export class RunFolderError extends Error {
  override readonly name = "RunFolderError";
  /** Stable, for programs. */
  readonly code: string;
  readonly file: string;

  constructor(message: string, { code, file }: { code: string; file: string }) {
    super(message);
    this.code = code;
    this.file = file;
  }
}

/** Says what a failed write means for the person whose disk it is. Errors that are none of the file system's pass through. */
export function folderError(error: unknown, folder: string): unknown {
  const code = (error as NodeJS.ErrnoException)?.code;
  if (error instanceof RunFolderError || !code) return error;
  if (code === "ENOSPC" || code === "EDQUOT")
    return new RunFolderError(`The disk is full: ${folder} cannot be written. Free some space.`, {
      code: "diskFull",
      file: folder,
    });
  if (code === "EROFS" || code === "EACCES" || code === "EPERM")
    return new RunFolderError(
      `The run folder ${folder} cannot be written (${code === "EROFS" ? "read-only file system" : "no permission"}). Choose a folder that you may write to.`,
      { code: "notWritable", file: folder },
    );
  if (code === "ENOTDIR" || code === "EEXIST")
    return new RunFolderError(`${folder} cannot be a run folder: a file is in its way. Name another folder.`, {
      code: "notWritable",
      file: folder,
    });
  if (code === "ENOENT")
    return new RunFolderError(`The run folder ${folder} has disappeared while it was written to.`, {
      code: "missing",
      file: folder,
    });
  return new RunFolderError(`The run folder ${folder} cannot be written: ${(error as Error).message}.`, {
    code: "notWritable",
    file: folder,
  });
}
