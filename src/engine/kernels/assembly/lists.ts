// Lists of what is not zero: the rest of a step walks these and never meets a zero. All are in ascending order of units.
// Each thread makes those of its own quarters; joinLists then gives every thread a copy of all.
import {
  activeList, blockList, countOf, entryBytes, firstUnit, keepCount, Layer, LINEAR, notesOf, panelColumns, panelRow, quarters,
  RECTIFIER, Signal, keepUnionCount, unionCount, unionList,
} from "./structures";

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

/**
 * Lists the active units of a quarter, and the blocks of four columns that hold one. Units that are never exactly zero are all active.
 * @param panels Layer.panels of the layer whose outputs these are; 0 for the inputs, whose blocks nobody looks at
 */
export function listActive(signal: Signal, quarter: i32, panels: usize, batch: i32): void {
  const zero = f32x4.splat(0), rowBytes = signal.rowBytes, four = i32x4.splat(4 * rowBytes), sixteen = i32x4.splat(16 * rowBytes);
  const first = firstUnit(signal, quarter), end = firstUnit(signal, quarter + 1), whole = isSmooth(signal);
  for (let b = 0; b < batch; b++) {
    const row = signal.values + (<usize>(b * signal.pitch) << 2);
    const firstActive = activeList(signal, b, quarter), firstBlock = blockList(signal, b, quarter);
    let active = firstActive, block = firstBlock;
    let rows = i32x4.mul(i32x4.splat(rowBytes), i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3)));
    // without branches for each unit, which could not be foreseen: everything is written, and overwritten if it was not active
    for (let i = first; i < end; i += panelColumns) {
      // most panels of a sparse layer are silent
      if (!whole && !anyOf(row + (<usize>i << 2))) {
        rows = i32x4.add(rows, sixteen);
        continue;
      }
      const panel = panels ? <usize>load<u32>(panels + (<usize>(i / panelColumns) << 2)) : 0;
      for (let column: usize = 0, from = row + (<usize>i << 2); column < panelRow; column += 16) {
        const values = v128.load(from + column);
        // "not equal" holds for NaN: it is passed on, not dropped
        const mask = whole ? unitsFrom(signal, i + <i32>(column >> 2)) : i32x4.bitmask(f32x4.ne(values, zero));
        store<u32>(block, <u32>(panel + column));
        store<u32>(block, <u32>((<usize>i << 2) + column), 4);
        block += mask ? entryBytes : 0;
        const lanes = v128.load(compaction + (<usize>mask << 4));
        const activeRows = i8x16.swizzle(rows, lanes), activeValues = i8x16.swizzle(values, lanes);
        v128.store(active, v128.shuffle<i32>(activeRows, activeValues, 0, 4, 1, 5));
        v128.store(active, v128.shuffle<i32>(activeRows, activeValues, 2, 6, 3, 7), 16);
        active += <usize>popcnt(mask) * entryBytes;
        rows = i32x4.add(rows, four);
      }
    }
    keepCount(signal, signal.activeCounts, b, quarter, (active - firstActive) / entryBytes);
    keepCount(signal, signal.blockCounts, b, quarter, (block - firstBlock) / entryBytes);
  }
}

/** Is any of a panel's values not zero? */
// @ts-ignore: decorator
@inline
function anyOf(values: usize): bool {
  const left = v128.or(v128.load(values), v128.load(values, 16)), right = v128.or(v128.load(values, 32), v128.load(values, 48));
  return v128.any_true(v128.or(left, right));
}

/** Inputs that are given as bytes, rows of `pitch`: writes value = table[byte] for all that are not 0, and lists them. */
export function listBytes(signal: Signal, quarter: i32, bytes: usize, table: usize, batch: i32): void {
  const zero = i8x16.splat(0);
  const first = <usize>firstUnit(signal, quarter), end = <usize>firstUnit(signal, quarter + 1), rowBytes = <usize>signal.rowBytes;
  for (let b = 0; b < batch; b++) {
    const from = bytes + <usize>(b * signal.pitch), row = signal.values + (<usize>(b * signal.pitch) << 2);
    const list = activeList(signal, b, quarter);
    let active = list;
    memory.fill(row + (first << 2), 0, (end - first) << 2);
    for (let i = first; i < end; i += 16)
      for (let mask = i8x16.bitmask(i8x16.ne(v128.load(from + i), zero)); mask; mask &= mask - 1) {
        const at = i + <usize>ctz(mask), value = load<f32>(table + (<usize>load<u8>(from + at) << 2));
        store<f32>(row + (at << 2), value);
        store<u32>(active, <u32>(at * rowBytes));
        store<f32>(active, value, 4);
        active += entryBytes;
      }
    keepCount(signal, signal.activeCounts, b, quarter, (active - list) / entryBytes);
  }
}

/** Lists the units of a quarter that are active in at least one example; units that are never exactly zero always. */
export function listUnion(signal: Signal, quarter: i32, batch: i32): void {
  const zero = f32x4.splat(0), row = <usize>signal.pitch << 2, whole = isSmooth(signal);
  const first = unionList(signal, quarter);
  let to = first;
  for (let i = firstUnit(signal, quarter), end = firstUnit(signal, quarter + 1); i < end; i += 4) {
    let any = zero;
    if (!whole)
      for (let b = 0, h = signal.values + (<usize>i << 2); b < batch; b++, h += row) any = v128.or(any, f32x4.ne(v128.load(h), zero));
    to = listRows(signal, i, whole ? unitsFrom(signal, i) : i32x4.bitmask(any), to);
  }
  keepUnionCount(signal, quarter, (to - first) >> 2);
}

/** listUnion, which also marks in which examples each unit is active. Units that are never exactly zero take part in all. */
export function markExamples(signal: Signal, quarter: i32, batch: i32): void {
  const zero = f32x4.splat(0), row = <usize>signal.pitch << 2, whole = isSmooth(signal);
  const firstOfAll = unionList(signal, quarter);
  let active = firstOfAll;
  for (let i = firstUnit(signal, quarter), end = firstUnit(signal, quarter + 1); i < end; i += 4) {
    let any = i32x4.splat(0);
    let from = signal.values + (<usize>i << 2), to = signal.examples + (<usize>i << 2);
    for (let first = 0; first < batch; first += 32, to += row) {
      let marks = i32x4.splat(0);
      for (let bit = 0, n = min(32, batch - first); bit < n; bit++, from += row) {
        const one = i32x4.splat(1 << bit);
        marks = v128.or(marks, whole ? one : v128.and(one, f32x4.ne(v128.load(from), zero)));
      }
      v128.store(to, marks);
      any = v128.or(any, marks);
    }
    const mask = whole ? unitsFrom(signal, i) : i32x4.bitmask(i32x4.ne(any, i32x4.splat(0)));
    active = listRows(signal, i, mask, active);
  }
  keepUnionCount(signal, quarter, (active - firstOfAll) >> 2);
}

/** Writes the row offsets of those of four units from i on that are in the mask; returns where the list then ends. */
// @ts-ignore: decorator
@inline
function listRows(signal: Signal, i: i32, mask: i32, to: usize): usize {
  for (; mask; mask &= mask - 1, to += 4) store<u32>(to, <u32>((i + ctz(mask)) * signal.rowBytes));
  return to;
}

/** A bit for each of the four units from i on that there are. */
// @ts-ignore: decorator
@inline
function unitsFrom(signal: Signal, i: i32): i32 {
  return (1 << min(4, max(0, signal.width - i))) - 1;
}

// @ts-ignore: decorator
@inline
function isSmooth(signal: Signal): bool {
  return signal.unit != RECTIFIER && signal.unit != LINEAR;
}

/** Copies the lists of a layer's input, quarter behind quarter, to where only this thread looks. */
export function joinLists(layer: Layer, batch: i32, thread: i32): void {
  const x = layer.input, notes = notesOf(layer, thread);
  for (let b = 0; b < batch; b++) {
    const list = notes.active + <usize>b * x.activeBytes;
    let to = list;
    for (let quarter = 0; quarter < quarters; quarter++) {
      const bytes = countOf(x, x.activeCounts, b, quarter) * entryBytes;
      memory.copy(to, activeList(x, b, quarter), bytes);
      to += bytes;
    }
    store<u64>(to, 0);
    store<u32>(notes.counts + (<usize>b << 2), <u32>((to - list) / entryBytes));
  }
  let to = notes.union;
  for (let quarter = 0; quarter < quarters; quarter++) {
    const bytes = unionCount(x, quarter) << 2;
    memory.copy(to, unionList(x, quarter), bytes);
    to += bytes;
  }
  notes.unionCount = <i32>((to - notes.union) >> 2);
}
