// How a network lies in memory. The host (wasmKernels.ts) writes these structures field by field, in this order; a field is 4 bytes.

/** Columns of a weight panel: four vectors of four floats. */
export const panelColumns: i32 = 16;
/** Bytes of a row in a panel: a cache line. */
export const panelRow: usize = 64;
/** Bytes of an entry of the lists below. */
export const entryBytes: usize = 8;

export const RECTIFIER: i32 = 0;
export const SOFTPLUS: i32 = 1;
export const TANH: i32 = 2;
export const LOGISTIC: i32 = 3;
/** Inputs and logits: no unit, no derivative. */
export const LINEAR: i32 = 4;

/** What flows from one layer to the next: a row of values per example of the mini-batch, and lists of those that are not zero. */
@unmanaged
export class Signal {
  /** Units, or inputs. */
  width: i32;
  /** Floats from example to example; a multiple of 16. What lies right of the width is 0. */
  pitch: i32;
  unit: i32;
  /** α of the softplus. */
  sharpness: f32;
  /** [batch × pitch] h */
  values: usize;
  /** [batch × pitch] ∂L/∂a; 0 for the inputs. */
  delta: usize;
  /** [pitch] 1, −1, and 0 right of the width. */
  signs: usize;
  /** Per example a list, ascending, of the values that are not zero: byte offset of the unit's row in a panel of the next layer, value. */
  active: usize;
  /** From example to example. */
  activeBytes: usize;
  /** [batch × quarters] how many entries of `active` belong to this quarter of the units and those before it. */
  activeEnds: usize;
  /** Per example pitch/4 entries, ascending: byte offset of four columns in a row of this layer's weights, and in a row of delta. */
  blocks: usize;
  /** [batch × quarters] how many entries of `blocks` belong to this quarter and those before it. */
  blockEnds: usize;
  /** [words × pitch] one bit per example in which the unit is active; 32 examples a word. */
  examples: usize;
  /** Row offsets as in `active` of all units that are active in some example, behind the ends of their quarters. */
  union: usize;
  /** [quarters × batch × pitch] ∂L/∂h, as far as it comes through each quarter of the next layer's units. */
  partial: usize;
  partialBytes: usize;
  /** [pitch] each; see UnitHistory. */
  lastFiredStep: usize;
  maxUpdate: usize;
  maxUpdateStep: usize;
  /** [pitch] ‖∂L/∂w_j‖² of each unit's incoming weights in the last step. */
  squares: usize;
}

/** Fully connected weights in panels of 16 columns: [panel][row, the biases last][16]. */
@unmanaged
export class Layer {
  input: Signal;
  output: Signal;
  weights: usize;
  /** From panel to panel: an odd number of rows, so that the pieces of a row lie in different sets of the cache. */
  panelBytes: usize;
  panels: i32;
  /** [batch × batch] x_b · x_c of the input. */
  gram: usize;
  /** Room for each thread: `scratchBytes`. */
  scratch: usize;
  scratchBytes: usize;
  /** The first layer's inputs of the step before, as in `active`, and their number per example: its update waits for the next step. */
  heldActive: usize;
  heldCount: usize;
  /** Is the layer so narrow that its rows are dealt to the threads, not its columns? */
  narrow: i32;
}

/** The control block at the start of the memory. */
@unmanaged
export class Control {
  /** Two words that belong to the barrier. */
  arrived: i32;
  generation: i32;
  /** Examples in the mini-batch. */
  batch: i32;
  step: i32;
  rate: f32;
  l1: f32;
  /** Are the inputs given as bytes? */
  bytes: i32;
  /** Examples of the step before whose update the first layer still waits for; 0 for none. */
  heldBatch: i32;
  heldRate: f32;
}

/**
 * A layer's units are dealt with in four parts, each by one thread: nobody else touches their weights, which so stay in the caches of
 * one core. Sums that run through several quarters are made quarter by quarter, however many threads there are.
 */
export const quarters: i32 = 4;

/** The first quarter of a thread's share; that of thread + 1 ends it. */
// @ts-ignore: decorator
@inline
export function firstQuarter(thread: i32, threads: i32): i32 {
  return (quarters * thread) / threads;
}

/** The first unit of a quarter; whole panels. */
// @ts-ignore: decorator
@inline
export function firstUnit(signal: Signal, quarter: i32): i32 {
  return firstPanel(signal, quarter) * panelColumns;
}

// @ts-ignore: decorator
@inline
export function firstPanel(signal: Signal, quarter: i32): i32 {
  return (((signal.width + panelColumns - 1) / panelColumns) * quarter) / quarters;
}

// @ts-ignore: decorator
@inline
export function endOf(ends: usize, b: i32, quarter: i32): usize {
  return <usize>load<u32>(ends + (<usize>(b * quarters + quarter) << 2));
}

/** 0 in front of the first quarter. */
// @ts-ignore: decorator
@inline
export function startOf(ends: usize, b: i32, quarter: i32): usize {
  return quarter ? endOf(ends, b, quarter - 1) : 0;
}
