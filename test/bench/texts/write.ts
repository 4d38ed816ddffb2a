/** Writes synthetic reviews: words whose frequencies fall by rank as they do in language (Zipf), and stars from 1 to 5. */

import { once } from "node:events";
import { createWriteStream, statSync } from "node:fs";
import { Random } from "../../../src/engine/network/random.js";

const [file = ""] = process.argv.slice(2);
const [n, vocabulary, mean] = [300_000, 300_000, 80];
const random = Random.stream(1, "reviews");
const cumulative = new Float64Array(vocabulary);
const used = new Uint8Array(vocabulary);
let total = 0;
for (let rank = 0; rank < vocabulary; rank++) {
  total += 1 / (rank + 3);
  cumulative[rank] = total;
}

function word(): string {
  const value = random.uniform53() * total;
  let [low, high] = [0, vocabulary - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulative[middle] as number) > value) high = middle;
    else low = middle + 1;
  }
  used[low] = 1;
  return `w${low.toString(36)}`;
}

const out = createWriteStream(file);
let words = 0;
for (let review = 0; review < n; review++) {
  const length = Math.round(mean * (0.5 + random.uniform()));
  words += length;
  const text = Array.from({ length }, word).join(" ");
  if (!out.write(`${JSON.stringify({ text, label: 1 + random.below(5) })}\n`)) await once(out, "drain");
}
out.end();
await once(out, "finish");
process.stdout.write(
  JSON.stringify({ words: words / n, bytes: statSync(file).size, different: used.filter((one) => one === 1).length }),
);
