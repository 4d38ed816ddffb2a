// The backward pass of a layer: row by row of the weights, first the dot products with the old ones, then their update.
import {
  endOf, entryBytes, firstPanel, firstQuarter, Layer, panelColumns, panelRow, quarters, Signal, startOf,
} from "./structures";

/** Where more than this share of the blocks of delta is not zero, whole rows cost less than lists of blocks. */
const denseShare: f32 = 0.6;

/**
 * For each input i: w[i, :] · delta[b, :], a part of ∂L/∂x[b, i], then w[i, :] −= rate · Σ_b x[b, i] · delta[b, :]. An example in which
 * the input is 0 costs nothing if x comes from rectifiers: their derivative is 0 too.
 */
export function backward(layer: Layer, rate: f32, batch: i32, thread: i32, threads: i32): void {
  const x = layer.input, examples = layer.scratch + <usize>thread * layer.scratchBytes;
  const byBlocks = isSparse(layer.output, batch);
  const first = firstQuarter(thread, threads), last = firstQuarter(thread + 1, threads);
  const rows = x.union + (quarters << 2);
  // a narrow layer has no columns to share out: each thread takes its own rows, whole
  const from = layer.narrow ? startOf(x.union, 0, first) : 0, to = endOf(x.union, 0, layer.narrow ? last - 1 : quarters - 1);
  for (let at = from; at < to; at++) {
    const offset = <usize>load<u32>(rows + (at << 2)), i = <i32>(offset / panelRow), row = layer.weights + offset;
    const count = listExamples(x, i, batch, examples);
    if (layer.narrow) rowByBlocks(layer, 0, quarters - 1, 0, row, i, examples, count, rate);
    else
      for (let quarter = first; quarter < last; quarter++) {
        if (byBlocks) rowByBlocks(layer, quarter, quarter, quarter, row, i, examples, count, rate);
        else rowByColumns(layer, quarter, row, i, examples, count, rate);
      }
  }
}

function isSparse(y: Signal, batch: i32): bool {
  let blocks: usize = 0;
  for (let b = 0; b < batch; b++) blocks += endOf(y.blockEnds, b, quarters - 1);
  return <f32>blocks < denseShare * <f32>(batch * ((y.width + 3) >> 2));
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

// @ts-ignore: decorator
@inline
function keepPart(x: Signal, part: i32, b: i32, i: i32, dot: f32): void {
  store<f32>(x.partial + <usize>part * x.partialBytes + (<usize>(b * x.pitch + i) << 2), dot);
}

// @ts-ignore: decorator
@inline
function valueOf(x: Signal, b: i32, i: i32): f32 {
  return load<f32>(x.values + (<usize>(b * x.pitch + i) << 2));
}

// @ts-ignore: decorator
@inline
function rowByBlocks(
  layer: Layer, firstQuarter: i32, lastQuarter: i32, part: i32, row: usize, i: i32, examples: usize, count: i32, rate: f32,
): void {
  const x = layer.input, y = layer.output, pitch = y.pitch;
  for (let k = 0; k < count; k++) {
    const b = load<i32>(examples + (<usize>k << 2));
    const delta = y.delta + (<usize>(b * pitch) << 2);
    const list = y.blocks + <usize>(b * (pitch >> 2)) * entryBytes;
    const end = list + endOf(y.blockEnds, b, lastQuarter) * entryBytes;
    let at = list + startOf(y.blockEnds, b, firstQuarter) * entryBytes;
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (; at + 3 * entryBytes < end; at += 4 * entryBytes) {
      s0 = f32x4.add(s0, f32x4.mul(v128.load(row + load<u32>(at)), v128.load(delta + load<u32>(at, 4))));
      s1 = f32x4.add(s1, f32x4.mul(v128.load(row + load<u32>(at, 8)), v128.load(delta + load<u32>(at, 12))));
      s2 = f32x4.add(s2, f32x4.mul(v128.load(row + load<u32>(at, 16)), v128.load(delta + load<u32>(at, 20))));
      s3 = f32x4.add(s3, f32x4.mul(v128.load(row + load<u32>(at, 24)), v128.load(delta + load<u32>(at, 28))));
    }
    for (; at < end; at += entryBytes)
      s0 = f32x4.add(s0, f32x4.mul(v128.load(row + load<u32>(at)), v128.load(delta + load<u32>(at, 4))));
    keepPart(x, part, b, i, sumOf(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3))));
  }
  for (let k = 0; k < count; k++) {
    const b = load<i32>(examples + (<usize>k << 2));
    const delta = y.delta + (<usize>(b * pitch) << 2), scale = f32x4.splat(rate * valueOf(x, b, i));
    const list = y.blocks + <usize>(b * (pitch >> 2)) * entryBytes;
    const end = list + endOf(y.blockEnds, b, lastQuarter) * entryBytes;
    let at = list + startOf(y.blockEnds, b, firstQuarter) * entryBytes;
    for (; at < end; at += entryBytes) {
      const w = row + load<u32>(at);
      v128.store(w, f32x4.sub(v128.load(w), f32x4.mul(scale, v128.load(delta + load<u32>(at, 4)))));
    }
  }
}

/** Four examples at a time, so that each weight is read once for four. */
// @ts-ignore: decorator
@inline
function rowByColumns(
  layer: Layer, quarter: i32, row: usize, i: i32, examples: usize, count: i32, rate: f32,
): void {
  let k = 0;
  for (; k + 3 < count; k += 4) dotColumns(4, layer, quarter, row, i, examples + (<usize>k << 2));
  if (k + 1 < count) { dotColumns(2, layer, quarter, row, i, examples + (<usize>k << 2)); k += 2; }
  if (k < count) dotColumns(1, layer, quarter, row, i, examples + (<usize>k << 2));
  k = 0;
  for (; k + 3 < count; k += 4) updateColumns(4, layer, quarter, row, i, examples + (<usize>k << 2), rate);
  if (k + 1 < count) { updateColumns(2, layer, quarter, row, i, examples + (<usize>k << 2), rate); k += 2; }
  if (k < count) updateColumns(1, layer, quarter, row, i, examples + (<usize>k << 2), rate);
}

/** @param n 1, 2 or 4, a constant where this is inlined */
// @ts-ignore: decorator
@inline
function dotColumns(n: i32, layer: Layer, quarter: i32, row: usize, i: i32, examples: usize): void {
  const y = layer.output, x = layer.input, bytes = <usize>y.pitch << 2;
  const b0 = load<i32>(examples), b1 = n > 1 ? load<i32>(examples, 4) : 0;
  const b2 = n > 2 ? load<i32>(examples, 8) : 0, b3 = n > 2 ? load<i32>(examples, 12) : 0;
  const d0 = y.delta + <usize>b0 * bytes, d1 = y.delta + <usize>b1 * bytes;
  const d2 = y.delta + <usize>b2 * bytes, d3 = y.delta + <usize>b3 * bytes;
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
  let panel = <usize>firstPanel(y, quarter) * panelRow, w = row + <usize>firstPanel(y, quarter) * layer.panelBytes;
  for (const end = <usize>firstPanel(y, quarter + 1) * panelRow; panel < end; panel += panelRow, w += layer.panelBytes) {
    for (let v: usize = 0; v < panelRow; v += 32) {
      const at = panel + v;
      // always true: see forward.ts
      if (at + 1) {
        const even = v128.load(w + v);
        s0 = f32x4.add(s0, f32x4.mul(even, v128.load(d0 + at)));
        if (n > 1) s1 = f32x4.add(s1, f32x4.mul(even, v128.load(d1 + at)));
        if (n > 2) s2 = f32x4.add(s2, f32x4.mul(even, v128.load(d2 + at)));
        if (n > 2) s3 = f32x4.add(s3, f32x4.mul(even, v128.load(d3 + at)));
      }
      const odd = v128.load(w + v, 16);
      t0 = f32x4.add(t0, f32x4.mul(odd, v128.load(d0 + at, 16)));
      if (n > 1) t1 = f32x4.add(t1, f32x4.mul(odd, v128.load(d1 + at, 16)));
      if (n > 2) t2 = f32x4.add(t2, f32x4.mul(odd, v128.load(d2 + at, 16)));
      if (n > 2) t3 = f32x4.add(t3, f32x4.mul(odd, v128.load(d3 + at, 16)));
    }
  }
  keepPart(x, quarter, b0, i, sumOf(f32x4.add(s0, t0)));
  if (n > 1) keepPart(x, quarter, b1, i, sumOf(f32x4.add(s1, t1)));
  if (n > 2) {
    keepPart(x, quarter, b2, i, sumOf(f32x4.add(s2, t2)));
    keepPart(x, quarter, b3, i, sumOf(f32x4.add(s3, t3)));
  }
}

// @ts-ignore: decorator
@inline
function updateColumns(n: i32, layer: Layer, quarter: i32, row: usize, i: i32, examples: usize, rate: f32): void {
  const y = layer.output, x = layer.input, bytes = <usize>y.pitch << 2;
  const b0 = load<i32>(examples), b1 = n > 1 ? load<i32>(examples, 4) : 0;
  const b2 = n > 2 ? load<i32>(examples, 8) : 0, b3 = n > 2 ? load<i32>(examples, 12) : 0;
  const d0 = y.delta + <usize>b0 * bytes, d1 = y.delta + <usize>b1 * bytes;
  const d2 = y.delta + <usize>b2 * bytes, d3 = y.delta + <usize>b3 * bytes;
  const x0 = f32x4.splat(rate * valueOf(x, b0, i)), x1 = f32x4.splat(n > 1 ? rate * valueOf(x, b1, i) : 0);
  const x2 = f32x4.splat(n > 2 ? rate * valueOf(x, b2, i) : 0), x3 = f32x4.splat(n > 2 ? rate * valueOf(x, b3, i) : 0);
  let panel = <usize>firstPanel(y, quarter) * panelRow, w = row + <usize>firstPanel(y, quarter) * layer.panelBytes;
  for (const end = <usize>firstPanel(y, quarter + 1) * panelRow; panel < end; panel += panelRow, w += layer.panelBytes) {
    for (let v: usize = 0; v < panelRow; v += 16) {
      const at = panel + v;
      let sum = f32x4.mul(x0, v128.load(d0 + at));
      if (n > 1) sum = f32x4.add(sum, f32x4.mul(x1, v128.load(d1 + at)));
      if (n > 2) sum = f32x4.add(sum, f32x4.add(f32x4.mul(x2, v128.load(d2 + at)), f32x4.mul(x3, v128.load(d3 + at))));
      v128.store(w + v, f32x4.sub(v128.load(w + v), sum));
    }
  }
}

/** Keeps what the update of the first layer needs until the next step: its own delta stays where it is. */
export function holdUpdate(layer: Layer, batch: i32, thread: i32, threads: i32): void {
  const x = layer.input;
  for (let b = thread; b < batch; b += threads) {
    const at = <usize>b << 2, list = <usize>b * x.activeBytes, count = <u32>endOf(x.activeEnds, b, quarters - 1);
    store<u32>(layer.heldCount + at, count);
    memory.copy(layer.heldActive + list, x.active + list, <usize>count * entryBytes);
  }
}

/** Makes the held update. */
export function updateHeld(layer: Layer, rate: f32, batch: i32, thread: i32, threads: i32): void {
  const y = layer.output;
  const first = firstPanel(y, firstQuarter(thread, threads)), last = firstPanel(y, firstQuarter(thread + 1, threads));
  for (let p = first; p < last; p++) updatePanel(layer, p, rate, batch);
}

/** The first layer needs no ∂L/∂x: its update goes panel by panel, each block of delta against the list of active inputs. */
export function updatePanel(layer: Layer, p: i32, rate: f32, batch: i32): void {
  const y = layer.output, panel = layer.weights + <usize>p * layer.panelBytes, eta = f32x4.splat(rate);
  for (let b = 0; b < batch; b++) {
    const from = layer.heldActive + <usize>b * layer.input.activeBytes;
    const to = from + <usize>load<u32>(layer.heldCount + (<usize>b << 2)) * entryBytes;
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
