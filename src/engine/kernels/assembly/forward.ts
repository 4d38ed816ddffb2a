// The forward pass of a layer: a panel of 16 columns at a time.
import { updatePanel } from "./held";
import {
  activeList, biasRow, countOf, entryBytes, firstPanel, Layer, LINEAR, notesOf, panelAt, panelColumns, panelRow, quarters,
} from "./structures";
import { needsAll, touch, touchAll } from "./touch";
import { activatePanel } from "./units";

/**
 * a = bias + Σ_i x_i · w[i, :] over the active inputs i only, then h = sign · unit(a): an inactive input costs nothing.
 * @param heldBatch of the first layer: examples whose update is still due. It is made while the panel is at hand.
 */
export function forward(layer: Layer, quarter: i32, batch: i32, heldBatch: i32, heldRate: f32, thread: i32): void {
  const y = layer.output, notes = notesOf(layer, thread), bias = biasRow(layer), strip = layer.strip;
  const whole = needsAll(layer, notes.unionCount, layer.input.width);
  const unionEnd = notes.union + (<usize>notes.unionCount << 2);
  let left = 0;
  for (let p = firstPanel(y, quarter), end = firstPanel(y, quarter + 1); p < end; p++, left--) {
    const panel = panelAt(layer, p);
    if (whole) touchAll(panel, layer.input.width, notes);
    else if (left == 0) {
      left = min(strip, end - p);
      touch(layer, panel, notes.union, unionEnd, notes);
    }
    if (heldBatch) updatePanel(layer, p, notes, heldRate, heldBatch);
    for (let b = 0; b < batch; b++) {
      const list = notes.active + <usize>b * layer.input.activeBytes;
      const listEnd = list + <usize>load<u32>(notes.counts + (<usize>b << 2)) * entryBytes;
      sumActive(panel, panel + bias, list, listEnd, y.values + (<usize>(b * y.pitch + p * panelColumns) << 2));
    }
    if (y.unit != LINEAR) activatePanel(y, p, batch);
  }
}

/** Two inputs at a time, in sums of their own: their additions do not wait for one another. */
// @ts-ignore: decorator
@inline
function sumActive(panel: usize, bias: usize, at: usize, end: usize, to: usize): void {
  let s0 = v128.load(bias), s1 = v128.load(bias, 16), s2 = v128.load(bias, 32), s3 = v128.load(bias, 48);
  let t0 = f32x4.splat(0), t1 = t0, t2 = t0, t3 = t0;
  for (; at < end; at += 2 * entryBytes) {
    const even = panel + <usize>load<u32>(at), odd = panel + <usize>load<u32>(at, 8);
    // Always true, which compilers cannot know. It keeps V8 from loading all eight vectors before it adds the first: sums that do
    // not fit into registers then would go through memory at every input.
    if (even) {
      const x0 = v128.load32_splat(at, 4);
      s0 = f32x4.add(s0, f32x4.mul(x0, v128.load(even)));
      s1 = f32x4.add(s1, f32x4.mul(x0, v128.load(even, 16)));
      s2 = f32x4.add(s2, f32x4.mul(x0, v128.load(even, 32)));
      s3 = f32x4.add(s3, f32x4.mul(x0, v128.load(even, 48)));
    }
    const x1 = v128.load32_splat(at, 12);
    t0 = f32x4.add(t0, f32x4.mul(x1, v128.load(odd)));
    t1 = f32x4.add(t1, f32x4.mul(x1, v128.load(odd, 16)));
    t2 = f32x4.add(t2, f32x4.mul(x1, v128.load(odd, 32)));
    t3 = f32x4.add(t3, f32x4.mul(x1, v128.load(odd, 48)));
  }
  v128.store(to, f32x4.add(s0, t0)); v128.store(to, f32x4.add(s1, t1), 16);
  v128.store(to, f32x4.add(s2, t2), 32); v128.store(to, f32x4.add(s3, t3), 48);
}

/** A narrow layer is one panel: it is summed over a quarter of the inputs, and sumQuarters adds the quarters up. */
export function forwardNarrow(layer: Layer, quarter: i32, batch: i32): void {
  const x = layer.input, y = layer.output;
  for (let b = 0; b < batch; b++) {
    let at = activeList(x, b, quarter);
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (const end = at + countOf(x, x.activeCounts, b, quarter) * entryBytes; at < end; at += entryBytes) {
      const w = layer.weights + <usize>load<u32>(at), v = v128.load32_splat(at, 4);
      s0 = f32x4.add(s0, f32x4.mul(v, v128.load(w)));
      s1 = f32x4.add(s1, f32x4.mul(v, v128.load(w, 16)));
      s2 = f32x4.add(s2, f32x4.mul(v, v128.load(w, 32)));
      s3 = f32x4.add(s3, f32x4.mul(v, v128.load(w, 48)));
    }
    const to = y.partial + <usize>quarter * y.partialBytes + (<usize>(b * y.pitch) << 2);
    v128.store(to, s0); v128.store(to, s1, 16); v128.store(to, s2, 32); v128.store(to, s3, 48);
  }
}

/** The logits of one example: the bias and the four quarters. */
export function sumQuarters(layer: Layer, b: i32): void {
  const y = layer.output, bias = layer.weights + biasRow(layer), row = <usize>(b * y.pitch) << 2;
  for (let at: usize = 0; at < panelRow; at += 16) {
    let sum = v128.load(bias + at);
    for (let quarter = 0; quarter < quarters; quarter++)
      sum = f32x4.add(sum, v128.load(y.partial + <usize>quarter * y.partialBytes + row + at));
    v128.store(y.values + row + at, sum);
  }
}
