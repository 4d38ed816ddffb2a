/**
 * TensorFlow.js: a model.json, or a weight manifest alone, and the shards that they name. The weights of a group lie one after the
 * other in its shards. Source: tfjs-core, io/types.ts (WeightsManifestConfig) and io/io_utils.ts (decodeWeights).
 */
import { isRecord, parseBoundedJson } from "./boundedJson.js";
import { type ByteSource, bytesOf, checkRange, type SiblingFiles, siblingPath } from "./byteSource.js";
import { decodeValues } from "./decodeValues.js";
import { bytesFor, type DType } from "./dtypes.js";
import { FormatError } from "./formatError.js";
import { checkCount, checkName, elementsOf, type Model, type StoredTensor, shown } from "./modelFile.js";
import { type Topology, tfjsTopology } from "./tfjsNodes.js";

const maxJsonBytes = 200_000_000;
const maxShards = 1 << 14;

const dtypesHere: Record<string, DType> = {
  float32: "float32",
  int32: "int32",
  uint8: "uint8",
  uint16: "uint16",
  bool: "bool",
  float16: "float16",
  complex64: "complex64",
};

/** @throws FormatError */
export async function readTfjs(source: ByteSource, folder: SiblingFiles): Promise<Model> {
  if (source.size > maxJsonBytes)
    throw new FormatError(`${source.name} is ${source.size} bytes long; at most ${maxJsonBytes} of JSON are read.`, {
      code: "tooLarge",
      value: source.size,
    });
  const json = parseBoundedJson(
    await source.read(0, source.size),
    { depth: 200, entries: 1 << 18, values: 1 << 22 },
    source.name,
  );
  if (isRecord(json) && isRecord(json.weight_map))
    throw new FormatError(
      `${source.name} is the index of a model in several .safetensors files. Open one of the files that it names.`,
      { code: "isIndex" },
    );
  const manifest = Array.isArray(json) ? json : isRecord(json) ? json.weightsManifest : undefined;
  if (
    !Array.isArray(manifest) ||
    manifest.length === 0 ||
    !manifest.every((group) => isRecord(group) && "weights" in group)
  )
    throw new FormatError(
      `${source.name} is no TensorFlow.js model: it has no weightsManifest. Open the model.json that tensorflowjs_converter or model.save() wrote.`,
      { code: "noManifest" },
    );
  const named = new Set<string>();
  const tensors = manifest.flatMap((group, index) => readGroup(group, index, folder, named));
  checkCount(tensors.length);
  const metadata: Record<string, string> = Object.create(null);
  let topology: Topology = { nodes: [], outputs: [] };
  if (isRecord(json)) {
    for (const key of ["format", "generatedBy", "convertedBy"])
      if (typeof json[key] === "string") metadata[key] = json[key].slice(0, 1000);
    topology = tfjsTopology(json.modelTopology, json.signature);
  }
  return { format: "tfjs", metadata, tensors, ...topology };
}

function readGroup(group: object, index: number, folder: SiblingFiles, named: Set<string>): StoredTensor[] {
  const place = `Group ${index + 1} of the weights`;
  const fail = (what: string) =>
    new FormatError(`${place} ${what}. Convert the model again.`, { code: "badManifest", place });
  const { paths, weights } = group as { paths?: unknown; weights?: unknown };
  if (!Array.isArray(weights)) throw fail("has no list of weights");
  if (!Array.isArray(paths) || !paths.every((path) => typeof path === "string")) throw fail("has no list of paths");
  if (paths.length > maxShards) throw fail(`names ${paths.length} files; at most ${maxShards} are read`);
  const shardPaths = (paths as string[]).map((path) => siblingPath(path, place));
  for (const path of shardPaths) {
    if (named.has(path)) throw fail(`names ${JSON.stringify(path)}, which is named before`);
    named.add(path);
  }
  const shards = shardsOf(folder, shardPaths, place);
  let begin: Place = { after: null, offset: 0 };
  return weights.map((weight) => {
    const { tensor, end } = readWeight(weight, begin, shards, fail);
    begin = end;
    return tensor;
  });
}

/** Where a weight begins: so many bytes into the group, or after texts, whose length is known only when they are read. */
interface Place {
  after: (() => Promise<number>) | null;
  offset: number;
}

interface Quantised {
  scale: number;
  min: number;
}

function readWeight(
  weight: unknown,
  begin: Place,
  shards: Shards,
  fail: (what: string) => FormatError,
): { tensor: StoredTensor; end: Place } {
  if (!isRecord(weight) || typeof weight.name !== "string") throw fail("has a weight without a name");
  const name = checkName(weight.name);
  const place = `Weight ${shown(name)}`;
  const stated = weight.dtype;
  if (stated !== "string" && (typeof stated !== "string" || !Object.hasOwn(dtypesHere, stated)))
    throw new FormatError(`${place}: its dtype is ${JSON.stringify(stated)?.slice(0, 80)}, which is not known.`, {
      code: "unknownType",
      place,
    });
  if (!Array.isArray(weight.shape)) throw fail(`has no shape for the weight ${shown(name)}`);
  const quantisation = readQuantisation(weight.quantization, place);
  const dtype: DType = stated === "string" ? "string" : dtypesHere[stated]!;
  const stored = quantisation?.dtype ?? dtype;
  const shape = weight.shape as number[];
  const elements = elementsOf(shape, stored, name);
  const bytes = bytesFor(stored, elements);
  const common = { name, shape, dtype, elements, columnMajor: false };
  const offset = async () => ((await begin.after?.()) ?? 0) + begin.offset;
  if (dtype === "string") {
    let end: Promise<number> | undefined;
    const after = () => {
      end ??= offset().then((start) => endOfTexts(shards, start, elements));
      return end;
    };
    return {
      tensor: { ...common, bytes: 0, storedAs: dtype, values: () => decodeValues(shards.bytes(offset, 0), common) },
      end: { after, offset: 0 },
    };
  }
  const storedAs = quantisation ? `${quantisation.dtype} → ${dtype}` : dtype;
  const values = () => {
    const decoded = decodeValues(shards.bytes(offset, bytes), { name, dtype: stored, elements });
    return quantisation?.scaling ? scaled(decoded, quantisation.scaling, dtype) : decoded;
  };
  return {
    tensor: { ...common, bytes, storedAs, values },
    end: { after: begin.after, offset: begin.offset + bytes },
  };
}

/** Each text is its length in four bytes, then its characters. */
async function endOfTexts(shards: Shards, start: number, elements: number): Promise<number> {
  let at = start;
  for (let i = 0; i < elements; i++) {
    const prefix = new Uint8Array(4);
    let filled = 0;
    for await (const piece of shards.bytes(async () => at, 4)) {
      prefix.set(piece, filled);
      filled += piece.length;
    }
    at += 4 + new DataView(prefix.buffer).getUint32(0, true);
  }
  return at;
}

function readQuantisation(stated: unknown, place: string): { dtype: DType; scaling: Quantised | null } | null {
  if (stated === undefined || stated === null) return null;
  const { dtype, scale, min } = isRecord(stated) ? stated : {};
  if (dtype === "float16") return { dtype, scaling: null };
  const finite = typeof scale === "number" && typeof min === "number" && Number.isFinite(scale) && Number.isFinite(min);
  if ((dtype === "uint8" || dtype === "uint16") && finite) return { dtype, scaling: { scale, min } };
  throw new FormatError(
    `${place}: its quantization is not uint8 or uint16 with scale and min, nor float16. Convert the model again.`,
    { code: "badQuantisation", place },
  );
}

/** As TensorFlow.js decodes it: in double precision, then rounded to the type. */
async function* scaled(
  values: AsyncIterable<Float64Array>,
  { scale, min }: Quantised,
  dtype: DType,
): AsyncGenerator<Float64Array> {
  const round = dtype === "float32" ? Math.fround : (value: number) => Math.round(value) + 0; // −0 is no whole number
  for await (const piece of values) {
    for (let i = 0; i < piece.length; i++) piece[i] = round(piece[i]! * scale + min);
    yield piece;
  }
}

/** Files that are read as if they were one. */
interface Shards {
  bytes(offset: () => Promise<number>, length: number): AsyncIterable<Uint8Array>;
}

function shardsOf(folder: SiblingFiles, paths: readonly string[], place: string): Shards {
  const sizes: number[] = [];
  return {
    async *bytes(offsetOf, length) {
      const offset = await offsetOf();
      const end = offset + length;
      let begin = 0;
      for (let i = 0; i < paths.length && begin < end; i++) {
        const known = sizes[i];
        if (known !== undefined && begin + known <= offset) {
          begin += known;
          continue;
        }
        const shard = await folder.open(paths[i]!);
        sizes[i] = shard.size;
        const from = Math.max(offset, begin);
        const to = Math.min(end, begin + shard.size);
        if (to > from) yield* bytesOf(shard, from - begin, to - from);
        begin += shard.size;
      }
      checkRange(place, begin, offset, length);
    },
  };
}
