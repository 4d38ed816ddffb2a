// The biases, and what a step did to each unit: all that needs a layer's delta and none of its weights.
import { sumOf } from "./math";
import { biasRow, firstUnit, Layer, LINEAR, notesOf, panelAt, panelRow, quarters, Signal } from "./structures";

/** gram[b, c] = x[b, :] · x[c, :] for c ≤ b, a quarter's part: with it the norm of every unit's update follows without a look at the weights. */
export function gramMatrix(x: Signal, quarter: i32, batch: i32): void {
  const row = <usize>x.pitch << 2, first = x.values + (<usize>firstUnit(x, quarter) << 2);
  const bytes = <usize>(firstUnit(x, quarter + 1) - firstUnit(x, quarter)) << 2, gram = x.gram + <usize>quarter * x.gramBytes;
  for (let b = 0; b < batch; b++) {
    const to = gram + (<usize>(b * batch) << 2), xb = first + <usize>b * row;
    let c = 0;
    for (; c + 3 <= b; c += 4) dots(4, xb, first + <usize>c * row, row, bytes, to + (<usize>c << 2));
    for (; c <= b; c++) dots(1, xb, first + <usize>c * row, row, bytes, to + (<usize>c << 2));
  }
}

/** a · b, and of the n − 1 rows after b. */
// @ts-ignore: decorator
@inline
function dots(n: i32, a: usize, b: usize, row: usize, bytes: usize, to: usize): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (let at: usize = 0; at < bytes; at += 16) {
    const x = v128.load(a + at), y = b + at;
    s0 = f32x4.add(s0, f32x4.mul(x, v128.load(y)));
    if (n > 1) {
      s1 = f32x4.add(s1, f32x4.mul(x, v128.load(y + row)));
      s2 = f32x4.add(s2, f32x4.mul(x, v128.load(y + 2 * row)));
      s3 = f32x4.add(s3, f32x4.mul(x, v128.load(y + 3 * row)));
    }
  }
  store<f32>(to, sumOf(s0));
  if (n > 1) { store<f32>(to, sumOf(s1), 4); store<f32>(to, sumOf(s2), 8); store<f32>(to, sumOf(s3), 12); }
}

/** Adds the quarters' parts of the input's Gram matrix up, for this thread. */
export function joinGram(layer: Layer, batch: i32, thread: i32): void {
  const x = layer.input, to = notesOf(layer, thread).gram, part = x.gramBytes;
  for (let b = 0; b < batch; b++)
    for (let c = 0; c <= b; c++) {
      const at = <usize>(b * batch + c) << 2, from = x.gram + at;
      let sum: f32 = 0;
      for (let quarter = 0; quarter < quarters; quarter++) sum += load<f32>(from + <usize>quarter * part);
      store<f32>(to + at, sum);
    }
}

/**
 * For each unit: adds the gradient to the bias, and keeps lastFiredStep, maxUpdate and maxUpdateStep; of all, how long the gradient is. A unit's update is
 * rate · √(‖Σ_b x_b δ_bj‖² + (Σ_b δ_bj)²), where ‖Σ_b x_b δ_bj‖² = Σ_bc δ_bj gram[b, c] δ_cj (Goodfellow 2015, arXiv:1510.01799).
 */
export function updateBiases(layer: Layer, quarter: i32, rate: f32, step: i32, batch: i32, thread: i32): void {
  const y = layer.output, row = <usize>y.pitch << 2, hidden = y.unit != LINEAR, notes = notesOf(layer, thread);
  const zero = f32x4.splat(0), eta = f32x4.splat(rate), now = i32x4.splat(step);
  const biases = biasRow(layer);
  const examples = notes.examples;
  let low = f64x2.splat(0), high = low;
  for (let at = <usize>firstUnit(y, quarter) << 2, end = <usize>firstUnit(y, quarter + 1) << 2; at < end; at += 16) {
    const count = hidden ? listMarked(y, at, batch, examples) : listAll(batch, examples);
    if (!count) continue;
    const delta = y.delta + at;
    let sum = zero, fired = zero;
    for (let k = 0; k < count; k++) {
      const b = <usize>load<i32>(examples + (<usize>k << 2)) * row;
      sum = f32x4.add(sum, v128.load(delta + b));
      if (hidden) fired = v128.or(fired, f32x4.ne(v128.load(y.values + b + at), zero));
    }
    const bias = panelAt(layer, <i32>(at / panelRow)) + biases + (at % panelRow);
    v128.store(bias, f32x4.sub(v128.load(bias), f32x4.mul(eta, sum)));
    const square = squaredNorm(delta, row, notes.gram, batch, examples, count);
    low = f64x2.add(low, f64x2.promote_low_f32x4(square));
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<i32>(square, square, 2, 3, 2, 3)));
    if (!hidden) continue;
    const update = f32x4.mul(eta, f32x4.sqrt(f32x4.add(square, f32x4.mul(sum, sum))));
    const larger = f32x4.gt(update, v128.load(y.maxUpdate + at));
    v128.store(y.lastFiredStep + at, v128.bitselect(now, v128.load(y.lastFiredStep + at), fired));
    v128.store(y.maxUpdate + at, v128.bitselect(update, v128.load(y.maxUpdate + at), larger));
    v128.store(y.maxUpdateStep + at, v128.bitselect(now, v128.load(y.maxUpdateStep + at), larger));
  }
  const sum = f64x2.add(low, high);
  store<f64>(y.squares + <usize>quarter * panelRow, f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
}

/** Writes the numbers of the examples in which one of four units takes part; returns how many they are. */
// @ts-ignore: decorator
@inline
function listMarked(y: Signal, at: usize, batch: i32, to: usize): i32 {
  let end = to, marks = y.examples + at;
  for (let first = 0; first < batch; first += 32, marks += <usize>y.pitch << 2) {
    const all = load<u64>(marks) | load<u64>(marks, 8);
    for (let mask = <u32>all | <u32>(all >> 32); mask; mask &= mask - 1, end += 4) store<i32>(end, first + ctz(mask));
  }
  return <i32>((end - to) >> 2);
}

// @ts-ignore: decorator
@inline
function listAll(batch: i32, to: usize): i32 {
  for (let b = 0; b < batch; b++) store<i32>(to + (<usize>b << 2), b);
  return batch;
}

/** Σ_bc δ_b gram[b, c] δ_c of four units, over the listed examples. */
// @ts-ignore: decorator
@inline
function squaredNorm(delta: usize, row: usize, gram: usize, batch: i32, examples: usize, count: i32): v128 {
  let square = f32x4.splat(0);
  for (let k = 0; k < count; k++) {
    const b = load<i32>(examples + (<usize>k << 2)), g = gram + (<usize>(b * batch) << 2);
    const d = v128.load(delta + <usize>b * row);
    let inner = f32x4.splat(0);
    for (let m = 0; m < k; m++) {
      const c = <usize>load<i32>(examples + (<usize>m << 2));
      inner = f32x4.add(inner, f32x4.mul(v128.load32_splat(g + (c << 2)), v128.load(delta + c * row)));
    }
    inner = f32x4.add(f32x4.add(inner, inner), f32x4.mul(v128.load32_splat(g + (<usize>b << 2)), d));
    square = f32x4.add(square, f32x4.mul(d, inner));
  }
  return f32x4.max(square, f32x4.splat(0));
}
