// What the machine can do at most, in WebAssembly: compiled by ceilings.ts, never shipped.

/**
 * `count` × 8 vector multiply-adds (of 4 floats each) in registers. Every sum waits only for its own last addition, and there are as many
 * as a processor with two units for additions can keep busy; the result keeps them from being left out.
 */
export function multiplyAdds(count: i32): f32 {
  const f = f32x4.splat(0.5),
    g = f32x4.splat(0.25),
    h = f32x4.splat(0.125),
    k = f32x4.splat(0.0625),
    one = f32x4.splat(1);
  let x = f32x4.splat(0),
    y = f32x4.splat(1);
  let s0 = x,
    s1 = x,
    s2 = x,
    s3 = x,
    s4 = x,
    s5 = x,
    s6 = x,
    s7 = x;
  for (let i = 0; i < count; i++) {
    s0 = f32x4.add(s0, f32x4.mul(x, f));
    s1 = f32x4.add(s1, f32x4.mul(x, g));
    s2 = f32x4.add(s2, f32x4.mul(x, h));
    s3 = f32x4.add(s3, f32x4.mul(x, k));
    s4 = f32x4.add(s4, f32x4.mul(y, f));
    s5 = f32x4.add(s5, f32x4.mul(y, g));
    s6 = f32x4.add(s6, f32x4.mul(y, h));
    s7 = f32x4.add(s7, f32x4.mul(y, k));
    x = f32x4.sub(one, x);
    y = f32x4.sub(one, y);
  }
  const sum = f32x4.add(
    f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)),
    f32x4.add(f32x4.add(s4, s5), f32x4.add(s6, s7)),
  );
  return f32x4.extract_lane(sum, 0);
}

/** Reads `bytes` from `at`, `times` over. bytes: a multiple of 64. */
export function read(at: usize, bytes: usize, times: i32): f32 {
  let a = f32x4.splat(0),
    b = a,
    c = a,
    d = a;
  for (let t = 0; t < times; t++)
    for (let p = at, end = at + bytes; p < end; p += 64) {
      a = f32x4.add(a, v128.load(p));
      b = f32x4.add(b, v128.load(p, 16));
      c = f32x4.add(c, v128.load(p, 32));
      d = f32x4.add(d, v128.load(p, 48));
    }
  return f32x4.extract_lane(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), 0);
}

/** Adds to every float of `bytes` from `at`, `times` over. bytes: a multiple of 64. */
export function update(at: usize, bytes: usize, times: i32): void {
  const step = f32x4.splat(0.001);
  for (let t = 0; t < times; t++)
    for (let p = at, end = at + bytes; p < end; p += 64) {
      v128.store(p, f32x4.add(v128.load(p), step));
      v128.store(p, f32x4.add(v128.load(p, 16), step), 16);
      v128.store(p, f32x4.add(v128.load(p, 32), step), 32);
      v128.store(p, f32x4.add(v128.load(p, 48), step), 48);
    }
}
