// Model files made by hand, without the code that reads them.
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";

/** @param tensors name → { shape, values } in single precision */
export function safetensors(tensors) {
  const header = {};
  const parts = [];
  let at = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    const bytes = Buffer.from(Float32Array.from(values).buffer);
    header[name] = { dtype: "F32", shape, data_offsets: [at, at + bytes.length] };
    at += bytes.length;
    parts.push(bytes);
  }
  return Buffer.concat([headOf(header), ...parts]);
}

/** A file of `count` matrices of zeros, of 10 MiB each, that takes no room on the disk. */
export function writeSparseSafetensors(file, count) {
  const bytes = 10 * 2 ** 20;
  const entries = Array.from({ length: count }, (_, i) => [
    `model.layers.${i}.mlp.weight`,
    { dtype: "F32", shape: [1024, 2560], data_offsets: [i * bytes, (i + 1) * bytes] },
  ]);
  const head = headOf(Object.fromEntries(entries));
  const handle = openSync(file, "w");
  writeSync(handle, head);
  ftruncateSync(handle, head.length + count * bytes);
  closeSync(handle);
}

/** Reads a safetensors file back, as another program would: zeros of each tensor of 32-bit floats. */
export function zerosOf(file) {
  const bytes = readFileSync(file);
  const length = Number(bytes.readBigUInt64LE(0));
  const { __metadata__: _, ...header } = JSON.parse(bytes.subarray(8, 8 + length).toString("utf8"));
  const data = bytes.subarray(8 + length);
  return Object.fromEntries(
    Object.entries(header)
      .filter(([, { dtype }]) => dtype === "F32")
      .map(
        ([
          name,
          {
            data_offsets: [from, to],
          },
        ]) => {
          let zeros = 0;
          for (let at = from; at < to; at += 4) if (data.readFloatLE(at) === 0) zeros++;
          return [name, zeros];
        },
      ),
  );
}

/** Two dense layers with a rectifier between them: [3 × 4] whose second unit has no weights, and [4 × 2]. */
export function onnx() {
  const first = [1, 0, 2, -1, 3, 0, 1, 1, -2, 0, 1, 2];
  const second = [1, -1, 2, 0, 1, 1, 0, 3];
  const node = (operation, inputs, output) =>
    field(1, Buffer.concat([...inputs.map((name) => field(1, name)), field(2, output), field(4, operation)]));
  const tensor = (name, dims, values) =>
    field(
      5,
      Buffer.concat([
        ...dims.map((size) => field(1, size)),
        field(2, 1),
        field(8, name),
        field(9, Buffer.from(Float32Array.from(values).buffer)),
      ]),
    );
  const graph = Buffer.concat([
    node("MatMul", ["x", "fc1.weight"], "a"),
    node("Relu", ["a"], "b"),
    node("MatMul", ["b", "fc2.weight"], "y"),
    field(2, "graph"),
    tensor("fc1.weight", [3, 4], first),
    tensor("fc2.weight", [4, 2], second),
    field(12, field(1, "y")),
  ]);
  return Buffer.concat([field(1, 8), field(7, graph), field(8, field(2, 17))]);
}

/** Channels that are convolved twice, with rectifiers between: of images of one channel. */
export function convolutions(channels) {
  const size = 5;
  const kernel = (outputs, inputs) =>
    Float32Array.from({ length: outputs * inputs * size * size }, (_, i) => ((i * 7919) % 13) / 13 - 0.5);
  const tensor = (name, dims, values) =>
    field(
      5,
      Buffer.concat([
        ...dims.map((length) => field(1, length)),
        field(2, 1),
        field(8, name),
        field(9, Buffer.from(values.buffer)),
      ]),
    );
  const pads = Buffer.concat([field(1, "pads"), ...[2, 2, 2, 2].map((pad) => field(8, pad)), field(20, 7)]);
  const node = (operation, inputs, output, ...attributes) =>
    field(
      1,
      Buffer.concat([
        ...inputs.map((name) => field(1, name)),
        field(2, output),
        field(4, operation),
        ...attributes.map((attribute) => field(5, attribute)),
      ]),
    );
  const dims = [field(2, "n"), field(1, 1), field(1, 28), field(1, 28)].map((dim) => field(1, dim));
  const type = field(1, Buffer.concat([field(1, 1), field(2, Buffer.concat(dims))]));
  const first = kernel(channels, 1);
  // the first channel is dead: no image has a weight for it
  first.fill(0, 0, size * size);
  const graph = Buffer.concat([
    node("Conv", ["x", "one.weight"], "a", pads),
    node("Relu", ["a"], "one"),
    node("Conv", ["one", "two.weight"], "b", pads),
    node("Relu", ["b"], "two"),
    field(2, "graph"),
    tensor("one.weight", [channels, 1, size, size], first),
    tensor("two.weight", [channels, channels, size, size], kernel(channels, channels)),
    field(11, Buffer.concat([field(1, "x"), field(2, type)])),
    field(12, field(1, "two")),
  ]);
  return Buffer.concat([field(1, 8), field(7, graph), field(8, field(2, 17))]);
}

function headOf(header) {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json]);
}

/** A field of protobuf: a number becomes a varint, all else bytes. */
function field(number, value) {
  if (typeof value === "number") return Buffer.concat([varint(number << 3), varint(value)]);
  const bytes = Buffer.from(value);
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function varint(value) {
  const bytes = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}
