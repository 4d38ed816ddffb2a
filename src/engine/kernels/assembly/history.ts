// The biases, and what a step did to each unit: all that needs a layer's whole delta and none of its weights.
import { firstQuarter, firstUnit, Layer, LINEAR, panelRow, Signal } from "./structures";

/** gram[b, c] = x[b, :] · x[c, :] for c ≤ b: with it the norm of every unit's update follows without a look at the weights. */
export function gramMatrix(layer: Layer, batch: i32, thread: i32, threads: i32): void {
  const x = layer.input, row = <usize>x.pitch << 2;
  for (let b = thread; b < batch; b += threads)
    for (let c = 0; c <= b; c++)
      store<f32>(layer.gram + (<usize>(b * batch + c) << 2), dot(x.values + <usize>b * row, x.values + <usize>c * row, row));
}

/**
 * For each unit: adds the gradient to the bias, and keeps lastFiredStep, maxUpdate and maxUpdateStep. A unit's update is
 * rate · √(‖Σ_b x_b δ_bj‖² + (Σ_b δ_bj)²), where ‖Σ_b x_b δ_bj‖² = Σ_bc δ_bj gram[b, c] δ_cj (Goodfellow 2015, arXiv:1510.01799).
 */
export function updateBiases(layer: Layer, rate: f32, step: i32, batch: i32, thread: i32, threads: i32): void {
  const y = layer.output, row = <usize>y.pitch << 2, hidden = y.unit != LINEAR;
  const zero = f32x4.splat(0), eta = f32x4.splat(rate), now = i32x4.splat(step);
  const biases = layer.weights + <usize>layer.input.width * panelRow;
  const examples = layer.scratch + <usize>thread * layer.scratchBytes;
  const first = firstUnit(y, firstQuarter(thread, threads)), last = firstUnit(y, firstQuarter(thread + 1, threads));
  for (let at = <usize>first << 2, end = <usize>last << 2; at < end; at += 16) {
    const count = hidden ? listMarked(y, at, batch, examples) : listAll(batch, examples);
    if (!count) { v128.store(y.squares + at, zero); continue; }
    const delta = y.delta + at;
    let sum = zero, fired = zero;
    for (let k = 0; k < count; k++) {
      const b = <usize>load<i32>(examples + (<usize>k << 2)) * row;
      sum = f32x4.add(sum, v128.load(delta + b));
      if (hidden) fired = v128.or(fired, f32x4.ne(v128.load(y.values + b + at), zero));
    }
    const bias = biases + (at / panelRow) * layer.panelBytes + (at % panelRow);
    v128.store(bias, f32x4.sub(v128.load(bias), f32x4.mul(eta, sum)));
    const square = squaredNorm(delta, row, layer.gram, batch, examples, count);
    v128.store(y.squares + at, square);
    if (!hidden) continue;
    const update = f32x4.mul(eta, f32x4.sqrt(f32x4.add(square, f32x4.mul(sum, sum))));
    const larger = f32x4.gt(update, v128.load(y.maxUpdate + at));
    v128.store(y.lastFiredStep + at, v128.bitselect(now, v128.load(y.lastFiredStep + at), fired));
    v128.store(y.maxUpdate + at, v128.bitselect(update, v128.load(y.maxUpdate + at), larger));
    v128.store(y.maxUpdateStep + at, v128.bitselect(now, v128.load(y.maxUpdateStep + at), larger));
  }
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

// @ts-ignore: decorator
@inline
function dot(a: usize, b: usize, bytes: usize): f32 {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (let at: usize = 0; at < bytes; at += 64) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load(a + at), v128.load(b + at)));
    s1 = f32x4.add(s1, f32x4.mul(v128.load(a + at, 16), v128.load(b + at, 16)));
    s2 = f32x4.add(s2, f32x4.mul(v128.load(a + at, 32), v128.load(b + at, 32)));
    s3 = f32x4.add(s3, f32x4.mul(v128.load(a + at, 48), v128.load(b + at, 48)));
  }
  const s = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  return (f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1)) + (f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3));
}
