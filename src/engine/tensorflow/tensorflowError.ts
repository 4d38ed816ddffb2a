/** A backend that cannot be had, or that is gone: what is said about it. */
import { english } from "../../common/language.js";
import { type TensorflowFound, tensorflowSummary } from "../../common/tensorflow.js";

/** The config asks for TensorFlow, and it does not load. */
export class NoTensorflowError extends Error {
  override readonly name = "NoTensorflowError";
  readonly code = "noTensorflow";
  readonly key = "backend";
  readonly value = "tensorflow";

  constructor(readonly found: TensorflowFound) {
    const { command } = found;
    const mend = command ? `Install it: ${command}. Or set` : "Set";
    super(`${tensorflowSummary(found, english)} ${mend} backend to "builtin" or "tfjs-wasm".`);
  }
}

/** The process that computes has ended, or could not. */
export class BackendError extends Error {
  override readonly name = "BackendError";
  readonly key = "backend";

  /** @param reason the part of the message that says what happened */
  constructor(
    message: string,
    readonly code: "backendEnded" | "backendFailed",
    readonly reason: string,
  ) {
    super(message);
  }
}
