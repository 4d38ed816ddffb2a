// The operations on one layer and one mini-batch. Every operation is given its share of the work by (thread, threads), and every
// output element is computed by one thread in an order that does not depend on how many there are: hence the same bits for any number.
// Matrices are row-major with a pitch (floats from row to row) that is a multiple of four; the padding holds zeros.
import { exp4, log, log1p4, tanh4 } from "./math";

export const RECTIFIER: i32 = 0;
export const SOFTPLUS: i32 = 1;
export const TANH: i32 = 2;
export const LOGISTIC: i32 = 3;

/** Columns that a thread computes at a time: eight vectors of four, held in registers. */
const panel: i32 = 32;

/**
 * out[b, :] = bias + Σ_i x[b, i] · w[i, :], over the non-zero x[b, i] only: a zero input costs nothing.
 * @param active for each example: count, then the indices i of its non-zero inputs, `activePitch` words from one to the next
 */
export function forward(
  x: usize, xPitch: i32, active: usize, activePitch: i32, w: usize, bias: usize, out: usize, pitch: i32, batch: i32,
  thread: i32, threads: i32,
): void {
  const row = <usize>pitch << 2;
  const full = pitch / panel;
  for (let p = thread; p < full; p += threads) {
    const column = <usize>(p * panel) << 2;
    for (let b = 0; b < batch; b++) {
      const xb = x + (<usize>(b * xPitch) << 2);
      let list = active + (<usize>(b * activePitch) << 2);
      const end = list + (<usize>load<i32>(list) << 2) + 4;
      const from = bias + column;
      let s0 = v128.load(from), s1 = v128.load(from, 16), s2 = v128.load(from, 32), s3 = v128.load(from, 48);
      let s4 = v128.load(from, 64), s5 = v128.load(from, 80), s6 = v128.load(from, 96), s7 = v128.load(from, 112);
      for (list += 4; list < end; list += 4) {
        const i = load<u32>(list);
        const v = v128.load32_splat(xb + (<usize>i << 2));
        const wi = w + <usize>i * row + column;
        s0 = f32x4.add(s0, f32x4.mul(v, v128.load(wi)));
        s1 = f32x4.add(s1, f32x4.mul(v, v128.load(wi, 16)));
        s2 = f32x4.add(s2, f32x4.mul(v, v128.load(wi, 32)));
        s3 = f32x4.add(s3, f32x4.mul(v, v128.load(wi, 48)));
        s4 = f32x4.add(s4, f32x4.mul(v, v128.load(wi, 64)));
        s5 = f32x4.add(s5, f32x4.mul(v, v128.load(wi, 80)));
        s6 = f32x4.add(s6, f32x4.mul(v, v128.load(wi, 96)));
        s7 = f32x4.add(s7, f32x4.mul(v, v128.load(wi, 112)));
      }
      const to = out + <usize>b * row + column;
      v128.store(to, s0); v128.store(to, s1, 16); v128.store(to, s2, 32); v128.store(to, s3, 48);
      v128.store(to, s4, 64); v128.store(to, s5, 80); v128.store(to, s6, 96); v128.store(to, s7, 112);
    }
  }
  // the columns right of the last whole panel, four at a time
  for (let c = full * panel + thread * 4; c < pitch; c += threads * 4) {
    const column = <usize>c << 2;
    for (let b = 0; b < batch; b++) {
      const xb = x + (<usize>(b * xPitch) << 2);
      let list = active + (<usize>(b * activePitch) << 2);
      const end = list + (<usize>load<i32>(list) << 2) + 4;
      let s = v128.load(bias + column);
      for (list += 4; list < end; list += 4) {
        const i = load<u32>(list);
        s = f32x4.add(s, f32x4.mul(v128.load32_splat(xb + (<usize>i << 2)), v128.load(w + <usize>i * row + column)));
      }
      v128.store(out + <usize>b * row + column, s);
    }
  }
}

/** h = sign · unit(a), in place; signs are 0 in the padding, which so stays 0. Lists the non-zero outputs of each example. */
export function activate(
  unit: i32, sharpness: f32, h: usize, pitch: i32, signs: usize, active: usize, activePitch: i32, batch: i32,
  thread: i32, threads: i32,
): void {
  const zero = f32x4.splat(0), one = f32x4.splat(1), alpha = f32x4.splat(sharpness), inverse = f32x4.splat(1 / sharpness);
  const row = <usize>pitch << 2;
  for (let b = thread; b < batch; b += threads) {
    const start = h + <usize>b * row;
    for (let at: usize = 0; at < row; at += 16) {
      const a = v128.load(start + at);
      let u: v128;
      if (unit == RECTIFIER) u = f32x4.max(a, zero);
      else if (unit == TANH) u = tanh4(a);
      else if (unit == LOGISTIC) u = f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(a))));
      else {
        // log(1 + e^z)/α = (max(z, 0) + log(1 + e^−|z|))/α with z = αa: does not overflow
        const z = f32x4.mul(alpha, a);
        u = f32x4.mul(inverse, f32x4.add(f32x4.max(z, zero), log1p4(exp4(f32x4.neg(f32x4.abs(z))))));
      }
      // + 0 turns the −0 of a flipped silent unit into 0
      v128.store(start + at, f32x4.add(f32x4.mul(u, v128.load(signs + at)), zero));
    }
    list(start, pitch, active + (<usize>(b * activePitch) << 2));
  }
}

/** Lists the non-zero entries of each row of x. */
export function listActive(
  x: usize, pitch: i32, active: usize, activePitch: i32, batch: i32, thread: i32, threads: i32,
): void {
  for (let b = thread; b < batch; b += threads)
    list(x + (<usize>(b * pitch) << 2), pitch, active + (<usize>(b * activePitch) << 2));
}

// @ts-ignore: decorator
@inline
function list(row: usize, pitch: i32, to: usize): void {
  const zero = f32x4.splat(0);
  let count = 0;
  for (let i = 0; i < pitch; i += 4) {
    // "not equal" holds for NaN: it is passed on, not dropped
    let mask = i32x4.bitmask(f32x4.ne(v128.load(row + (<usize>i << 2)), zero));
    while (mask) {
      count++;
      store<i32>(to + (<usize>count << 2), i + ctz(mask));
      mask &= mask - 1;
    }
  }
  store<i32>(to, count);
}

/**
 * Softmax cross-entropy: loss[b] = log Σ_c e^l_c − l_label in nats (by the log-sum-exp shift), predicted[b] = argmax, and
 * delta = (softmax − one-hot) ÷ batch, the gradient of the mean loss with respect to the logits.
 */
export function softmaxLoss(
  logits: usize, pitch: i32, classes: i32, labels: usize, delta: usize, losses: usize, predicted: usize, batch: i32,
  thread: i32, threads: i32,
): void {
  const inverse: f32 = 1 / <f32>batch;
  for (let b = thread; b < batch; b += threads) {
    const from = logits + (<usize>(b * pitch) << 2), to = delta + (<usize>(b * pitch) << 2);
    let best = 0, top = load<f32>(from);
    for (let c = 1; c < classes; c++) {
      const l = load<f32>(from + (<usize>c << 2));
      if (l > top) { top = l; best = c; }
    }
    let sum: f32 = 0;
    for (let c = 0; c < classes; c++) {
      const e = f32x4.extract_lane(exp4(f32x4.splat(load<f32>(from + (<usize>c << 2)) - top)), 0);
      store<f32>(to + (<usize>c << 2), e);
      sum += e;
    }
    const label = load<i32>(labels + (<usize>b << 2));
    for (let c = 0; c < classes; c++) {
      const p = load<f32>(to + (<usize>c << 2)) / sum;
      store<f32>(to + (<usize>c << 2), (c == label ? p - 1 : p) * inverse);
    }
    // NaN or infinite logits give a NaN loss, which the trainer looks for
    const shifted = load<f32>(from + (<usize>label << 2)) - top;
    store<f32>(losses + (<usize>b << 2), sum == sum ? log(sum) - shifted : sum);
    store<i32>(predicted + (<usize>b << 2), best);
  }
}

/**
 * One pass over the rows w[i, :] of a layer: first ∂L/∂x[b, i] = w[i, :] · delta[b, :], then w[i, :] −= rate · Σ_b x[b, i] · delta[b, :].
 * Where x[b, i] is 0 the second costs nothing; with `sparse` (x comes from rectifiers, whose derivative at 0 is 0) neither does the first.
 * @param dx where ∂L/∂x goes; 0 for the first layer, which needs none
 */
export function backward(
  x: usize, xPitch: i32, inputs: i32, w: usize, delta: usize, pitch: i32, dx: usize, rate: f32, sparse: i32, batch: i32,
  thread: i32, threads: i32,
): void {
  const row = <usize>pitch << 2, xRow = <usize>xPitch << 2;
  const first = (inputs * thread) / threads, last = (inputs * (thread + 1)) / threads;
  for (let i = first; i < last; i++) {
    const wi = w + <usize>i * row, offset = <usize>i << 2;
    if (dx) for (let b = 0; b < batch; b++) {
      const at = <usize>b * xRow + offset;
      let sum: f32 = 0;
      if (!sparse || load<f32>(x + at) != 0) sum = dot(wi, delta + <usize>b * row, row);
      store<f32>(dx + at, sum);
    }
    for (let b = 0; b < batch; b++) {
      const v = load<f32>(x + <usize>b * xRow + offset);
      if (v != 0) subtractScaled(wi, delta + <usize>b * row, row, rate * v);
    }
  }
}

// @ts-ignore: decorator
@inline
function dot(a: usize, b: usize, bytes: usize): f32 {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  let at: usize = 0;
  for (const end = bytes & ~63; at < end; at += 64) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load(a + at), v128.load(b + at)));
    s1 = f32x4.add(s1, f32x4.mul(v128.load(a + at, 16), v128.load(b + at, 16)));
    s2 = f32x4.add(s2, f32x4.mul(v128.load(a + at, 32), v128.load(b + at, 32)));
    s3 = f32x4.add(s3, f32x4.mul(v128.load(a + at, 48), v128.load(b + at, 48)));
  }
  for (; at < bytes; at += 16) s0 = f32x4.add(s0, f32x4.mul(v128.load(a + at), v128.load(b + at)));
  const s = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  return (f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1)) + (f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3));
}

// @ts-ignore: decorator
@inline
function subtractScaled(w: usize, delta: usize, bytes: usize, scale: f32): void {
  const s = f32x4.splat(scale);
  let at: usize = 0;
  for (const end = bytes & ~31; at < end; at += 32) {
    v128.store(w + at, f32x4.sub(v128.load(w + at), f32x4.mul(s, v128.load(delta + at))));
    v128.store(w + at, f32x4.sub(v128.load(w + at, 16), f32x4.mul(s, v128.load(delta + at, 16))), 16);
  }
  for (; at < bytes; at += 16) v128.store(w + at, f32x4.sub(v128.load(w + at), f32x4.mul(s, v128.load(delta + at))));
}

/** delta = (∂L/∂h + λ/batch · sgn(h)) · sign · unit'(a), in place; unit' is computed from the output h. */
export function unitGradient(
  unit: i32, sharpness: f32, delta: usize, h: usize, signs: usize, pitch: i32, l1: f32, batch: i32,
  thread: i32, threads: i32,
): void {
  const zero = f32x4.splat(0), one = f32x4.splat(1), alpha = f32x4.splat(-sharpness), lambda = f32x4.splat(l1 / <f32>batch);
  const signBit = i32x4.splat(0x80000000), row = <usize>pitch << 2;
  for (let b = thread; b < batch; b += threads) {
    const start = <usize>b * row;
    for (let at: usize = 0; at < row; at += 16) {
      const output = v128.load(h + start + at), sign = v128.load(signs + at);
      const fires = f32x4.ne(output, zero);
      const penalty = v128.and(v128.or(lambda, v128.and(output, signBit)), fires);
      const g = f32x4.mul(f32x4.add(v128.load(delta + start + at), penalty), sign);
      const u = f32x4.mul(output, sign);
      let result: v128;
      if (unit == RECTIFIER) result = v128.and(g, fires);
      else if (unit == TANH) result = f32x4.mul(g, f32x4.sub(one, f32x4.mul(u, u)));
      else if (unit == LOGISTIC) result = f32x4.mul(g, f32x4.mul(u, f32x4.sub(one, u)));
      else result = f32x4.mul(g, f32x4.sub(one, exp4(f32x4.mul(alpha, u)))); // logistic(αa) = 1 − e^(−α·softplus(a))
      v128.store(delta + start + at, result);
    }
  }
}

/** gram[b, c] = x[b, :] · x[c, :] for c ≤ b: with it the norm of every unit's update follows without a look at the weights. */
export function gramMatrix(x: usize, pitch: i32, gram: usize, batch: i32, thread: i32, threads: i32): void {
  const row = <usize>pitch << 2;
  for (let b = thread; b < batch; b += threads)
    for (let c = 0; c <= b; c++)
      store<f32>(gram + (<usize>(b * batch + c) << 2), dot(x + <usize>b * row, x + <usize>c * row, row));
}

/**
 * For each unit: adds the gradient to the bias, and keeps lastFiredStep, maxUpdate and maxUpdateStep. A unit's update is
 * rate · √(‖Σ_b x_b δ_bj‖² + (Σ_b δ_bj)²), where ‖Σ_b x_b δ_bj‖² = Σ_bc δ_bj gram[b, c] δ_cj (Goodfellow 2015, arXiv:1510.01799).
 * @param h outputs of the layer; 0 for the softmax layer, of which no history is kept
 * @param squares each unit's ‖Σ_b x_b δ_bj‖², whose sum is the squared gradient norm of the layer's weights
 */
export function updateBiases(
  delta: usize, h: usize, gram: usize, bias: usize, pitch: i32, rate: f32, step: i32,
  lastFired: usize, maxUpdate: usize, maxUpdateStep: usize, squares: usize, batch: i32,
  thread: i32, threads: i32,
): void {
  const row = <usize>pitch << 2, zero = f32x4.splat(0), eta = f32x4.splat(rate), now = i32x4.splat(step);
  for (let at = <usize>thread << 4; at < row; at += <usize>threads << 4) {
    let sum = zero, any = zero, fired = zero;
    for (let b = 0; b < batch; b++) {
      const d = v128.load(delta + <usize>b * row + at);
      sum = f32x4.add(sum, d);
      any = v128.or(any, d);
      if (h) fired = v128.or(fired, f32x4.ne(v128.load(h + <usize>b * row + at), zero));
    }
    if (h) v128.store(lastFired + at, v128.bitselect(now, v128.load(lastFired + at), fired));
    let square = zero;
    if (v128.any_true(any)) {
      v128.store(bias + at, f32x4.sub(v128.load(bias + at), f32x4.mul(eta, sum)));
      for (let b = 0; b < batch; b++) {
        const d = v128.load(delta + <usize>b * row + at);
        if (!v128.any_true(d)) continue;
        let inner = zero;
        const g = gram + (<usize>(b * batch) << 2);
        for (let c = 0; c < b; c++)
          inner = f32x4.add(inner, f32x4.mul(v128.load32_splat(g + (<usize>c << 2)), v128.load(delta + <usize>c * row + at)));
        inner = f32x4.add(f32x4.add(inner, inner), f32x4.mul(v128.load32_splat(g + (<usize>b << 2)), d));
        square = f32x4.add(square, f32x4.mul(d, inner));
      }
      square = f32x4.max(square, zero);
      if (h) {
        const update = f32x4.mul(eta, f32x4.sqrt(f32x4.add(square, f32x4.mul(sum, sum))));
        const larger = f32x4.gt(update, v128.load(maxUpdate + at));
        v128.store(maxUpdate + at, v128.bitselect(update, v128.load(maxUpdate + at), larger));
        v128.store(maxUpdateStep + at, v128.bitselect(now, v128.load(maxUpdateStep + at), larger));
      }
    }
    v128.store(squares + at, square);
  }
}
