/** Passes until they have taken long enough. */
import type { Timed } from "./protocol.js";

export async function repeat(enough: number, once: () => Timed | Promise<Timed>): Promise<Timed> {
  const total = { seconds: 0, units: 0, loss: 0 };
  do {
    const { seconds, units, loss } = await once();
    total.seconds += seconds;
    total.units += units;
    total.loss = loss;
  } while (total.seconds < enough);
  return total;
}
