import type { Parameters } from "../../../src/engine/network/network.js";

/** ‖after − before‖₂ of every layer's weights. */
export function changes(before: Parameters, after: Parameters): number[] {
  return before.map(({ weightsInOut }, l) => {
    const now = after[l]!.weightsInOut;
    let sum = 0;
    for (let i = 0; i < now.length; i++) sum += (now[i]! - weightsInOut[i]!) ** 2;
    return Math.sqrt(sum);
  });
}
