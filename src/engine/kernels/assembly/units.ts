// The units: their outputs and derivatives, four lanes at a time.
import { exp4, log1p4, tanh4 } from "./math";
import { activeList, countOf, entryBytes, firstUnit, LOGISTIC, panelRow, RECTIFIER, Signal, TANH, unitOf } from "./structures";

// @ts-ignore: decorator
@inline
function outputOf(unit: i32, alpha: v128, inverse: v128, a: v128): v128 {
  const zero = f32x4.splat(0), one = f32x4.splat(1);
  if (unit == RECTIFIER) return f32x4.max(a, zero);
  if (unit == TANH) return tanh4(a);
  if (unit == LOGISTIC) return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(a))));
  // log(1 + e^z)/α = (max(z, 0) + log(1 + e^−|z|))/α with z = αa: does not overflow
  const z = f32x4.mul(alpha, a);
  return f32x4.mul(inverse, f32x4.add(f32x4.max(z, zero), log1p4(exp4(f32x4.neg(f32x4.abs(z))))));
}

/** h = sign · unit(a), in place, on the columns of one panel; delta there becomes 0. */
export function activatePanel(signal: Signal, panel: i32, batch: i32): void {
  const row = <usize>signal.pitch << 2, first = <usize>panel * panelRow, unit = signal.unit;
  const zero = f32x4.splat(0), alpha = f32x4.splat(signal.sharpness), inverse = f32x4.splat(1 / signal.sharpness);
  for (let at = first, end = first + panelRow; at < end; at += 16) {
    const sign = v128.load(signal.signs + at), exists = f32x4.ne(sign, zero);
    let h = signal.values + at, delta = signal.delta + at;
    for (let b = 0; b < batch; b++, h += row, delta += row) {
      // + 0 turns the −0 of a flipped silent unit into 0
      const output = f32x4.add(f32x4.mul(outputOf(unit, alpha, inverse, v128.load(h)), sign), zero);
      // right of the width stays 0 where 0 · 0 would not: a NaN there would be listed as a unit, whose weights are not the layer's
      v128.store(h, v128.and(output, exists));
      v128.store(delta, zero);
    }
  }
}

/**
 * delta = (∂L/∂h + λ/batch · sgn(h)) · sign · unit'(a) of a quarter of the units, where ∂L/∂h is the sum of its parts, and unit' is
 * computed from the output h.
 * @param parts how many there are: one, or a quarter of the layer above each
 */
export function unitGradient(signal: Signal, quarter: i32, parts: i32, l1: f32, batch: i32): void {
  for (let b = 0; b < batch; b++)
    if (signal.unit == RECTIFIER) rectifierGradient(signal, quarter, parts, l1 / <f32>batch, b);
    else smoothGradient(signal, quarter, parts, l1 / <f32>batch, b);
}

/** Active units only, whose sgn(h) is their sign and whose unit'(a) is 1. */
function rectifierGradient(signal: Signal, quarter: i32, parts: i32, lambda: f32, b: i32): void {
  const row = <usize>(b * signal.pitch) << 2, part = signal.partialBytes, delta = signal.delta + row, signs = signal.signs;
  let from = signal.partial + row;
  for (let before = 0; before < quarter; before++) from += countOf(signal, signal.activeCounts, b, before) << 2;
  let at = activeList(signal, b, quarter);
  for (const end = at + countOf(signal, signal.activeCounts, b, quarter) * entryBytes; at < end; at += entryBytes, from += 4) {
    const unit = unitOf(signal, load<u32>(at)) << 2;
    let sum = load<f32>(from);
    if (parts > 1) sum = (sum + load<f32>(from + part)) + (load<f32>(from + 2 * part) + load<f32>(from + 3 * part));
    store<f32>(delta + unit, sum * load<f32>(signs + unit) + lambda);
  }
}

/** All units take part: their place in the list of active ones is their number. */
function smoothGradient(signal: Signal, quarter: i32, parts: i32, l1: f32, b: i32): void {
  const zero = f32x4.splat(0), one = f32x4.splat(1), alpha = f32x4.splat(-signal.sharpness), unit = signal.unit;
  const lambda = f32x4.splat(l1), signBit = i32x4.splat(0x80000000), part = signal.partialBytes;
  const start = <usize>(b * signal.pitch) << 2, end = <usize>firstUnit(signal, quarter + 1) << 2;
  for (let at = <usize>firstUnit(signal, quarter) << 2; at < end; at += 16) {
    const from = signal.partial + start + at, output = v128.load(signal.values + start + at), sign = v128.load(signal.signs + at);
    let sum = v128.load(from);
    if (parts > 1)
      sum = f32x4.add(f32x4.add(sum, v128.load(from + part)), f32x4.add(v128.load(from + 2 * part), v128.load(from + 3 * part)));
    const penalty = v128.and(v128.or(lambda, v128.and(output, signBit)), f32x4.ne(output, zero));
    const g = f32x4.mul(f32x4.add(sum, penalty), sign);
    const u = f32x4.mul(output, sign);
    let slope: v128;
    if (unit == TANH) slope = f32x4.sub(one, f32x4.mul(u, u));
    else if (unit == LOGISTIC) slope = f32x4.mul(u, f32x4.sub(one, u));
    else slope = f32x4.sub(one, exp4(f32x4.mul(alpha, u))); // logistic(αa) = 1 − e^(−α·softplus(a))
    v128.store(signal.delta + start + at, f32x4.mul(g, slope));
  }
}
