/** Why a probe did not come to its end, in words for the person who asked for it. */
import type { ProbeFailure } from "../../common/probe.js";

export class ProbeError extends Error {
  override readonly name = "ProbeError";
  readonly code: string;
  /** Whether what was given cannot be used; else the probe itself failed. */
  readonly input: boolean;
  readonly file: string | undefined;
  readonly key: string | undefined;
  readonly value: unknown;

  constructor({ message, code, input, file, key, value }: ProbeFailure) {
    super(message);
    this.code = code;
    this.input = input;
    this.file = file;
    this.key = key;
    this.value = value;
  }
}
