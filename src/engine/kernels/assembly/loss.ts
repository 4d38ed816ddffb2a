import { exp4, log } from "./math";
import { sumQuarters } from "./forward";
import { Layer } from "./structures";

/**
 * Softmax cross-entropy: loss[b] = log Σ_c e^l_c − l_label in nats (by the log-sum-exp shift), predicted[b] = argmax, and
 * delta = (softmax − one-hot) ÷ batch, the gradient of the mean loss with respect to the logits.
 */
export function softmaxLoss(
  layer: Layer, labels: usize, losses: usize, predicted: usize, batch: i32, thread: i32, threads: i32,
): void {
  const logits = layer.output;
  const inverse: f32 = 1 / <f32>batch, classes = logits.width;
  for (let b = thread; b < batch; b += threads) {
    if (layer.narrow) sumQuarters(layer, b);
    const row = <usize>(b * logits.pitch) << 2, from = logits.values + row, to = logits.delta + row;
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
