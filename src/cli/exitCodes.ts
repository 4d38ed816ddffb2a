/** What the command line answers with. */
import { DataError } from "../engine/data/dataError.js";
import { ConfigReadError } from "../engine/experiment/configText.js";
import { FormatError } from "../engine/formats/formatError.js";
import { NetworkTooLargeError } from "../engine/kernels/wasmKernels.js";
import { ProbeError } from "../engine/probe/probeError.js";
import { RunFolderError } from "../engine/runs/runFolderError.js";
import { WarmStartError } from "../engine/runs/warmStart.js";
import { NoTensorflowError } from "../engine/tensorflow/tensorflowError.js";

export const exitCodes = { done: 0, runFailed: 1, badInput: 2, interrupted: 130, terminated: 143 } as const;

/** A command, a config or a file that the command line itself turns down. */
export class InputError extends Error {
  override readonly name = "InputError";

  constructor(
    readonly code: string,
    message: string,
    readonly details: { file?: string; key?: string; value?: unknown } = {},
  ) {
    super(message);
  }
}

/** Of RunFolderErrors: a folder that was named and cannot be used, not one that could not be written. */
const inputCodes = [
  "finished",
  "inProgress",
  "noConfig",
  "otherData",
  "noCheckpoint",
  "noSuchUnit",
  "notEmpty",
  "notARun",
  "notASweep",
  "unreadable",
  "damaged",
  "newerVersion",
  "tooLarge",
];

const inputErrors = [
  InputError,
  ConfigReadError,
  DataError,
  FormatError,
  NetworkTooLargeError,
  NoTensorflowError,
  WarmStartError,
];

/** 2 where the person gave something that cannot be used; 1 where the run itself could not be carried through. */
export function exitCodeOf(error: unknown): number {
  if (inputErrors.some((kind) => error instanceof kind)) return exitCodes.badInput;
  if (error instanceof RunFolderError && inputCodes.includes(error.code)) return exitCodes.badInput;
  return error instanceof ProbeError && error.input ? exitCodes.badInput : exitCodes.runFailed;
}

/** The line that `--json` prints for a failure. */
export interface Failure {
  error: {
    code: string;
    message: string;
    file: string | null;
    key: string | null;
    value: unknown;
    step?: number;
    layer?: number;
  };
}

export function failureOf(error: unknown): Failure {
  const { code, message, file, key, value, step, layer, details } = (
    typeof error === "object" && error !== null ? error : { message: String(error) }
  ) as Partial<Failure["error"]> & { details?: { file?: string; key?: string; value?: unknown } };
  return {
    error: {
      code: code ?? "unexpected",
      message: message ?? String(error),
      file: file ?? details?.file ?? null,
      key: key ?? details?.key ?? null,
      value: value ?? details?.value ?? null,
      ...(step === undefined ? {} : { step }),
      ...(layer === undefined ? {} : { layer }),
    },
  };
}
