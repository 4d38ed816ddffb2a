// The first layer's update, which waits for the next forward pass.
import { entryBytes, firstPanel, Layer, Notes, notesOf, panelAt, panelColumns, panelRow } from "./structures";

/** Keeps what the update of the first layer needs until the next step; its delta stays where it is. */
export function holdUpdate(layer: Layer, batch: i32, thread: i32): void {
  const notes = notesOf(layer, thread), bytes = layer.input.activeBytes;
  for (let b: usize = 0; b < <usize>batch; b++) {
    const count = load<u32>(notes.counts + (b << 2));
    store<u32>(notes.heldCounts + (b << 2), count);
    memory.copy(notes.heldActive + b * bytes, notes.active + b * bytes, <usize>count * entryBytes);
  }
}

/** Makes the held update of a quarter. */
export function updateHeld(layer: Layer, quarter: i32, rate: f32, batch: i32, thread: i32): void {
  const y = layer.output, notes = notesOf(layer, thread);
  for (let p = firstPanel(y, quarter), end = firstPanel(y, quarter + 1); p < end; p++) updatePanel(layer, p, notes, rate, batch);
}

/** The first layer needs no ∂L/∂x: its update goes panel by panel, each block of delta against the list of active inputs. */
export function updatePanel(layer: Layer, p: i32, notes: Notes, rate: f32, batch: i32): void {
  const y = layer.output, panel = panelAt(layer, p), eta = f32x4.splat(rate);
  for (let b = 0; b < batch; b++) {
    const from = notes.heldActive + <usize>b * layer.input.activeBytes;
    const to = from + <usize>load<u32>(notes.heldCounts + (<usize>b << 2)) * entryBytes;
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
