/**
 * How the benchmark speaks with a contestant: one JSON object a line, a request on its stdin, an answer on its stdout. Between
 * requests a contestant waits for its input and computes nothing.
 */

export type Request =
  /** A problem's folder. */
  | { do: "load"; folder: string }
  /** Tries the ways that the contestant knows and keeps the fastest; or takes the one called `keep`. */
  | { do: "tune"; keep?: string }
  /** One pass over the steps, from the start. */
  | { do: "check" }
  /** Passes, each from the start, until their timed steps have taken so many seconds; at least one. */
  | { do: "train"; seconds: number }
  /** Passes over all examples, forward only. */
  | { do: "infer"; seconds: number }
  | { do: "memory" };

export interface Loaded {
  /** Versions of what computes. */
  versions: Record<string, string>;
}

export interface Tuned {
  /** The ways tried, with seconds a step or a pass. */
  tried: Record<string, number>;
  chosen: string;
}

export interface Checked {
  /** Mean loss of every timed step, without the L1 penalty. */
  losses: number[];
  /** ‖W after − W before‖₂ of every layer, over the pass. */
  change: number[];
  /** Mean share of non-zero outputs of every hidden layer; only our engine counts. */
  density?: number[];
}

export interface Timed {
  seconds: number;
  /** Steps made in that time, or whole passes of inference. */
  units: number;
  /** Mean over the last pass. */
  loss: number;
}

export interface Memory {
  /** Largest resident set of the process so far. */
  peakBytes: number;
}

export type Answer = Loaded | Tuned | Checked | Timed | Memory;
