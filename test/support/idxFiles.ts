/** Writes small data sets in the format of MNIST. */
import fs from "node:fs";
import path from "node:path";
import { Random } from "../../src/engine/network/random.js";

/** 6 × 6 pictures of a bright row; the class is the row (0 to 5). */
export function writeStripes(folder: string, train = 290, test = 40): void {
  fs.mkdirSync(folder, { recursive: true });
  const random = Random.stream(1, "stripes");
  for (const [prefix, n] of [
    ["train", train],
    ["t10k", test],
  ] as const) {
    const labels = Uint8Array.from({ length: n }, () => random.below(6));
    const pixels = Uint8Array.from({ length: n * 36 }, (_, k) =>
      Math.floor((k % 36) / 6) === labels[Math.floor(k / 36)] ? 150 + random.below(100) : random.below(80),
    );
    fs.writeFileSync(path.join(folder, `${prefix}-images-idx3-ubyte`), idx(0x803, [n, 6, 6], pixels));
    fs.writeFileSync(path.join(folder, `${prefix}-labels-idx1-ubyte`), idx(0x801, [n], labels));
  }
}

export function idx(magic: number, sizes: number[], values: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(magic);
  sizes.forEach((size, k) => {
    header.writeUInt32BE(size, 4 + 4 * k);
  });
  return Buffer.concat([header, values]);
}
