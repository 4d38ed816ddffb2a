/** Measures what one thread can do at most, and prints it as JSON: billions a second. A process of its own: it takes 64 MB. */
import fs from "node:fs";
import type { Ceiling } from "./ceilings.js";

interface Exports {
  multiplyAdds(count: number): number;
  read(at: number, bytes: number, times: number): number;
  update(at: number, bytes: number, times: number): void;
}

const megabytes = [0.5, 4, 12, 64];
const floatsPerCount = 12 * 4;
const start = 65_536;
const seconds = 0.05;
const attempts = 5;

const pages = Number(process.argv[3]);
const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
const module = new WebAssembly.Module(fs.readFileSync(process.argv[2] as string));
const wasm = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Exports;
// memory that was never written to is one page of zeros, however large it looks: reading it would measure the first cache
new Float32Array(memory.buffer).fill(1);

const perSecond = { read: {} as Record<string, number>, update: {} as Record<string, number> };
for (const size of megabytes) {
  const bytes = size * 2 ** 20;
  perSecond.read[`${size} MB`] = bytes * best((times) => wasm.read(start, bytes, times));
  perSecond.update[`${size} MB`] = bytes * best((times) => wasm.update(start, bytes, times));
}
const result: Ceiling = {
  gigaMultiplyAdds: (floatsPerCount * 10_000 * best((times) => wasm.multiplyAdds(times * 10_000))) / 1e9,
  gigabytesRead: scaled(perSecond.read),
  gigabytesUpdated: scaled(perSecond.update),
};
process.stdout.write(JSON.stringify(result));

/** Most repetitions a second. */
function best(run: (times: number) => void): number {
  let times = 1;
  let most = 0;
  for (let attempt = 0; attempt < attempts; ) {
    const begun = performance.now();
    run(times);
    const took = (performance.now() - begun) / 1000;
    most = Math.max(most, times / took);
    if (took < seconds) times = Math.max(times + 1, Math.ceil((1.2 * times * seconds) / Math.max(took, 1e-6)));
    else attempt++;
  }
  return most;
}

function scaled(values: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([size, value]) => [size, value / 1e9]));
}
