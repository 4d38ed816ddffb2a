/** A loss that is no number ends a run: what is said about it. */
import type { Backend } from "../backends/backend.js";
import type { NetworkShape } from "../network/network.js";

export class NonFiniteError extends Error {
  readonly code = "nonFinite";

  private constructor(
    message: string,
    readonly step: number,
    /** 1-based; the one after the hidden layers is the softmax layer. */
    readonly layer: number,
    readonly key = "training.learningRate",
  ) {
    super(message);
  }

  /** Looks where the numbers of the backend's last batch stopped being finite. */
  static async of(backend: Backend, shape: NetworkShape, step: number): Promise<NonFiniteError> {
    const softmax = shape.hidden.length + 1;
    const layer = (await backend.firstNonFiniteLayer()) ?? softmax;
    const where = layer === softmax ? "the softmax layer" : `hidden layer ${layer}`;
    const mend =
      step === 0
        ? "Initial weights do not overflow: check network and data."
        : "The last good checkpoint is kept. Lower training.learningRate.";
    return new NonFiniteError(
      `The loss stopped being finite at step ${step}: the outputs of ${where} overflowed. ${mend}`,
      step,
      layer,
    );
  }

  /** @param step of the run */
  static ofPretraining(layer: number, step: number): NonFiniteError {
    const key = "pretraining.learningRate";
    return new NonFiniteError(
      `The reconstruction of layer ${layer} stopped being finite at step ${step}: its outputs overflowed. Lower ${key}.`,
      step,
      layer,
      key,
    );
  }
}
