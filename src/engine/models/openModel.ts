/** Opens any model file: what it is, is told by its name or its first bytes; then its tensors are listed. */
import path from "node:path";
import type { ByteSource, SiblingFiles } from "../formats/byteSource.js";
import { FormatError } from "../formats/formatError.js";
import type { Model, ModelFormat } from "../formats/modelFile.js";
import { npyMagic, readNpy } from "../formats/npy.js";
import { readNpz } from "../formats/npz.js";
import { readOnnx, readOnnxTensorFile } from "../formats/onnx.js";
import { readSafetensors } from "../formats/readSafetensors.js";
import { readTfjs } from "../formats/tfjs.js";
import { openFile, Siblings } from "./fileSource.js";

export interface OpenModel extends Model {
  close(): Promise<void>;
}

/** @throws FormatError with the file's path */
export async function openModel(file: string): Promise<OpenModel> {
  const siblings = new Siblings(path.dirname(path.resolve(file)));
  try {
    const source = await openFile(file);
    try {
      const model = await readModel(source, siblings);
      return {
        ...model,
        async close() {
          await source.close();
          await siblings.close();
        },
      };
    } catch (error) {
      await source.close();
      await siblings.close();
      throw error;
    }
  } catch (error) {
    throw withFile(error, file);
  }
}

/** The same error, with the path of the model that it concerns. */
export function withFile(error: unknown, file: string): unknown {
  if (!(error instanceof FormatError) || error.file) return error;
  error.file = file;
  if (!error.message.includes(path.basename(file))) error.message = `${file}: ${error.message}`;
  return error;
}

/** Header first: as little of the file is read as listing its tensors takes. @throws FormatError */
export async function readModel(source: ByteSource, siblings: SiblingFiles): Promise<Model> {
  return readers[await formatOf(source)](source, siblings);
}

const readers: Record<ModelFormat, (source: ByteSource, siblings: SiblingFiles) => Promise<Model>> = {
  safetensors: readSafetensors,
  onnx: readOnnx,
  onnxTensor: readOnnxTensorFile,
  tfjs: readTfjs,
  npz: readNpz,
  npy: readNpy,
};

const byEnding: Record<string, ModelFormat> = {
  ".safetensors": "safetensors",
  ".onnx": "onnx",
  ".pb": "onnxTensor",
  ".json": "tfjs",
  ".npz": "npz",
  ".npy": "npy",
};

/** @throws FormatError when neither name nor content says */
export async function formatOf(source: ByteSource): Promise<ModelFormat> {
  const named = byEnding[path.extname(source.name).toLowerCase()];
  if (named) return named;
  const head = await source.read(0, Math.min(source.size, 16));
  const begins = (bytes: readonly number[]) => bytes.every((byte, at) => head[at] === byte);
  if (begins(npyMagic)) return "npy";
  if (begins([0x50, 0x4b, 3, 4]) || begins([0x50, 0x4b, 5, 6])) return "npz";
  const open = "{".charCodeAt(0);
  if (head[8] === open && head[7] === 0 && head[6] === 0) return "safetensors";
  if (head[0] === open || head[0] === "[".charCodeAt(0)) return "tfjs";
  throw new FormatError(
    `${source.name} is no model file that Rectiscope reads: it reads .safetensors, .onnx, TensorFlow.js model.json, .npz and .npy.`,
    { code: "unknownFormat" },
  );
}
