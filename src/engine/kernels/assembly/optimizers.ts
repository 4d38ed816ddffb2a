// Updates by other optimizers than plain SGD, which backward.ts makes on its way: weights move on after their last gradient, so that these
// go through a layer panel by panel, past those groups of rows only of which nothing moves: that is exact. Strips have one panel each where
// one of these is at work. They compute what PyTorch's do: velocities without dampening, Adam without weight decay.
import { entryBytes, firstPanel, Layer, LINEAR, Notes, notesOf, panelColumns, panelRow } from "./structures";

/**
 * What decays below this becomes 0. It could move no weight any more, but would never get there by itself: the smallest numbers round
 * back to themselves, and processors take a hundred times as long for numbers that small.
 */
const leastMoment: f32 = 1e-30;
/** Of squares: their roots are far below ε. */
const leastSquare: f32 = 1e-37;

/** Of 16 rows of a panel, as arena.ts reckons: they are moved, or left out, together, so that memory is read in long pieces. */
const groupBytes: usize = 16 * panelRow;
/** What its weights do: nothing; they move on without a gradient; they have one. */
const STILL: u8 = 0;
const COASTING: u8 = 1;
const PUSHED: u8 = 2;

/** What an optimizer does in this step; optimizerMemory.ts writes it. */
@unmanaged
export class Optimizer {
  /** Is it Adam? Else momentum. */
  adam: i32;
  /** What multiplies the velocity or first moment: η, for Adam ÷ (1 − β₁^step). */
  rate: f32;
  /** What the velocity or first moment keeps, μ or β₁, and what it gains of the gradient, 1 or 1 − β₁. */
  decay: f32;
  gain: f32;
  /** β₂ and 1 − β₂. */
  squareDecay: f32;
  squareGain: f32;
  /** √(1 − β₂^step) */
  correction: f32;
  epsilon: f32;
}

/**
 * What an optimizer keeps of a layer. Where weights are to stay at 0 (a mask for pruning), their change is to be masked in `moved`; a unit
 * that begins anew between steps (revival) has to begin with zeros in its column of both arrays, and in its row of the next layer's.
 */
@unmanaged
export class Kept {
  /** Velocities or first moments, and second moments: laid out as the weights. */
  first: usize;
  second: usize;
  /** [pitch of the output] ‖Δw_j‖² of each unit's incoming weights in the last step, without the bias. */
  changes: usize;
  /** A panel for each thread, zeros between two panels' updates. */
  gradient: usize;
  gradientBytes: usize;
  /** [panel][group of rows] a byte: STILL where nothing is kept of the weights but zeros; such a group rests until its next gradient. */
  moving: usize;
  movingBytes: usize;
}

/** Updates a quarter of a layer; the lists of its input and its delta have to be there still. */
export function optimize(
  layer: Layer, optimizer: Optimizer, kept: Kept, quarter: i32, step: i32, batch: i32, thread: i32,
): void {
  const y = layer.output, gradient = kept.gradient + <usize>thread * kept.gradientBytes;
  for (let p = firstPanel(y, quarter), end = firstPanel(y, quarter + 1); p < end; p++) {
    const notes = notesOf(layer, thread);
    sumGradient(layer, p, notes, batch, gradient);
    markPushed(kept.moving + <usize>p * kept.movingBytes, notes);
    if (optimizer.adam) movePanel(true, layer, optimizer, kept, p, gradient, step);
    else movePanel(false, layer, optimizer, kept, p, gradient, step);
  }
}

/** gradient[i, :] += Σ_b x[b, i] · delta[b, :] on the columns of a panel, over the active inputs only; the row of the biases: Σ_b delta[b, :]. */
function sumGradient(layer: Layer, p: i32, notes: Notes, batch: i32, gradient: usize): void {
  const y = layer.output, bias = gradient + <usize>layer.input.width * panelRow;
  for (let b = 0; b < batch; b++) {
    const delta = y.delta + (<usize>(b * y.pitch + p * panelColumns) << 2);
    const d0 = v128.load(delta), d1 = v128.load(delta, 16), d2 = v128.load(delta, 32), d3 = v128.load(delta, 48);
    if (!v128.any_true(v128.or(v128.or(d0, d1), v128.or(d2, d3)))) continue;
    let at = notes.active + <usize>b * layer.input.activeBytes;
    const end = at + <usize>load<u32>(notes.counts + (<usize>b << 2)) * entryBytes;
    for (; at < end; at += entryBytes) {
      const to = gradient + load<u32>(at), x = v128.load32_splat(at, 4);
      v128.store(to, f32x4.add(v128.load(to), f32x4.mul(x, d0)));
      v128.store(to, f32x4.add(v128.load(to, 16), f32x4.mul(x, d1)), 16);
      v128.store(to, f32x4.add(v128.load(to, 32), f32x4.mul(x, d2)), 32);
      v128.store(to, f32x4.add(v128.load(to, 48), f32x4.mul(x, d3)), 48);
    }
    v128.store(bias, f32x4.add(v128.load(bias), d0));
    v128.store(bias, f32x4.add(v128.load(bias, 16), d1), 16);
    v128.store(bias, f32x4.add(v128.load(bias, 32), d2), 32);
    v128.store(bias, f32x4.add(v128.load(bias, 48), d3), 48);
  }
}

/** Marks the groups of rows that have a gradient. */
function markPushed(moving: usize, notes: Notes): void {
  for (let at = notes.union, end = at + (<usize>notes.unionCount << 2); at < end; at += 4)
    store<u8>(moving + <usize>load<u32>(at) / groupBytes, PUSHED);
}

/** Moves a panel's weights and biases, and keeps how far each unit's moved. */
// @ts-ignore: decorator
@inline
function movePanel(adam: bool, layer: Layer, optimizer: Optimizer, kept: Kept, p: i32, gradient: usize, step: i32): void {
  const panel = <usize>p * layer.panelBytes, w = layer.weights + panel, first = kept.first + panel, second = kept.second + panel;
  const bias = <usize>layer.input.width * panelRow;
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (let group: usize = 0, moving = kept.moving + <usize>p * kept.movingBytes; group < bias; group += groupBytes, moving++) {
    const motion = load<u8>(moving), end = min(bias, group + groupBytes);
    if (motion == STILL) continue;
    for (let at = group; at < end; at += panelRow) {
      const c0 = moved(adam, optimizer, w + at, first + at, second + at, gradient + at);
      const c1 = moved(adam, optimizer, w + at + 16, first + at + 16, second + at + 16, gradient + at + 16);
      const c2 = moved(adam, optimizer, w + at + 32, first + at + 32, second + at + 32, gradient + at + 32);
      const c3 = moved(adam, optimizer, w + at + 48, first + at + 48, second + at + 48, gradient + at + 48);
      s0 = f32x4.add(s0, f32x4.mul(c0, c0)); s1 = f32x4.add(s1, f32x4.mul(c1, c1));
      s2 = f32x4.add(s2, f32x4.mul(c2, c2)); s3 = f32x4.add(s3, f32x4.mul(c3, c3));
    }
    if (motion == PUSHED) store<u8>(moving, COASTING);
    else if (isZero(first + group, first + end) && (!adam || isZero(second + group, second + end))) store<u8>(moving, STILL);
  }
  const changes = kept.changes + <usize>p * panelRow;
  v128.store(changes, s0); v128.store(changes, s1, 16); v128.store(changes, s2, 32); v128.store(changes, s3, 48);
  for (let v: usize = 0; v < panelRow; v += 16) {
    const at = bias + v;
    keepChange(layer, <usize>p * panelRow + v, v128.load(changes + v), moved(adam, optimizer, w + at, first + at, second + at, gradient + at), step);
  }
}

function isZero(from: usize, end: usize): bool {
  for (; from < end; from += 16) if (v128.any_true(v128.load(from))) return false;
  return true;
}

/** Moves four weights by their gradient, which becomes 0; returns how far: w −= that. */
// @ts-ignore: decorator
@inline
function moved(adam: bool, optimizer: Optimizer, w: usize, first: usize, second: usize, gradient: usize): v128 {
  const g = v128.load(gradient);
  v128.store(gradient, f32x4.splat(0));
  let m = f32x4.mul(f32x4.splat(optimizer.decay), v128.load(first));
  m = f32x4.add(m, adam ? f32x4.mul(f32x4.splat(optimizer.gain), g) : g);
  // "not less" holds for NaN: it is kept
  m = v128.andnot(m, f32x4.lt(f32x4.abs(m), f32x4.splat(leastMoment)));
  v128.store(first, m);
  let change = f32x4.mul(f32x4.splat(optimizer.rate), m);
  if (adam) {
    const square = f32x4.mul(f32x4.splat(optimizer.squareGain), f32x4.mul(g, g));
    let v = f32x4.add(f32x4.mul(f32x4.splat(optimizer.squareDecay), v128.load(second)), square);
    v = v128.andnot(v, f32x4.lt(v, f32x4.splat(leastSquare)));
    v128.store(second, v);
    const root = f32x4.div(f32x4.sqrt(v), f32x4.splat(optimizer.correction));
    change = f32x4.div(change, f32x4.add(root, f32x4.splat(optimizer.epsilon)));
  }
  v128.store(w, f32x4.sub(v128.load(w), change));
  return change;
}

/** Of four units: the largest ‖Δ‖₂ of incoming weights and bias, and its step. */
// @ts-ignore: decorator
@inline
function keepChange(layer: Layer, at: usize, weights: v128, bias: v128, step: i32): void {
  const y = layer.output;
  if (y.unit == LINEAR) return;
  const update = f32x4.sqrt(f32x4.add(weights, f32x4.mul(bias, bias)));
  const larger = f32x4.gt(update, v128.load(y.maxUpdate + at));
  v128.store(y.maxUpdate + at, v128.bitselect(update, v128.load(y.maxUpdate + at), larger));
  v128.store(y.maxUpdateStep + at, v128.bitselect(i32x4.splat(step), v128.load(y.maxUpdateStep + at), larger));
}
