import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeSafetensors, encodeSafetensors, type Tensors } from "./safetensors.js";
import { SafetensorsError } from "./safetensorsHeader.js";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** A file with any header and any values. */
function file(header: unknown, values = 0): Uint8Array {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const out = new Uint8Array(8 + json.length + values);
  new DataView(out.buffer).setBigUint64(0, BigInt(json.length), true);
  out.set(json, 8);
  return out;
}

const example = (): Tensors => ({
  weights: { dtype: "F32", shape: [2, 2], data: Float32Array.of(1, -0, Number.NaN, 1e-40) },
  bytes: { dtype: "U8", shape: [3], data: Uint8Array.of(1, 2, 255) },
  steps: { dtype: "I32", shape: [1], data: Int32Array.of(-1) },
  exact: { dtype: "F64", shape: [], data: Float64Array.of(Math.PI) },
  long: { dtype: "I64", shape: [1, 1], data: BigInt64Array.of(-(2n ** 60n)) },
  none: { dtype: "F32", shape: [0, 7], data: new Float32Array() },
});

describe("encodeSafetensors", () => {
  it("writes the header of the format, padded to 8 bytes, names in the given order", () => {
    const bytes = encodeSafetensors({ b: example().bytes as never, a: example().steps as never }, { step: "3" });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    expect(text(bytes.subarray(8, 8 + length)).trimEnd()).toBe(
      '{"__metadata__":{"step":"3"},"b":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"a":{"dtype":"I32","shape":[1],"data_offsets":[3,7]}}',
    );
    expect([...bytes.subarray(8 + length)]).toEqual([1, 2, 255, 255, 255, 255, 255]);
  });

  it("writes views and shared memory", () => {
    const shared = new Float32Array(new SharedArrayBuffer(16));
    shared.set([1, 2, 3, 4]);
    const bytes = encodeSafetensors({ a: { dtype: "F32", shape: [2], data: shared.subarray(1, 3) } }, {});
    expect(decodeSafetensors(bytes).tensors.a?.data).toEqual(Float32Array.of(2, 3));
  });

  it.each([
    ["a shape that does not fit", { a: { dtype: "F32", shape: [3], data: new Float32Array(2) } }],
    ["a negative size", { a: { dtype: "F32", shape: [-1, -2], data: new Float32Array(2) } }],
    ["another type's data", { a: { dtype: "F32", shape: [2], data: new Int32Array(2) } }],
    ["the reserved name", { __metadata__: { dtype: "U8", shape: [1], data: new Uint8Array(1) } }],
  ])("turns down %s", (_, tensors) => {
    expect(() => encodeSafetensors(tensors as unknown as Tensors, {})).toThrow(SafetensorsError);
  });
});

describe("decodeSafetensors", () => {
  it("gives back what was written, bit for bit", () => {
    const bytes = encodeSafetensors(example(), { set: "valid", é: "½" });
    const { metadata, tensors } = decodeSafetensors(bytes);
    expect({ ...metadata }).toEqual({ set: "valid", é: "½" });
    expect({ ...tensors }).toEqual(example());
    expect(encodeSafetensors(tensors, metadata)).toEqual(bytes);
  });

  it("does not let names reach prototypes", () => {
    const header = '{"__metadata__":{"__proto__":"x"},"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}';
    const { tensors } = decodeSafetensors(file(header, 1));
    expect(Object.keys(tensors)).toEqual(["__proto__"]);
    expect(({} as Record<string, unknown>).dtype).toBeUndefined();
  });

  const entry = (more: object) => ({ a: { dtype: "F32", shape: [1], data_offsets: [0, 4], ...more } });
  it.each([
    ["nothing", new Uint8Array(), /0 bytes/],
    ["a header longer than the file", file("{}").map((byte, at) => (at === 1 ? 1 : byte)), /header of 258 bytes/],
    ["an endless header", new Uint8Array(16).fill(255), /header of 18446744073709551615 bytes/],
    ["no JSON", file("{nope}"), /not JSON/],
    ["no UTF-8", Uint8Array.from([2, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe]), /not JSON/],
    ["a list", file("[]"), /not a JSON object/],
    ["null", file("null"), /not a JSON object/],
    ["an entry that is no object", file({ a: 3 }), /"a": its entry/],
    ["an unknown type", file(entry({ dtype: "F16", shape: [2] }), 4), /"F16".*F32, F64/],
    ["a type from the prototype", file(entry({ dtype: "constructor" }), 4), /dtype/],
    ["a fraction in the shape", file(entry({ shape: [0.5, 2] }), 4), /shape/],
    ["a huge shape", file(entry({ shape: [2 ** 40, 2 ** 40] }), 4), /shape/],
    ["three offsets", file(entry({ data_offsets: [0, 4, 4] }), 4), /data_offsets/],
    ["offsets backwards", file(entry({ data_offsets: [4, 0] }), 4), /4 to 0/],
    ["offsets past the end", file(entry({}), 3), /0 to 4 are not within the 3 bytes.*cut short/],
    ["offsets that do not fit the shape", file(entry({ shape: [2] }), 4), /takes 8 bytes.*hold 4/],
    ["an overlap", file({ ...entry({}), b: { dtype: "F32", shape: [1], data_offsets: [2, 6] } }, 6), /overlap/],
    ["a gap", file({ ...entry({}), b: { dtype: "U8", shape: [1], data_offsets: [5, 6] } }, 6), /gap/],
    ["bytes at the end", file(entry({}), 6), /2 bytes at the end/],
    ["metadata that is no text", file({ __metadata__: { a: 1 } }), /__metadata__/],
  ])("turns down %s", (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(SafetensorsError);
    expect(() => decodeSafetensors(bytes)).toThrow(message);
  });

  const tensor = fc.oneof(
    fc.float32Array().map((data) => ({ dtype: "F32" as const, shape: [data.length], data })),
    fc.float64Array().map((data) => ({ dtype: "F64" as const, shape: [1, data.length], data })),
    fc.int32Array().map((data) => ({ dtype: "I32" as const, shape: [data.length, 1], data })),
    fc.uint8Array().map((data) => ({ dtype: "U8" as const, shape: [data.length], data })),
  );
  const tensors = fc.dictionary(
    fc.string().filter((name) => name !== "__metadata__" && name !== "__proto__"),
    tensor,
  );

  it("round-trips any tensors", () => {
    fc.assert(
      fc.property(tensors, fc.dictionary(fc.string(), fc.string()), (all, metadata) => {
        const read = decodeSafetensors(encodeSafetensors(all, metadata));
        expect({ ...read.tensors }).toEqual({ ...all });
        expect({ ...read.metadata }).toEqual({ ...metadata });
      }),
    );
  });

  it("any bytes, and any damage to a good file, are read or turned down with a SafetensorsError", () => {
    const good = encodeSafetensors(example(), { step: "1" });
    const damaged = fc
      .array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
      .chain((changes) =>
        fc.nat(good.length).map((length) => {
          const copy = Uint8Array.from(good);
          for (const [at, byte] of changes) copy[at] = byte;
          return copy.slice(0, length > good.length / 2 ? good.length : length);
        }),
      );
    const header = fc.json().map((json) => file(json, 8));
    fc.assert(
      fc.property(fc.oneof(damaged, header, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        try {
          decodeSafetensors(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(SafetensorsError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

it("a view into a larger buffer, such as Node's pooled ones, is read alone", () => {
  const bytes = encodeSafetensors({ a: { dtype: "F32", shape: [2], data: Float32Array.from([1, 2]) } }, {});
  const pool = Buffer.alloc(bytes.length + 16, 7);
  pool.set(bytes, 8);
  const { tensors } = decodeSafetensors(pool.subarray(8, 8 + bytes.length));
  expect(tensors.a?.data).toEqual(Float32Array.from([1, 2]));
});
