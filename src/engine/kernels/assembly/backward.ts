// The backward pass of a layer: row by row of the weights, first the dot products with the old ones, then their update.
import {
  activeList, blockList, countOf, entryBytes, firstPanel, Layer, Notes, notesOf, panelColumns, panelRow, quarters, Signal,
} from "./structures";

/** Where more than this share of the blocks of delta is not zero, whole rows cost less than lists of blocks. */
const denseShare: f32 = 0.7;

/** Lines, and least rows, of a tile that blocksOfQuarter goes through twice. */
const tileLines: i32 = 4096;
const tileRows: i32 = 64;

/** One for each example: its next active unit in the list, and where the gradient of that goes. */
const cursorBytes: usize = 8;

/** Panels that rowsByColumns goes through the rows with: their delta, for ten examples, fits into the first cache. */
const tilePanels: i32 = 16;

/**
 * For each input i: w[i, :] · delta[b, :], a part of ∂L/∂x[b, i], then w[i, :] −= rate · Σ_b x[b, i] · delta[b, :], on the columns of
 * quarters first … last − 1. An example in which the input is 0 costs nothing if x comes from rectifiers: their derivative is 0 too.
 */
export function backward(layer: Layer, first: i32, last: i32, rate: f32, batch: i32, thread: i32): void {
  const notes = notesOf(layer, thread), dense = denseQuarters(layer.output, first, last, batch);
  for (let quarter = first; quarter < last; quarter++)
    if (dense & (1 << quarter)) columnsOfQuarter(layer, quarter, notes, rate, batch);
    else blocksOfQuarter(layer, quarter, notes, rate, batch);
}

/** Tile by tile, so that the rows are still in the second cache when they are moved. */
function blocksOfQuarter(layer: Layer, quarter: i32, notes: Notes, rate: f32, batch: i32): void {
  const x = layer.input, y = layer.output, part = <usize>quarter * x.partialBytes;
  const rows = max(tileRows, tileLines / max(1, firstPanel(y, quarter + 1) - firstPanel(y, quarter)));
  for (let b = 0; b < batch; b++) store<u32>(notes.cursors + <usize>b * cursorBytes, 0);
  for (let row = 0; row < x.width; row += rows) {
    const limit = <u32>((row + rows) * <i32>panelRow);
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

/** Tile by tile: from row to row, a tile's lines follow one another in each of its panels. */
function columnsOfQuarter(layer: Layer, quarter: i32, notes: Notes, rate: f32, batch: i32): void {
  const x = layer.input, first = firstPanel(layer.output, quarter), last = firstPanel(layer.output, quarter + 1);
  const part = <usize>quarter * x.partialBytes;
  for (let p = first; p < last; p += tilePanels) {
    startCursors(notes, x, batch);
    for (let at = notes.union, end = at + (<usize>notes.unionCount << 2); at < end; at += 4) {
      const offset = <usize>load<u32>(at);
      const count = listExamples(x, <i32>(offset / panelRow), batch, notes.examples);
      rowByColumns(layer, p, min(last, p + tilePanels), p > first, part, layer.weights + offset, notes, count, rate);
      moveCursors(notes, count);
    }
  }
}

/** A narrow layer: the rows of one quarter of the inputs, whole. */
export function backwardNarrow(layer: Layer, quarter: i32, rate: f32, batch: i32, thread: i32): void {
  const x = layer.input;
  for (let b = 0; b < batch; b++) {
    const list = activeList(x, b, quarter), end = list + countOf(x, x.activeCounts, b, quarter) * entryBytes;
    let to = x.partial + (<usize>(b * x.pitch) << 2);
    for (let before = 0; before < quarter; before++) to += countOf(x, x.activeCounts, b, before) << 2;
    dotBlocks(layer, quarters - 1, b, list, end, to);
  }
  for (let b = 0; b < batch; b++) {
    const list = activeList(x, b, quarter), end = list + countOf(x, x.activeCounts, b, quarter) * entryBytes;
    updateBlocks(layer, quarters - 1, b, list, end, rate);
  }
}

/** A bit for each quarter of y whose delta is mostly not zero. */
function denseQuarters(y: Signal, first: i32, last: i32, batch: i32): i32 {
  let bits = 0;
  for (let quarter = first; quarter < last; quarter++) {
    let blocks: usize = 0;
    for (let b = 0; b < batch; b++) blocks += countOf(y, y.blockCounts, b, quarter);
    const all = batch * (firstPanel(y, quarter + 1) - firstPanel(y, quarter)) * (panelColumns / 4);
    if (<f32>blocks > denseShare * <f32>all) bits |= 1 << quarter;
  }
  return bits;
}

function startCursors(notes: Notes, x: Signal, batch: i32): void {
  for (let b = 0; b < batch; b++) {
    const cursor = notes.cursors + <usize>b * cursorBytes;
    store<u32>(cursor, <u32>(notes.active + <usize>b * x.activeBytes));
    store<u32>(cursor, <u32>(x.partial + (<usize>(b * x.pitch) << 2)), 4);
  }
}

/** Past the unit of this row, in the examples that list it. */
// @ts-ignore: decorator
@inline
function moveCursors(notes: Notes, count: i32): void {
  for (let k = 0; k < count; k++) {
    const cursor = notes.cursors + <usize>exampleAt(notes, k) * cursorBytes;
    store<u32>(cursor, load<u32>(cursor) + <u32>entryBytes);
    store<u32>(cursor, load<u32>(cursor, 4) + 4, 4);
  }
}

// @ts-ignore: decorator
@inline
function exampleAt(notes: Notes, k: i32): i32 {
  return load<i32>(notes.examples + (<usize>k << 2));
}

/** x[b, i] of this row. */
// @ts-ignore: decorator
@inline
function valueOf(notes: Notes, b: i32): f32 {
  return load<f32>(<usize>load<u32>(notes.cursors + <usize>b * cursorBytes), 4);
}

// @ts-ignore: decorator
@inline
function keepPart(notes: Notes, b: i32, part: usize, dot: f32, more: bool): void {
  const to = <usize>load<u32>(notes.cursors + <usize>b * cursorBytes, 4) + part;
  store<f32>(to, more ? load<f32>(to) + dot : dot);
}

/** Writes the numbers of the examples in which unit i is active, and returns how many they are. */
// @ts-ignore: decorator
@inline
function listExamples(x: Signal, i: i32, batch: i32, to: usize): i32 {
  let at = to, marks = x.examples + (<usize>i << 2);
  for (let first = 0; first < batch; first += 32, marks += <usize>x.pitch << 2) {
    let mask = load<u32>(marks);
    while (mask) {
      store<i32>(at, first + ctz(mask));
      at += 4;
      mask &= mask - 1;
    }
  }
  return <i32>((at - to) >> 2);
}

/**
 * Panels p … end − 1 of a row. Up to five examples at a time, so that each weight is read once for five.
 * @param more are the dot products added to those of the panels before?
 */
// @ts-ignore: decorator
@inline
function rowByColumns(
  layer: Layer, p: i32, end: i32, more: bool, part: usize, row: usize, notes: Notes, count: i32, rate: f32,
): void {
  let k = 0;
  for (; k + 4 < count; k += 5) dotColumns(5, layer, p, end, more, part, row, notes, k);
  switch (count - k) {
    case 4: dotColumns(4, layer, p, end, more, part, row, notes, k); break;
    case 3: dotColumns(3, layer, p, end, more, part, row, notes, k); break;
    case 2: dotColumns(2, layer, p, end, more, part, row, notes, k); break;
    case 1: dotColumns(1, layer, p, end, more, part, row, notes, k); break;
  }
  k = 0;
  for (; k + 4 < count; k += 5) updateColumns(5, layer, p, end, row, notes, k, rate);
  switch (count - k) {
    case 4: updateColumns(4, layer, p, end, row, notes, k, rate); break;
    case 3: updateColumns(3, layer, p, end, row, notes, k, rate); break;
    case 2: updateColumns(2, layer, p, end, row, notes, k, rate); break;
    case 1: updateColumns(1, layer, p, end, row, notes, k, rate); break;
  }
}

/** delta of the k-th listed example. */
// @ts-ignore: decorator
@inline
function deltaOf(y: Signal, notes: Notes, k: i32): usize {
  return y.delta + (<usize>(exampleAt(notes, k) * y.pitch) << 2);
}

/** @param n 1 to 5, a constant where this is inlined */
// @ts-ignore: decorator
@inline
function dotColumns(
  n: i32, layer: Layer, first: i32, end: i32, more: bool, part: usize, row: usize, notes: Notes, k: i32,
): void {
  const y = layer.output;
  let at = <usize>first * panelRow, w = row + <usize>first * layer.panelBytes;
  let d0 = deltaOf(y, notes, k) + at, d1 = n > 1 ? deltaOf(y, notes, k + 1) + at : 0, d2 = n > 2 ? deltaOf(y, notes, k + 2) + at : 0;
  let d3 = n > 3 ? deltaOf(y, notes, k + 3) + at : 0, d4 = n > 4 ? deltaOf(y, notes, k + 4) + at : 0;
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, t0 = s0, t1 = s0;
  for (const last = <usize>end * panelRow; at < last; at += panelRow) {
    // always true: see sumActive in forward.ts
    if (w) {
      const x = v128.load(w);
      s0 = f32x4.add(s0, f32x4.mul(x, v128.load(d0)));
      if (n > 1) s1 = f32x4.add(s1, f32x4.mul(x, v128.load(d1)));
      if (n > 2) s2 = f32x4.add(s2, f32x4.mul(x, v128.load(d2)));
      if (n > 3) s3 = f32x4.add(s3, f32x4.mul(x, v128.load(d3)));
      if (n > 4) s4 = f32x4.add(s4, f32x4.mul(x, v128.load(d4)));
    }
    if (w) {
      const x = v128.load(w, 16);
      if (n > 2) s0 = f32x4.add(s0, f32x4.mul(x, v128.load(d0, 16)));
      else t0 = f32x4.add(t0, f32x4.mul(x, v128.load(d0, 16)));
      if (n > 2) s1 = f32x4.add(s1, f32x4.mul(x, v128.load(d1, 16)));
      else if (n > 1) t1 = f32x4.add(t1, f32x4.mul(x, v128.load(d1, 16)));
      if (n > 2) s2 = f32x4.add(s2, f32x4.mul(x, v128.load(d2, 16)));
      if (n > 3) s3 = f32x4.add(s3, f32x4.mul(x, v128.load(d3, 16)));
      if (n > 4) s4 = f32x4.add(s4, f32x4.mul(x, v128.load(d4, 16)));
    }
    if (w) {
      const x = v128.load(w, 32);
      s0 = f32x4.add(s0, f32x4.mul(x, v128.load(d0, 32)));
      if (n > 1) s1 = f32x4.add(s1, f32x4.mul(x, v128.load(d1, 32)));
      if (n > 2) s2 = f32x4.add(s2, f32x4.mul(x, v128.load(d2, 32)));
      if (n > 3) s3 = f32x4.add(s3, f32x4.mul(x, v128.load(d3, 32)));
      if (n > 4) s4 = f32x4.add(s4, f32x4.mul(x, v128.load(d4, 32)));
    }
    const x = v128.load(w, 48);
    if (n > 2) s0 = f32x4.add(s0, f32x4.mul(x, v128.load(d0, 48)));
    else t0 = f32x4.add(t0, f32x4.mul(x, v128.load(d0, 48)));
    if (n > 2) s1 = f32x4.add(s1, f32x4.mul(x, v128.load(d1, 48)));
    else if (n > 1) t1 = f32x4.add(t1, f32x4.mul(x, v128.load(d1, 48)));
    if (n > 2) s2 = f32x4.add(s2, f32x4.mul(x, v128.load(d2, 48)));
    if (n > 3) s3 = f32x4.add(s3, f32x4.mul(x, v128.load(d3, 48)));
    if (n > 4) s4 = f32x4.add(s4, f32x4.mul(x, v128.load(d4, 48)));
    w += layer.panelBytes; d0 += panelRow; d1 += panelRow; d2 += panelRow; d3 += panelRow; d4 += panelRow;
  }
  // sums of one or two examples are two each: alone they would wait for themselves
  keepPart(notes, exampleAt(notes, k), part, sumOf(n > 2 ? s0 : f32x4.add(s0, t0)), more);
  if (n > 1) keepPart(notes, exampleAt(notes, k + 1), part, sumOf(n > 2 ? s1 : f32x4.add(s1, t1)), more);
  if (n > 2) keepPart(notes, exampleAt(notes, k + 2), part, sumOf(s2), more);
  if (n > 3) keepPart(notes, exampleAt(notes, k + 3), part, sumOf(s3), more);
  if (n > 4) keepPart(notes, exampleAt(notes, k + 4), part, sumOf(s4), more);
}

// @ts-ignore: decorator
@inline
function scaleOf(notes: Notes, k: i32, rate: f32): v128 {
  return f32x4.splat(rate * valueOf(notes, exampleAt(notes, k)));
}

// @ts-ignore: decorator
@inline
function updateColumns(n: i32, layer: Layer, first: i32, end: i32, row: usize, notes: Notes, k: i32, rate: f32): void {
  const y = layer.output, zero = f32x4.splat(0);
  let at = <usize>first * panelRow, w = row + <usize>first * layer.panelBytes;
  let d0 = deltaOf(y, notes, k) + at, d1 = n > 1 ? deltaOf(y, notes, k + 1) + at : 0, d2 = n > 2 ? deltaOf(y, notes, k + 2) + at : 0;
  let d3 = n > 3 ? deltaOf(y, notes, k + 3) + at : 0, d4 = n > 4 ? deltaOf(y, notes, k + 4) + at : 0;
  const x0 = scaleOf(notes, k, rate), x1 = n > 1 ? scaleOf(notes, k + 1, rate) : zero, x2 = n > 2 ? scaleOf(notes, k + 2, rate) : zero;
  const x3 = n > 3 ? scaleOf(notes, k + 3, rate) : zero, x4 = n > 4 ? scaleOf(notes, k + 4, rate) : zero;
  for (const last = <usize>end * panelRow; at < last; at += panelRow) {
    {
      let sum = f32x4.mul(x0, v128.load(d0));
      if (n > 1) sum = f32x4.add(sum, f32x4.mul(x1, v128.load(d1)));
      if (n == 3) sum = f32x4.add(sum, f32x4.mul(x2, v128.load(d2)));
      if (n > 3) sum = f32x4.add(sum, f32x4.add(f32x4.mul(x2, v128.load(d2)), f32x4.mul(x3, v128.load(d3))));
      if (n > 4) sum = f32x4.add(sum, f32x4.mul(x4, v128.load(d4)));
      v128.store(w, f32x4.sub(v128.load(w), sum));
    }
    {
      let sum = f32x4.mul(x0, v128.load(d0, 16));
      if (n > 1) sum = f32x4.add(sum, f32x4.mul(x1, v128.load(d1, 16)));
      if (n == 3) sum = f32x4.add(sum, f32x4.mul(x2, v128.load(d2, 16)));
      if (n > 3) sum = f32x4.add(sum, f32x4.add(f32x4.mul(x2, v128.load(d2, 16)), f32x4.mul(x3, v128.load(d3, 16))));
      if (n > 4) sum = f32x4.add(sum, f32x4.mul(x4, v128.load(d4, 16)));
      v128.store(w, f32x4.sub(v128.load(w, 16), sum), 16);
    }
    {
      let sum = f32x4.mul(x0, v128.load(d0, 32));
      if (n > 1) sum = f32x4.add(sum, f32x4.mul(x1, v128.load(d1, 32)));
      if (n == 3) sum = f32x4.add(sum, f32x4.mul(x2, v128.load(d2, 32)));
      if (n > 3) sum = f32x4.add(sum, f32x4.add(f32x4.mul(x2, v128.load(d2, 32)), f32x4.mul(x3, v128.load(d3, 32))));
      if (n > 4) sum = f32x4.add(sum, f32x4.mul(x4, v128.load(d4, 32)));
      v128.store(w, f32x4.sub(v128.load(w, 32), sum), 32);
    }
    let sum = f32x4.mul(x0, v128.load(d0, 48));
    if (n > 1) sum = f32x4.add(sum, f32x4.mul(x1, v128.load(d1, 48)));
    if (n == 3) sum = f32x4.add(sum, f32x4.mul(x2, v128.load(d2, 48)));
    if (n > 3) sum = f32x4.add(sum, f32x4.add(f32x4.mul(x2, v128.load(d2, 48)), f32x4.mul(x3, v128.load(d3, 48))));
    if (n > 4) sum = f32x4.add(sum, f32x4.mul(x4, v128.load(d4, 48)));
    v128.store(w, f32x4.sub(v128.load(w, 48), sum), 48);
    w += layer.panelBytes; d0 += panelRow; d1 += panelRow; d2 += panelRow; d3 += panelRow; d4 += panelRow;
  }
}

/** Keeps what the update of the first layer needs until the next step; its delta stays where it is. */
export function holdUpdate(layer: Layer, batch: i32, thread: i32): void {
  const notes = notesOf(layer, thread), bytes = layer.input.activeBytes;
  for (let b: usize = 0; b < <usize>batch; b++) {
    const count = load<u32>(notes.counts + (b << 2));
    store<u32>(notes.heldCounts + (b << 2), count);
    memory.copy(notes.heldActive + b * bytes, notes.active + b * bytes, <usize>count * entryBytes);
  }
}

/** Makes the held update of a quarter. */
export function updateHeld(layer: Layer, quarter: i32, rate: f32, batch: i32, thread: i32): void {
  const y = layer.output, notes = notesOf(layer, thread);
  for (let p = firstPanel(y, quarter), end = firstPanel(y, quarter + 1); p < end; p++) updatePanel(layer, p, notes, rate, batch);
}

/** The first layer needs no ∂L/∂x: its update goes panel by panel, each block of delta against the list of active inputs. */
export function updatePanel(layer: Layer, p: i32, notes: Notes, rate: f32, batch: i32): void {
  const y = layer.output, panel = layer.weights + <usize>p * layer.panelBytes, eta = f32x4.splat(rate);
  for (let b = 0; b < batch; b++) {
    const from = notes.heldActive + <usize>b * layer.input.activeBytes;
    const to = from + <usize>load<u32>(notes.heldCounts + (<usize>b << 2)) * entryBytes;
    const delta = y.delta + (<usize>(b * y.pitch + p * panelColumns) << 2);
    let blocks = 0;
    for (let at: usize = 0; at < panelRow; at += 16) blocks |= i32(v128.any_true(v128.load(delta + at))) << <i32>(at >> 4);
    if (popcnt(blocks) > 2) updateRow(panel, delta, from, to, eta);
    else
      for (; blocks; blocks &= blocks - 1) {
        const block = <usize>ctz(blocks) << 4;
        updateBlock(panel + block, f32x4.mul(eta, v128.load(delta + block)), from, to);
      }
  }
}

// @ts-ignore: decorator
@inline
function updateBlock(w: usize, d: v128, from: usize, to: usize): void {
  for (; from < to; from += entryBytes) {
    const at = w + load<u32>(from);
    v128.store(at, f32x4.sub(v128.load(at), f32x4.mul(v128.load32_splat(from, 4), d)));
  }
}

// @ts-ignore: decorator
@inline
function updateRow(w: usize, delta: usize, from: usize, to: usize, eta: v128): void {
  const d0 = f32x4.mul(eta, v128.load(delta)), d1 = f32x4.mul(eta, v128.load(delta, 16));
  const d2 = f32x4.mul(eta, v128.load(delta, 32)), d3 = f32x4.mul(eta, v128.load(delta, 48));
  for (; from < to; from += entryBytes) {
    const at = w + load<u32>(from), x = v128.load32_splat(from, 4);
    v128.store(at, f32x4.sub(v128.load(at), f32x4.mul(x, d0)));
    v128.store(at, f32x4.sub(v128.load(at, 16), f32x4.mul(x, d1)), 16);
    v128.store(at, f32x4.sub(v128.load(at, 32), f32x4.mul(x, d2)), 32);
    v128.store(at, f32x4.sub(v128.load(at, 48), f32x4.mul(x, d3)), 48);
  }
}

// @ts-ignore: decorator
@inline
function sumOf(s: v128): f32 {
  return (f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1)) + (f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3));
}
