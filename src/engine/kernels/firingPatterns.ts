/** On which of the named examples does each hidden unit fire? */
import type { ExampleSet } from "../data/dataset.js";
import type { Kernels } from "./kernels.js";
import type { FiringPatterns } from "./unitOrder.js";

export function firingPatterns(kernels: Kernels, set: ExampleSet, indices: Int32Array): FiringPatterns[] {
  const words = Math.ceil(indices.length / 32);
  const patterns = kernels.shape.hidden.map((units) => ({ units, words, bits: new Uint32Array(units * words) }));
  for (let start = 0; start < indices.length; start += kernels.capacity) {
    const batch = indices.subarray(start, start + kernels.capacity);
    kernels.gather(set, batch);
    kernels.forward(batch.length);
    patterns.forEach(({ units, bits }, l) => {
      const { values, pitch, place } = kernels.outputs(l);
      for (let b = 0; b < batch.length; b++)
        for (let j = 0; j < units; j++)
          if (values[b * pitch + place[j]!] !== 0) bits[j * words + ((start + b) >> 5)]! |= 1 << ((start + b) & 31);
    });
  }
  return patterns;
}
