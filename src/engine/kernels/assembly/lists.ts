// Lists of what is not zero: the rest of a step walks these and never meets a zero. All are in ascending order of units.
// A list of active units ends with a zero that does not count, so that it can be walked two at a time.
import { entryBytes, firstQuarter, firstUnit, LINEAR, panelColumns, panelRow, quarters, RECTIFIER, Signal } from "./structures";

/** For each set of four lanes: the bytes of those lanes, moved to the front. */
const compaction = memory.data<u8>([
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, // 0000
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, // 0001
  4, 5, 6, 7, 0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, // 0010
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, // 0011
  8, 9, 10, 11, 0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15, // 0100
  0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15, // 0101
  4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3, 12, 13, 14, 15, // 0110
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, // 0111
  12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, // 1000
  0, 1, 2, 3, 12, 13, 14, 15, 4, 5, 6, 7, 8, 9, 10, 11, // 1001
  4, 5, 6, 7, 12, 13, 14, 15, 0, 1, 2, 3, 8, 9, 10, 11, // 1010
  0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15, 8, 9, 10, 11, // 1011
  8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7, // 1100
  0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 4, 5, 6, 7, // 1101
  4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, // 1110
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, // 1111
], 16);

/** Lists, for this thread's share of the examples, the active units and the blocks of four columns that hold one. */
export function listActive(signal: Signal, panelBytes: usize, batch: i32, thread: i32, threads: i32): void {
  const zero = f32x4.splat(0), pitch = signal.pitch, four = i32x4.splat(4 * <i32>panelRow);
  for (let b = thread; b < batch; b += threads) {
    const row = signal.values + (<usize>(b * pitch) << 2);
    const firstActive = signal.active + <usize>b * signal.activeBytes;
    const firstBlock = signal.blocks + <usize>(b * (pitch >> 2)) * entryBytes;
    let active = firstActive, block = firstBlock;
    let rows = i32x4(0, <i32>panelRow, 2 * <i32>panelRow, 3 * <i32>panelRow);
    for (let quarter = 0, i = 0; quarter < quarters; quarter++) {
      // without branches, which could not be foreseen: everything is written, and overwritten if it was not active
      for (const end = firstUnit(signal, quarter + 1); i < end; i += 4) {
        const values = v128.load(row + (<usize>i << 2));
        // "not equal" holds for NaN: it is passed on, not dropped
        const mask = i32x4.bitmask(f32x4.ne(values, zero));
        store<u32>(block, <u32>(<usize>(i / panelColumns) * panelBytes + (<usize>(i % panelColumns) << 2)));
        store<u32>(block, i << 2, 4);
        block += mask ? entryBytes : 0;
        const lanes = v128.load(compaction + (<usize>mask << 4));
        const activeRows = i8x16.swizzle(rows, lanes), activeValues = i8x16.swizzle(values, lanes);
        v128.store(active, v128.shuffle<i32>(activeRows, activeValues, 0, 4, 1, 5));
        v128.store(active, v128.shuffle<i32>(activeRows, activeValues, 2, 6, 3, 7), 16);
        active += <usize>popcnt(mask) * entryBytes;
        rows = i32x4.add(rows, four);
      }
      endQuarter(signal.activeEnds, b, quarter, firstActive, active);
      endQuarter(signal.blockEnds, b, quarter, firstBlock, block);
    }
    store<u64>(active, 0);
  }
}

// @ts-ignore: decorator
@inline
function endQuarter(ends: usize, b: i32, quarter: i32, first: usize, end: usize): void {
  store<u32>(ends + (<usize>(b * quarters + quarter) << 2), <u32>((end - first) / entryBytes));
}

/** Inputs that are given as bytes: writes value = table[byte] for all that are not 0, and lists them. */
export function listBytes(signal: Signal, bytes: usize, table: usize, batch: i32, thread: i32, threads: i32): void {
  const zero = i8x16.splat(0), pitch = signal.pitch;
  for (let b = thread; b < batch; b += threads) {
    const from = bytes + <usize>(b * pitch), row = signal.values + (<usize>(b * pitch) << 2);
    const first = signal.active + <usize>b * signal.activeBytes;
    let active = first;
    memory.fill(row, 0, <usize>pitch << 2);
    for (let i: usize = 0; i < <usize>pitch; i += 16)
      for (let mask = i8x16.bitmask(i8x16.ne(v128.load(from + i), zero)); mask; mask &= mask - 1) {
        const at = i + <usize>ctz(mask), value = load<f32>(table + (<usize>load<u8>(from + at) << 2));
        store<f32>(row + (at << 2), value);
        store<u32>(active, <u32>(at * panelRow));
        store<f32>(active, value, 4);
        active += entryBytes;
      }
    endQuarter(signal.activeEnds, b, quarters - 1, first, active);
    store<u64>(active, 0);
  }
}

/** Of this thread's units: in which examples is each active? Units that are never exactly zero take part in all. */
export function markExamples(signal: Signal, batch: i32, thread: i32, threads: i32): void {
  const zero = f32x4.splat(0), row = <usize>signal.pitch << 2, whole = signal.unit != RECTIFIER;
  const first = firstUnit(signal, firstQuarter(thread, threads)), last = firstUnit(signal, firstQuarter(thread + 1, threads));
  for (let at = <usize>first << 2, end = <usize>last << 2; at < end; at += 16) {
    let from = signal.values + at, to = signal.examples + at;
    for (let first = 0; first < batch; first += 32) {
      let marks = i32x4.splat(0);
      for (let bit = 0, n = min(32, batch - first); bit < n; bit++, from += row) {
        const one = i32x4.splat(1 << bit);
        marks = v128.or(marks, whole ? one : v128.and(one, f32x4.ne(v128.load(from), zero)));
      }
      v128.store(to, marks);
      to += row;
    }
  }
}

/** Lists the units that are active in at least one example; units that are never exactly zero always. */
export function listUnion(signal: Signal, batch: i32): void {
  const zero = f32x4.splat(0), row = <usize>signal.pitch << 2, whole = signal.unit != RECTIFIER && signal.unit != LINEAR;
  const first = signal.union + (quarters << 2);
  let to = first;
  for (let quarter = 0, i = 0; quarter < quarters; quarter++) {
    for (const end = firstUnit(signal, quarter + 1); i < end; i += 4) {
      let any = whole ? i32x4.splat(-1) : zero;
      if (!whole)
        for (let b = 0, h = signal.values + (<usize>i << 2); b < batch; b++, h += row) any = v128.or(any, f32x4.ne(v128.load(h), zero));
      for (let mask = i32x4.bitmask(any); mask; mask &= mask - 1, to += 4)
        store<u32>(to, <u32>(<usize>(i + ctz(mask)) * panelRow));
    }
    store<u32>(signal.union + (<usize>quarter << 2), <u32>((to - first) >> 2));
  }
}
