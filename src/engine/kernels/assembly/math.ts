// Exponential, logarithm and hyperbolic tangent, four lanes at a time, in plain single precision without fused operations:
// the same bits on every host. Accurate to a few units in the last place (see math.test.ts).

/** e^x. Below -87 it is the smallest normal number's neighbourhood, above 88 the largest; NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  // e^x = 2^k · e^r with |r| ≤ ln(2)/2; the polynomial is the Cephes one (S. Moshier, expf).
  x = f32x4.min(f32x4.max(x, f32x4.splat(-87.3365)), f32x4.splat(88.7228));
  const k = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  let r = f32x4.sub(x, f32x4.mul(k, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(k, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  // 2^k in two factors, so that k = 128 does not overflow the exponent.
  const n = i32x4.trunc_sat_f32x4_s(k);
  const half = i32x4.shr_s(n, 1);
  return f32x4.mul(f32x4.mul(p, power4(half)), power4(i32x4.sub(n, half)));
}

// @ts-ignore: decorator
@inline
function power4(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** log(1 + t) for 0 ≤ t ≤ 1, by 2·artanh(t / (2 + t)): exact in the small, where log(1 + t) ≈ t. */
// @ts-ignore: decorator
@inline
export function log1p4(t: v128): v128 {
  return artanhTwice(f32x4.div(t, f32x4.add(t, f32x4.splat(2))));
}

/** 2·artanh(s) for |s| ≤ 1/3, by its Taylor series. */
// @ts-ignore: decorator
@inline
function artanhTwice(s: v128): v128 {
  const q = f32x4.mul(s, s);
  let p = f32x4.splat(2.0 / 15.0);
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(2.0 / 13.0));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(2.0 / 11.0));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(2.0 / 9.0));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(2.0 / 7.0));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(2.0 / 5.0));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(2.0 / 3.0));
  return f32x4.add(f32x4.mul(s, f32x4.splat(2)), f32x4.mul(f32x4.mul(p, q), s));
}

/** log(x) for normal x > 0. */
export function log(x: f32): f32 {
  const bits = reinterpret<u32>(x);
  let exponent = <i32>((bits >> 23) & 255) - 127;
  let mantissa = reinterpret<f32>((bits & 0x007fffff) | 0x3f800000);
  if (mantissa > 1.4142135) {
    mantissa *= 0.5;
    exponent += 1;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const m = f32x4.extract_lane(artanhTwice(f32x4.splat(s)), 0);
  return <f32>exponent * 0.693359375 + (<f32>exponent * -2.12194440e-4 + m);
}

/** tanh(x): an odd polynomial (Cephes, tanhf) below 0.625, 1 − 2/(e^2|x| + 1) above. */
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const magnitude = f32x4.abs(x);
  const z = f32x4.mul(x, x);
  let p = f32x4.splat(-5.70498872745e-3);
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(2.06390887954e-2));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-5.37397155531e-2));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(1.33314422036e-1));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-3.33332819422e-1));
  const small = f32x4.add(f32x4.mul(f32x4.mul(p, z), x), x);
  const e = exp4(f32x4.add(magnitude, magnitude));
  const large = f32x4.sub(f32x4.splat(1), f32x4.div(f32x4.splat(2), f32x4.add(e, f32x4.splat(1))));
  const signed = v128.or(large, v128.and(x, i32x4.splat(0x80000000)));
  return v128.bitselect(small, signed, f32x4.lt(magnitude, f32x4.splat(0.625)));
}

// One-lane doors for the tests.
export function expOf(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(x)), 0);
}
export function log1pOf(x: f32): f32 {
  return f32x4.extract_lane(log1p4(f32x4.splat(x)), 0);
}
export function tanhOf(x: f32): f32 {
  return f32x4.extract_lane(tanh4(f32x4.splat(x)), 0);
}

/** The sum of four lanes. */
// @ts-ignore: decorator
@inline
export function sumOf(s: v128): f32 {
  return (f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1)) + (f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3));
}
