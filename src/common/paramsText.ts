/** A trial's values in a few words: "l1 0.003 · activation tanh". */
import type { Params } from "./sweepRecord.js";

/** Keys by their last part, which people know; a fold as "fold 2/5". */
export function paramsText(params: Params): string {
  return Object.entries(params)
    .map(([key, value]) => {
      if (key === "dataset.fold") {
        const { index, of } = value as { index: number; of: number };
        return `fold ${index}/${of}`;
      }
      return `${key.split(".").at(-1)} ${typeof value === "string" ? value : JSON.stringify(value)}`;
    })
    .join(" · ");
}
