/**
 * An ONNX model with more outputs. Messages of protobuf that occur twice are merged, their lists joined (protobuf.dev, "Encoding"): a
 * second graph at the end of the file that holds nothing but outputs adds these to the first, and nothing else has to be read or moved.
 * Sources: onnx.proto3, ModelProto.graph (7), GraphProto.output (12), ValueInfoProto.name (1).
 */

const utf8 = new TextEncoder();

export function withOutputs(model: Uint8Array, names: readonly string[]): Uint8Array {
  const outputs = names.map((name) => bytesField(12, bytesField(1, utf8.encode(name))));
  return joined([model, bytesField(7, joined(outputs))]);
}

function bytesField(number: number, bytes: Uint8Array): Uint8Array {
  return joined([Uint8Array.from([...varint((number << 3) | 2), ...varint(bytes.length)]), bytes]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 128);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
