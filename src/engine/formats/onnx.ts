/** Lists an ONNX model's initialisers and operations; data are skipped and streamed later. Source: onnx.proto3. */
import type { ByteSource, SiblingFiles } from "./byteSource.js";
import { type Quantisation, quantised } from "./dequantise.js";
import { isInteger } from "./dtypes.js";
import { FormatError } from "./formatError.js";
import { checkCount, type GraphNode, type Model, type StoredTensor } from "./modelFile.js";
import { type OnnxTensor, readOnnxTensor, readPair } from "./onnxTensor.js";
import { ProtobufReader, type Range } from "./protobuf.js";

const what = "an ONNX model";
const maxNodes = 1 << 18;
/** Of inputs and outputs of all operations together. */
const maxNames = 1 << 21;

/** The initialisers of the main graph, in the file's order. @throws FormatError */
export async function readOnnx(source: ByteSource, folder: SiblingFiles): Promise<Model> {
  const reader = new ProtobufReader(source, what);
  const metadata: Record<string, string> = Object.create(null);
  const graphs: Range[] = [];
  for await (const field of reader.fields({ start: 0, end: source.size })) {
    if (field.number === 1 && field.wire === "varint") metadata["IR version"] = String(field.low);
    if (field.wire !== "bytes") continue;
    if (field.number === 2) metadata.producer = await reader.text(field);
    else if (field.number === 3) metadata["producer version"] = await reader.text(field);
    else if (field.number === 7) graphs.push({ start: field.start, end: field.end });
    else if (field.number === 14) {
      const [key, value] = await readPair(reader, field);
      if (Object.keys(metadata).length < 1000) metadata[key] = value;
    }
  }
  if (graphs.length === 0)
    throw new FormatError(`${source.name} is not ${what} that can be read: it has no graph. Export it again.`, {
      code: "noGraph",
    });
  const found = {
    tensors: [] as OnnxTensor[],
    nodes: [] as GraphNode[],
    outputs: [] as string[],
    sparse: 0,
  };
  let names = 0;
  for (const graph of graphs) {
    for await (const { number, wire, ...field } of reader.fields(graph)) {
      if (wire !== "bytes") continue;
      const range = field as Range;
      if (number === 5) {
        checkCount(found.tensors.push(await readOnnxTensor(source, folder, range)));
      } else if (number === 1) {
        const node = await readNode(reader, range);
        names += 1 + node.inputs.length + node.outputs.length;
        found.nodes.push(node);
        if (names > maxNames || found.nodes.length > maxNodes)
          throw reader.error(range.start, "a graph of more operations than are read", "tooLarge");
      } else if (number === 12) {
        names++;
        for await (const part of reader.fields(range))
          if (part.number === 1 && part.wire === "bytes") found.outputs.push(await reader.text(part));
      } else if (number === 15) found.sparse++;
    }
  }
  if (found.sparse > 0) metadata["sparse initialisers, not listed"] = String(found.sparse);
  checkExternal(found.tensors);
  return {
    format: "onnx",
    metadata,
    tensors: dequantisedBy(found.nodes, found.tensors),
    nodes: found.nodes,
    outputs: found.outputs,
    dataFiles: [...new Set(found.tensors.flatMap(({ external }) => external?.location ?? []))],
  };
}

/** A file that is one TensorProto, as the data of ONNX's own tests are. @throws FormatError */
export async function readOnnxTensorFile(source: ByteSource, folder: SiblingFiles): Promise<Model> {
  try {
    const tensor = await readOnnxTensor(source, folder, { start: 0, end: source.size });
    return { format: "onnxTensor", metadata: {}, tensors: [tensor], nodes: [], outputs: [] };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(
      `${source.name} is not one ONNX tensor: sequences, optional values and models of other programs are not read (${error.message})`,
      { code: error.code, place: error.place, value: error.value },
    );
  }
}

async function readNode(reader: ProtobufReader, range: Range): Promise<GraphNode> {
  const node = {
    operation: "",
    name: "",
    inputs: [] as string[],
    outputs: [] as string[],
    attributes: Object.create(null) as Record<string, number | string>,
  };
  for await (const field of reader.fields(range)) {
    if (field.wire !== "bytes") continue;
    if (field.number === 1) node.inputs.push(await reader.text(field));
    else if (field.number === 2) node.outputs.push(await reader.text(field));
    else if (field.number === 3) node.name = await reader.text(field);
    else if (field.number === 4) node.operation = await reader.text(field);
    else if (field.number === 5) await addAttribute(reader, field, node.attributes);
    if (node.inputs.length + node.outputs.length > maxNames)
      throw reader.error(range.start, "an operation with more inputs than are read", "tooLarge");
  }
  return node;
}

/** Whole numbers, numbers and short texts; what else an attribute can hold, subgraphs included, is skipped. */
async function addAttribute(reader: ProtobufReader, range: Range, attributes: Record<string, number | string>) {
  let name = "";
  let value: number | string | null = null;
  for await (const field of reader.fields(range)) {
    if (field.number === 1 && field.wire === "bytes") name = await reader.text(field);
    else if (field.number === 3 && field.wire === "varint") value = (field.high | 0) * 2 ** 32 + field.low;
    else if (field.number === 2 && field.wire === "fixed32") {
      const bytes = await reader.bytes(field, 4);
      value = new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, true);
    } else if (field.number === 4 && field.wire === "bytes" && field.end - field.start <= 256)
      value = await reader.text(field);
  }
  if (value !== null) attributes[name] = value;
}

/** Tensors may share external data, as tied weights do, but not so often that reading them would not end. */
function checkExternal(tensors: readonly OnnxTensor[]): void {
  const files = new Map<string, { end: number; total: number }>();
  for (const { external, bytes } of tensors) {
    if (!external) continue;
    const file = files.get(external.location) ?? { end: 0, total: 0 };
    file.end = Math.max(file.end, external.offset + bytes);
    file.total += bytes;
    files.set(external.location, file);
    if (file.total > 64 * file.end + 2 ** 30)
      throw new FormatError(
        `The tensors in ${external.location} share their bytes more often than any model needs. Export the model again.`,
        { code: "badOffsets", place: external.location },
      );
  }
}

/** Which inputs of an operation are quantised, with their scales and zero points, by position. */
const quantisedInputs: Record<string, { tensor: number; scale: number | null; zeroPoint: number; axis: number }[]> = {
  DequantizeLinear: [{ tensor: 0, scale: 1, zeroPoint: 2, axis: 1 }],
  QLinearConv: [{ tensor: 3, scale: 4, zeroPoint: 5, axis: 0 }],
  QLinearMatMul: [
    { tensor: 0, scale: 1, zeroPoint: 2, axis: -2 },
    { tensor: 3, scale: 4, zeroPoint: 5, axis: -1 },
  ],
  QGemm: [{ tensor: 3, scale: 4, zeroPoint: 5, axis: -1 }],
  ConvInteger: [{ tensor: 1, scale: null, zeroPoint: 3, axis: 0 }],
  MatMulInteger: [
    { tensor: 0, scale: null, zeroPoint: 2, axis: -2 },
    { tensor: 1, scale: null, zeroPoint: 3, axis: -1 },
  ],
};

/** Whole numbers that the graph dequantises with constant parameters stand for what they mean there. */
function dequantisedBy(nodes: readonly GraphNode[], tensors: readonly StoredTensor[]): StoredTensor[] {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const uses = new Map<string, Quantisation>();
  for (const { operation, inputs, attributes } of nodes) {
    if (!Object.hasOwn(quantisedInputs, operation)) continue;
    for (const { tensor, scale, zeroPoint, axis } of quantisedInputs[operation]!) {
      const name = inputs[tensor] ?? "";
      const parameters = [scale === null ? "" : (inputs[scale] ?? ""), inputs[zeroPoint] ?? ""];
      // parameters that are computed are not known
      if (uses.has(name) || parameters.some((input) => input !== "" && !byName.has(input))) continue;
      uses.set(name, {
        scale: byName.get(parameters[0]!) ?? null,
        zeroPoint: byName.get(parameters[1]!) ?? null,
        axis: typeof attributes.axis === "number" ? attributes.axis : axis,
        block: typeof attributes.block_size === "number" ? attributes.block_size : 0,
      });
    }
  }
  return tensors.map((tensor) => {
    const use = uses.get(tensor.name);
    return use && (isInteger(tensor.dtype) || tensor.dtype.startsWith("float8"))
      ? (quantised(tensor, use) ?? tensor)
      : tensor;
  });
}
