/** What is wrong with the data that a config names, in words for the person who wrote it. */

export interface DataErrorDetails {
  /** Stable, for programs: such as `idxTruncated`. */
  code: string;
  /** The file or folder concerned. */
  file: string;
  /** The config's key to change, such as `dataset.folder`. */
  key?: string;
  /** What that key says now. */
  value?: unknown;
  /** The message without what makes it long. Default: all of it. */
  brief?: string;
}

/** The message names the file, what was found, what was expected and the mend. */
export class DataError extends Error {
  override readonly name = "DataError";
  readonly code: string;
  readonly file: string;
  readonly key: string | undefined;
  readonly value: unknown;
  readonly brief: string;

  constructor(message: string, details: DataErrorDetails) {
    super(message);
    this.code = details.code;
    this.file = details.file;
    this.key = details.key;
    this.value = details.value;
    this.brief = details.brief ?? message;
  }
}
