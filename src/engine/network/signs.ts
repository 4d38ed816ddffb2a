/** Sign masks: rectifier outputs are one-sided; with half of a layer's units flipped its mean activation can cancel (the paper, section 3.1). */
import type { SignMask } from "../../common/units.js";
import type { Random } from "./random.js";

/** @returns [units], each 1 or −1, fixed for the life of the network; `half` flips every second unit */
export function drawSigns(mask: SignMask, units: number, random: Random): Float32Array {
  return Float32Array.from({ length: units }, (_, j) => {
    if (mask === "half") return j % 2 === 0 ? 1 : -1;
    if (mask === "random") return random.next() & 1 ? 1 : -1;
    return 1;
  });
}
