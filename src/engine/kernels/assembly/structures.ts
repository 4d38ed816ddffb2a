// How a network lies in memory. The host (arena.ts) writes these structures field by field, in this order; a field is 4 bytes.

/** Columns of a weight panel: four vectors of four floats. */
export const panelColumns: i32 = 16;
/** Bytes of a row in a panel: a cache line. */
export const panelRow: usize = 64;
/** Bytes of an entry of the lists below. */
export const entryBytes: usize = 8;
/** Words of a cache line. */
export const lineWords: i32 = 16;

/**
 * The units of a layer are dealt with in four quarters, each by one thread: nobody else touches their weights and values, which so stay
 * in the caches of one core. What passes between threads is short: lists and partial sums. Sums that run through several quarters are
 * made quarter by quarter, however many threads there are.
 */
export const quarters: i32 = 4;

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
  /** From row to row of the next layer's weights, as Layer.rowBytes; and ⌈2³² ÷ that⌉, for unitOf. */
  rowBytes: i32;
  rowInverse: u32;
  /** Floats from example to example; a multiple of 16. What lies right of the width is 0. */
  pitch: i32;
  unit: i32;
  /** α of the softplus. */
  sharpness: f32;
  /** [batch × pitch] h */
  values: usize;
  /** [batch × pitch] ∂L/∂a */
  delta: usize;
  /** [pitch] 1, −1, and 0 right of the width. */
  signs: usize;
  /**
   * Per example and quarter a list, ascending, of the values that are not zero: byte offset of the unit's row in a panel of the next
   * layer (unit × rowBytes), value. A quarter's list begins at its first unit's place, and a cache line further for each quarter before it.
   */
  active: usize;
  /** From example to example. */
  activeBytes: usize;
  /** [quarter][example] their number. */
  activeCounts: usize;
  /** Laid out as `active` for a quarter of the units: byte offset of four columns in a row of this layer's weights, and in a row of delta. */
  blocks: usize;
  blockBytes: usize;
  blockCounts: usize;
  /** Bytes from quarter to quarter of the counts. */
  countBytes: usize;
  /** [words × pitch] one bit per example in which the unit is active; 32 examples a word. */
  examples: usize;
  /** Per quarter, laid out as `active`: the row offsets of the units that are active in some example. */
  union: usize;
  /** Per quarter a cache line that begins with their number. */
  unionCounts: usize;
  /** [quarter][batch × batch] x_b · x_c, the quarter's share of it. */
  gram: usize;
  gramBytes: usize;
  /** [quarter of the next layer][example][place in the example's list] ∂L/∂h, as far as it comes through that quarter. */
  partial: usize;
  partialBytes: usize;
  /** [pitch] each; see UnitHistory. */
  lastFiredStep: usize;
  maxUpdate: usize;
  maxUpdateStep: usize;
  /** Per quarter a cache line that begins with Σ_j ‖∂L/∂w_j‖² of its units' incoming weights in the last step, an f64. */
  squares: usize;
}

/**
 * Fully connected weights in panels of 16 columns, a row of a panel being a cache line. So many panels make a strip, in which a row's lines
 * follow one another: [strip][row, the biases last][panel][16]. A quarter of the units begins with a strip of its own.
 */
@unmanaged
export class Layer {
  input: Signal;
  output: Signal;
  weights: usize;
  /** [panels] words: where each panel begins. */
  panels: usize;
  /** Panels of a strip. */
  strip: i32;
  /** From row to row of a panel: an odd number of lines, so that the lines of a panel lie in different sets of the cache. */
  rowBytes: usize;
  /**
   * From panel to panel: of strips of one, all panels of the layer, an odd number of lines too; else those of a strip.
   */
  panelBytes: usize;
  /** From the end of a strip's last panel to the next strip's first. */
  stripGap: usize;
  /** Is it so narrow that its rows are dealt to the threads, by the input's quarters, and not its columns? */
  narrow: i32;
  /** A thread's own notes on the input: see Notes. */
  notes: usize;
  notesBytes: usize;
}

/** A thread's own copy of the input's lists, joined, and room to work in. */
@unmanaged
export class Notes {
  /** Per example, `activeBytes` of the input apart. A list ends with a zero that does not count: it can be walked two at a time. */
  active: usize;
  /** [batch] their number. */
  counts: usize;
  union: usize;
  unionCount: i32;
  /** [batch] words. */
  examples: usize;
  /** [batch × 2] words; see backward.ts. */
  cursors: usize;
  /** [batch × batch] of the input. */
  gram: usize;
  /** Of the first layer: the lists of the step before, whose update waits for the next step. */
  heldActive: usize;
  heldCounts: usize;
}

/** The control block at the start of the memory. */
@unmanaged
export class Control {
  /** Three words that belong to the barrier. */
  arrived: i32;
  generation: i32;
  asleep: i32;
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

/** The first quarter of a thread's share; that of thread + 1 ends it. */
// @ts-ignore: decorator
@inline
export function firstQuarter(thread: i32, threads: i32): i32 {
  return (quarters * thread) / threads;
}

// @ts-ignore: decorator
@inline
export function firstPanel(signal: Signal, quarter: i32): i32 {
  return (((signal.width + panelColumns - 1) / panelColumns) * quarter) / quarters;
}

// @ts-ignore: decorator
@inline
export function panelAt(layer: Layer, panel: i32): usize {
  return layer.weights + <usize>load<u32>(layer.panels + (<usize>panel << 2));
}

/** The row of the biases in a panel: where it begins there. */
// @ts-ignore: decorator
@inline
export function biasRow(layer: Layer): usize {
  return <usize>layer.input.width * layer.rowBytes;
}

/** The unit whose row begins at this offset: offset ÷ rowBytes, where that leaves no rest. */
// @ts-ignore: decorator
@inline
export function unitOf(signal: Signal, offset: u32): usize {
  return <usize>((<u64>offset * <u64>signal.rowInverse) >> 32);
}

/** The first unit of a quarter; whole panels. */
// @ts-ignore: decorator
@inline
export function firstUnit(signal: Signal, quarter: i32): i32 {
  return firstPanel(signal, quarter) * panelColumns;
}

/** Where a quarter's list begins: entries from the beginning of the example's lists. */
// @ts-ignore: decorator
@inline
function place(signal: Signal, quarter: i32): usize {
  return <usize>(firstUnit(signal, quarter) + quarter * lineWords);
}

// @ts-ignore: decorator
@inline
export function activeList(signal: Signal, b: i32, quarter: i32): usize {
  return signal.active + <usize>b * signal.activeBytes + place(signal, quarter) * entryBytes;
}

// @ts-ignore: decorator
@inline
export function blockList(signal: Signal, b: i32, quarter: i32): usize {
  return signal.blocks + <usize>b * signal.blockBytes + (place(signal, quarter) >> 2) * entryBytes;
}

// @ts-ignore: decorator
@inline
export function unionList(signal: Signal, quarter: i32): usize {
  return signal.union + (place(signal, quarter) << 2);
}

/** How long a list is; `counts` of active units or of blocks. */
// @ts-ignore: decorator
@inline
export function countOf(signal: Signal, counts: usize, b: i32, quarter: i32): usize {
  return <usize>load<u32>(counts + <usize>quarter * signal.countBytes + (<usize>b << 2));
}

// @ts-ignore: decorator
@inline
export function keepCount(signal: Signal, counts: usize, b: i32, quarter: i32, count: usize): void {
  store<u32>(counts + <usize>quarter * signal.countBytes + (<usize>b << 2), <u32>count);
}

// @ts-ignore: decorator
@inline
export function unionCount(signal: Signal, quarter: i32): usize {
  return <usize>load<u32>(signal.unionCounts + <usize>quarter * panelRow);
}

// @ts-ignore: decorator
@inline
export function keepUnionCount(signal: Signal, quarter: i32, count: usize): void {
  store<u32>(signal.unionCounts + <usize>quarter * panelRow, <u32>count);
}

// @ts-ignore: decorator
@inline
export function notesOf(layer: Layer, thread: i32): Notes {
  return changetype<Notes>(layer.notes + <usize>thread * layer.notesBytes);
}
