/** What is wrong with a model file, in words for the person who opened it. */

export interface FormatErrorDetails {
  /** Stable, for programs: such as `truncated`. */
  code: string;
  /** Where in the file: a tensor, a field, a byte. */
  place?: string;
  /** What stands there. */
  value?: unknown;
}

/** The message names the file (or the part of it), what was found, and the mend. */
export class FormatError extends Error {
  override readonly name: string = "FormatError";
  readonly code: string;
  readonly place: string | undefined;
  readonly value: unknown;
  /** The path of the file, set by whoever opened it. */
  file: string | undefined;

  constructor(message: string, { code, place, value }: FormatErrorDetails) {
    super(message);
    this.code = code;
    this.place = place;
    this.value = value;
  }
}
