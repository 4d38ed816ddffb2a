// The backward pass where most of delta is zero: blocks of four columns of which one is active, four rows of an example at a time.
import { sumOf } from "./math";
import {
  activeList, blockList, countOf, entryBytes, firstPanel, Layer, Notes, panelAt, quarters, unionCount, unionList, unitOf,
} from "./structures";
import { needsAll, touch, touchAll } from "./touch";

/** A tile is read ahead where its lines are used more than this often, on an average. */
const worthTouching: f32 = 1.5;

/** Lines, and least rows, of a tile that blocksOfQuarter goes through twice. */
const tileLines: i32 = 4096;
const tileRows: i32 = 64;

/** One for each example: where in its list a tile begins, and where it ends. */
const cursorBytes: usize = 8;

/** Tile by tile, so that the rows are still in the second cache when they are moved. */
export function blocksOfQuarter(layer: Layer, quarter: i32, notes: Notes, rate: f32, batch: i32): void {
  const x = layer.input, y = layer.output, part = <usize>quarter * x.partialBytes;
  const first = firstPanel(y, quarter), last = firstPanel(y, quarter + 1);
  const rows = max(tileRows, tileLines / max(1, last - first)), ahead = isWorthTouching(layer, quarter, notes, batch);
  const unionEnd = notes.union + (<usize>notes.unionCount << 2);
  let touched = notes.union;
  for (let b = 0; b < batch; b++) store<u32>(notes.cursors + <usize>b * cursorBytes, 0);
  for (let row = 0; row < x.width; row += rows) {
    const limit = <u32>((row + rows) * x.rowBytes);
    if (ahead) {
      const from = touched;
      while (touched < unionEnd && load<u32>(touched) < limit) touched += 4;
      if (needsAll(layer, <i32>((touched - from) >> 2), rows)) {
        const tile = <usize>(row * x.rowBytes), n = min(rows, x.width - row);
        for (let p = first; p < last; p++) touchAll(panelAt(layer, p) + tile, n, notes);
      } else for (let p = first; p < last; p += layer.strip) touch(layer, panelAt(layer, p), from, touched, notes);
    }
    for (let b = 0; b < batch; b++) {
      const cursor = notes.cursors + <usize>b * cursorBytes, from = <usize>load<u32>(cursor);
      const list = notes.active + <usize>b * x.activeBytes, end = <usize>load<u32>(notes.counts + (<usize>b << 2));
      let to = from;
      if (row + rows >= x.width) to = end;
      else while (to < end && load<u32>(list + to * entryBytes) < limit) to++;
      store<u32>(cursor, <u32>to, 4);
      dotBlocks(layer, quarter, b, list + from * entryBytes, list + to * entryBytes, x.partial + part + (<usize>(b * x.pitch) << 2) + (from << 2));
    }
    for (let b = 0; b < batch; b++) {
      const cursor = notes.cursors + <usize>b * cursorBytes, list = notes.active + <usize>b * x.activeBytes;
      const to = load<u32>(cursor, 4);
      updateBlocks(layer, quarter, b, list + <usize>load<u32>(cursor) * entryBytes, list + <usize>to * entryBytes, rate);
      store<u32>(cursor, to);
    }
  }
}

/** Do the examples use the lines of the mini-batch's rows often enough? */
function isWorthTouching(layer: Layer, quarter: i32, notes: Notes, batch: i32): bool {
  const y = layer.output, lines = notes.unionCount * (firstPanel(y, quarter + 1) - firstPanel(y, quarter));
  let uses: f32 = 0;
  for (let b = 0; b < batch; b++)
    uses += <f32>load<u32>(notes.counts + (<usize>b << 2)) * <f32>countOf(y, y.blockCounts, b, quarter);
  return uses > worthTouching * <f32>lines;
}

// @ts-ignore: decorator
@inline
function rowOf(layer: Layer, entry: usize): usize {
  return layer.weights + <usize>load<u32>(entry);
}

/** w[i, :] · delta[b, :] for the listed inputs i, four at a time, on the columns of a quarter. */
function dotBlocks(layer: Layer, quarter: i32, b: i32, from: usize, end: usize, to: usize): void {
  const y = layer.output, delta = y.delta + (<usize>(b * y.pitch) << 2);
  const blocks = blockList(y, b, quarter), last = blocks + countOf(y, y.blockCounts, b, quarter) * entryBytes;
  let entry = from;
  for (; entry + 3 * entryBytes < end; entry += 4 * entryBytes, to += 16) {
    const w0 = rowOf(layer, entry), w1 = rowOf(layer, entry + entryBytes);
    const w2 = rowOf(layer, entry + 2 * entryBytes), w3 = rowOf(layer, entry + 3 * entryBytes);
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (let at = blocks; at < last; at += entryBytes) {
      const column = <usize>load<u32>(at), d = v128.load(delta + <usize>load<u32>(at, 4));
      s0 = f32x4.add(s0, f32x4.mul(d, v128.load(w0 + column)));
      s1 = f32x4.add(s1, f32x4.mul(d, v128.load(w1 + column)));
      s2 = f32x4.add(s2, f32x4.mul(d, v128.load(w2 + column)));
      s3 = f32x4.add(s3, f32x4.mul(d, v128.load(w3 + column)));
    }
    // each row's four lanes are added up
    const a = v128.shuffle<i32>(s0, s1, 0, 4, 1, 5), c = v128.shuffle<i32>(s0, s1, 2, 6, 3, 7);
    const e = v128.shuffle<i32>(s2, s3, 0, 4, 1, 5), g = v128.shuffle<i32>(s2, s3, 2, 6, 3, 7);
    const lower = f32x4.add(a, c), upper = f32x4.add(e, g);
    v128.store(to, f32x4.add(v128.shuffle<i32>(lower, upper, 0, 1, 4, 5), v128.shuffle<i32>(lower, upper, 2, 3, 6, 7)));
  }
  for (; entry < end; entry += entryBytes, to += 4) {
    const w = rowOf(layer, entry);
    let s = f32x4.splat(0);
    for (let at = blocks; at < last; at += entryBytes)
      s = f32x4.add(s, f32x4.mul(v128.load(delta + <usize>load<u32>(at, 4)), v128.load(w + <usize>load<u32>(at))));
    store<f32>(to, sumOf(s));
  }
}

/** w[i, :] −= rate · x[b, i] · delta[b, :] for the listed inputs i, four at a time, on the columns of a quarter. */
function updateBlocks(layer: Layer, quarter: i32, b: i32, from: usize, end: usize, rate: f32): void {
  // another optimizer's turn comes later: see optimizers.ts
  if (!rate) return;
  const y = layer.output, delta = y.delta + (<usize>(b * y.pitch) << 2);
  const blocks = blockList(y, b, quarter), last = blocks + countOf(y, y.blockCounts, b, quarter) * entryBytes;
  let entry = from;
  for (; entry + 3 * entryBytes < end; entry += 4 * entryBytes) {
    const w0 = rowOf(layer, entry), w1 = rowOf(layer, entry + entryBytes);
    const w2 = rowOf(layer, entry + 2 * entryBytes), w3 = rowOf(layer, entry + 3 * entryBytes);
    const x0 = f32x4.splat(rate * load<f32>(entry, 4)), x1 = f32x4.splat(rate * load<f32>(entry, 12));
    const x2 = f32x4.splat(rate * load<f32>(entry, 20)), x3 = f32x4.splat(rate * load<f32>(entry, 28));
    for (let at = blocks; at < last; at += entryBytes) {
      const column = <usize>load<u32>(at), d = v128.load(delta + <usize>load<u32>(at, 4));
      v128.store(w0 + column, f32x4.sub(v128.load(w0 + column), f32x4.mul(x0, d)));
      v128.store(w1 + column, f32x4.sub(v128.load(w1 + column), f32x4.mul(x1, d)));
      v128.store(w2 + column, f32x4.sub(v128.load(w2 + column), f32x4.mul(x2, d)));
      v128.store(w3 + column, f32x4.sub(v128.load(w3 + column), f32x4.mul(x3, d)));
    }
  }
  for (; entry < end; entry += entryBytes) {
    const w = rowOf(layer, entry), x = f32x4.splat(rate * load<f32>(entry, 4));
    for (let at = blocks; at < last; at += entryBytes) {
      const to = w + <usize>load<u32>(at);
      v128.store(to, f32x4.sub(v128.load(to), f32x4.mul(x, v128.load(delta + <usize>load<u32>(at, 4)))));
    }
  }
}

/** A narrow layer: the rows of one quarter of the inputs, whole. */
export function backwardNarrow(layer: Layer, quarter: i32, rate: f32, batch: i32): void {
  const x = layer.input;
  for (let b = 0; b < batch; b++) {
    const list = activeList(x, b, quarter), end = list + countOf(x, x.activeCounts, b, quarter) * entryBytes;
    let to = x.partial + (<usize>(b * x.pitch) << 2);
    for (let before = 0; before < quarter; before++) to += countOf(x, x.activeCounts, b, before) << 2;
    dotBlocks(layer, quarters - 1, b, list, end, to);
  }
  if (rate) updateNarrow(layer, quarter, rate, batch);
}

/**
 * w[i, :] −= rate · Σ_b x[b, i] · delta[b, :] for the rows of a quarter, each moved once: of a network that has learnt, what a single example
 * adds is often less than the weight's last digit, and would be lost.
 */
function updateNarrow(layer: Layer, quarter: i32, rate: f32, batch: i32): void {
  const x = layer.input, y = layer.output, eta = f32x4.splat(rate), row = <usize>x.pitch << 2, deltaRow = <usize>y.pitch << 2;
  const from = unionList(x, quarter);
  for (let at = from, end = from + (unionCount(x, quarter) << 2); at < end; at += 4) {
    const offset = <usize>load<u32>(at), unit = unitOf(x, <u32>offset) << 2, w = layer.weights + offset;
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (let first = 0, marks = x.examples + unit; first < batch; first += 32, marks += row)
      for (let mask = load<u32>(marks); mask; mask &= mask - 1) {
        const b = <usize>(first + ctz(mask)), delta = y.delta + b * deltaRow, h = v128.load32_splat(x.values + b * row + unit);
        s0 = f32x4.add(s0, f32x4.mul(h, v128.load(delta)));
        s1 = f32x4.add(s1, f32x4.mul(h, v128.load(delta, 16)));
        s2 = f32x4.add(s2, f32x4.mul(h, v128.load(delta, 32)));
        s3 = f32x4.add(s3, f32x4.mul(h, v128.load(delta, 48)));
      }
    v128.store(w, f32x4.sub(v128.load(w), f32x4.mul(eta, s0)));
    v128.store(w, f32x4.sub(v128.load(w, 16), f32x4.mul(eta, s1)), 16);
    v128.store(w, f32x4.sub(v128.load(w, 32), f32x4.mul(eta, s2)), 32);
    v128.store(w, f32x4.sub(v128.load(w, 48), f32x4.mul(eta, s3)), 48);
  }
}
