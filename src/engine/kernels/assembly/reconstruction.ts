// The loss of an auto-encoder: what its decoder makes of the last layer's sums, against a target of the same width.
import { sumQuarters } from "./forward";
import { exp4, log1p4 } from "./math";
import { Layer, LINEAR, LOGISTIC, RECTIFIER } from "./structures";

/**
 * loss[b] = Σ_i cost(z_i, t_i) with z = decoder(a), and delta = ∂(mean loss)/∂a: of the logistic decoder the cross-entropy in nats, of
 * the others (z − t)². The sums a stay where they are.
 * @param targets [batch × pitch of the output]
 */
export function reconstructionLoss(
  layer: Layer, targets: usize, losses: usize, decoder: i32, batch: i32, thread: i32, threads: i32,
): void {
  const y = layer.output, zero = f32x4.splat(0), one = f32x4.splat(1), inverse = f32x4.splat(1 / <f32>batch);
  const lanes = i32x4(0, 1, 2, 3), alpha = f32x4.splat(y.sharpness), narrower = f32x4.splat(1 / y.sharpness);
  for (let b = thread; b < batch; b += threads) {
    if (layer.narrow) sumQuarters(layer, b);
    const row = <usize>(b * y.pitch) << 2;
    let sum = zero;
    for (let i = 0; i < y.width; i += 4) {
      const at = row + (<usize>i << 2), a = v128.load(y.values + at), t = v128.load(targets + at);
      // right of the width there is nothing to reconstruct
      const exists = i32x4.lt_s(lanes, i32x4.splat(y.width - i));
      let cost: v128, slope: v128;
      if (decoder == LOGISTIC) {
        // −t log z − (1 − t) log(1 − z) = max(a, 0) − a t + log(1 + e^−|a|)
        cost = f32x4.add(f32x4.sub(f32x4.max(a, zero), f32x4.mul(a, t)), log1p4(exp4(f32x4.neg(f32x4.abs(a)))));
        slope = f32x4.sub(f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(a)))), t);
      } else {
        let z = a, derivative = one;
        if (decoder == RECTIFIER) {
          z = f32x4.max(a, zero);
          derivative = v128.and(one, f32x4.gt(a, zero));
        } else if (decoder != LINEAR) {
          const sharp = f32x4.mul(alpha, a);
          z = f32x4.mul(narrower, f32x4.add(f32x4.max(sharp, zero), log1p4(exp4(f32x4.neg(f32x4.abs(sharp))))));
          derivative = f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(sharp))));
        }
        const error = f32x4.sub(z, t);
        cost = f32x4.mul(error, error);
        slope = f32x4.mul(f32x4.add(error, error), derivative);
      }
      sum = f32x4.add(sum, v128.and(cost, exists));
      v128.store(y.delta + at, v128.and(f32x4.mul(slope, inverse), exists));
    }
    const total = (f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1)) + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
    store<f32>(losses + (<usize>b << 2), total);
  }
}
