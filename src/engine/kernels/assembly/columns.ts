// The backward pass where most of delta is not zero: whole rows, for five examples at once.
import { sumOf } from "./math";
import { entryBytes, firstPanel, Layer, Notes, panelAt, panelRow, quarters, Signal, unitOf } from "./structures";
import { touchAll } from "./touch";

/** One for each example: its next active unit in the list, and where the gradient of that goes. */
const cursorBytes: usize = 8;

/** Panels that rowByColumns goes through the rows with: their delta, for ten examples, fits into the first cache. */
const tilePanels: i32 = 16;

/** A layer of more bytes is in no cache when its turn comes: it is read ahead, so many rows of a tile at a time. */
const inCaches: usize = 1 << 24;
const aheadRows: i32 = 64;

/** Tile by tile: from row to row, a tile's lines follow one another in each of its panels. */
export function columnsOfQuarter(layer: Layer, quarter: i32, notes: Notes, rate: f32, batch: i32): void {
  const x = layer.input, first = firstPanel(layer.output, quarter), last = firstPanel(layer.output, quarter + 1);
  const part = <usize>quarter * x.partialBytes;
  const large = layer.strip == 1 && <usize>firstPanel(layer.output, quarters) * layer.panelBytes > inCaches;
  for (let p = first; p < last; p += tilePanels) {
    const panel = panelAt(layer, p), panels = min(tilePanels, last - p);
    startCursors(notes, x, batch);
    let ahead: usize = 0;
    for (let at = notes.union, end = at + (<usize>notes.unionCount << 2); at < end; at += 4) {
      const offset = <usize>load<u32>(at);
      if (large && offset >= ahead) {
        const rows = min(aheadRows, x.width - <i32>unitOf(x, <u32>offset));
        for (let q = 0; q < panels; q++) touchAll(panel + <usize>q * layer.panelBytes + offset, rows, notes);
        ahead = offset + <usize>rows * panelRow;
      }
      const count = listExamples(x, <i32>unitOf(x, <u32>offset), batch, notes.examples);
      rowByColumns(layer, p, panels, p > first, part, panel + offset, notes, count, rate);
      moveCursors(notes, count);
    }
  }
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
 * A row's weights in `panels` panels, from p on, which lie at `row`. Up to five examples at a time, so that each weight is read once for five.
 * @param more are the dot products added to those of the panels before?
 */
// @ts-ignore: decorator
@inline
function rowByColumns(
  layer: Layer, p: i32, panels: i32, more: bool, part: usize, row: usize, notes: Notes, count: i32, rate: f32,
): void {
  let k = 0;
  for (; k + 4 < count; k += 5) dotColumns(5, layer, p, panels, more, part, row, notes, k);
  switch (count - k) {
    case 4: dotColumns(4, layer, p, panels, more, part, row, notes, k); break;
    case 3: dotColumns(3, layer, p, panels, more, part, row, notes, k); break;
    case 2: dotColumns(2, layer, p, panels, more, part, row, notes, k); break;
    case 1: dotColumns(1, layer, p, panels, more, part, row, notes, k); break;
  }
  // another optimizer's turn comes later: see optimizers.ts
  if (!rate) return;
  k = 0;
  for (; k + 4 < count; k += 5) updateColumns(5, layer, p, panels, row, notes, k, rate);
  switch (count - k) {
    case 4: updateColumns(4, layer, p, panels, row, notes, k, rate); break;
    case 3: updateColumns(3, layer, p, panels, row, notes, k, rate); break;
    case 2: updateColumns(2, layer, p, panels, row, notes, k, rate); break;
    case 1: updateColumns(1, layer, p, panels, row, notes, k, rate); break;
  }
}

/** How many panels are gone through before the next strip begins, a gap further. */
// @ts-ignore: decorator
@inline
function sideBySide(layer: Layer, panels: i32): i32 {
  return layer.strip == 1 ? panels : layer.strip;
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
  n: i32, layer: Layer, first: i32, panels: i32, more: bool, part: usize, row: usize, notes: Notes, k: i32,
): void {
  const y = layer.output;
  let at = <usize>first * panelRow, w = row;
  let d0 = deltaOf(y, notes, k) + at, d1 = n > 1 ? deltaOf(y, notes, k + 1) + at : 0, d2 = n > 2 ? deltaOf(y, notes, k + 2) + at : 0;
  let d3 = n > 3 ? deltaOf(y, notes, k + 3) + at : 0, d4 = n > 4 ? deltaOf(y, notes, k + 4) + at : 0;
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, t0 = s0, t1 = s0;
  for (let left = panels, side = sideBySide(layer, panels); left > 0; left -= side, w += layer.stripGap)
  for (const last = at + <usize>min(left, side) * panelRow; at < last; at += panelRow) {
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
function updateColumns(n: i32, layer: Layer, first: i32, panels: i32, row: usize, notes: Notes, k: i32, rate: f32): void {
  const y = layer.output, zero = f32x4.splat(0);
  let at = <usize>first * panelRow, w = row;
  let d0 = deltaOf(y, notes, k) + at, d1 = n > 1 ? deltaOf(y, notes, k + 1) + at : 0, d2 = n > 2 ? deltaOf(y, notes, k + 2) + at : 0;
  let d3 = n > 3 ? deltaOf(y, notes, k + 3) + at : 0, d4 = n > 4 ? deltaOf(y, notes, k + 4) + at : 0;
  const x0 = scaleOf(notes, k, rate), x1 = n > 1 ? scaleOf(notes, k + 1, rate) : zero, x2 = n > 2 ? scaleOf(notes, k + 2, rate) : zero;
  const x3 = n > 3 ? scaleOf(notes, k + 3, rate) : zero, x4 = n > 4 ? scaleOf(notes, k + 4, rate) : zero;
  for (let left = panels, side = sideBySide(layer, panels); left > 0; left -= side, w += layer.stripGap)
  for (const last = at + <usize>min(left, side) * panelRow; at < last; at += panelRow) {
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
