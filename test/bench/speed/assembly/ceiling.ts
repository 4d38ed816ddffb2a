// What the machine can do at most, in WebAssembly: compiled by ceilings.ts, never shipped.

/**
 * `count` × 12 vector multiply-adds (of 4 floats each) in registers: as many as fit there, because each waits for its own last one. The
 * sum keeps them from being left out.
 */
export function multiplyAdds(count: i32): f32 {
  const factor = f32x4.splat(0.999);
  const addend = f32x4.splat(0.001);
  let a = f32x4.splat(1);
  let b = f32x4.splat(2);
  let c = f32x4.splat(3);
  let d = f32x4.splat(4);
  let e = f32x4.splat(5);
  let f = f32x4.splat(6);
  let g = f32x4.splat(7);
  let h = f32x4.splat(8);
  let i = f32x4.splat(9);
  let j = f32x4.splat(10);
  let k = f32x4.splat(11);
  let l = f32x4.splat(12);
  for (let n = 0; n < count; n++) {
    a = f32x4.add(f32x4.mul(a, factor), addend);
    b = f32x4.add(f32x4.mul(b, factor), addend);
    c = f32x4.add(f32x4.mul(c, factor), addend);
    d = f32x4.add(f32x4.mul(d, factor), addend);
    e = f32x4.add(f32x4.mul(e, factor), addend);
    f = f32x4.add(f32x4.mul(f, factor), addend);
    g = f32x4.add(f32x4.mul(g, factor), addend);
    h = f32x4.add(f32x4.mul(h, factor), addend);
    i = f32x4.add(f32x4.mul(i, factor), addend);
    j = f32x4.add(f32x4.mul(j, factor), addend);
    k = f32x4.add(f32x4.mul(k, factor), addend);
    l = f32x4.add(f32x4.mul(l, factor), addend);
  }
  let sum = a;
  sum = f32x4.add(sum, b);
  sum = f32x4.add(sum, c);
  sum = f32x4.add(sum, d);
  sum = f32x4.add(sum, e);
  sum = f32x4.add(sum, f);
  sum = f32x4.add(sum, g);
  sum = f32x4.add(sum, h);
  sum = f32x4.add(sum, i);
  sum = f32x4.add(sum, j);
  sum = f32x4.add(sum, k);
  sum = f32x4.add(sum, l);
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
