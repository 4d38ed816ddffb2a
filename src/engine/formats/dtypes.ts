/**
 * The element types of model files and what their bits mean as numbers.
 * Sources: IEEE 754; "FP8 Formats for Deep Learning" (Micikevicius et al. 2022) for e4m3fn and e5m2; ONNX, "Float stored in 8 bits" for
 * the FNUZ variants; OCP Microscaling Formats v1.0 for float4, float6 and e8m0.
 */

/** Decodes `count` elements from little-endian bytes into `out`. */
type Decode = (bytes: Uint8Array, count: number, out: Float64Array) => void;

interface DTypeInfo {
  bits: number;
  /** Null where the elements are no numbers: nothing is counted. */
  decode: Decode | null;
  /** Rounded quantities that stand for real numbers only with a scale. */
  integer?: true;
}

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export const dtypes = {
  float64: { bits: 64, decode: array(Float64Array) },
  float32: { bits: 32, decode: array(Float32Array) },
  float16: { bits: 16, decode: table(16, (code) => smallFloat(code, 5, 10, "ieee")) },
  bfloat16: { bits: 16, decode: table(16, (code) => smallFloat(code, 8, 7, "ieee")) },
  float8_e4m3fn: { bits: 8, decode: table(8, (code) => smallFloat(code, 4, 3, "fn")) },
  float8_e5m2: { bits: 8, decode: table(8, (code) => smallFloat(code, 5, 2, "ieee")) },
  float8_e4m3fnuz: { bits: 8, decode: table(8, (code) => smallFloat(code, 4, 3, "fnuz")) },
  float8_e5m2fnuz: { bits: 8, decode: table(8, (code) => smallFloat(code, 5, 2, "fnuz")) },
  float8_e8m0: { bits: 8, decode: table(8, (code) => (code === 255 ? Number.NaN : 2 ** (code - 127))) },
  float4_e2m1: { bits: 4, decode: table(4, (code) => smallFloat(code, 2, 1, "finite")) },
  float6_e2m3: { bits: 6, decode: packed(6, (code) => smallFloat(code, 2, 3, "finite")) },
  float6_e3m2: { bits: 6, decode: packed(6, (code) => smallFloat(code, 3, 2, "finite")) },
  int64: { bits: 64, decode: array(BigInt64Array), integer: true },
  uint64: { bits: 64, decode: array(BigUint64Array), integer: true },
  int32: { bits: 32, decode: array(Int32Array), integer: true },
  uint32: { bits: 32, decode: array(Uint32Array), integer: true },
  int16: { bits: 16, decode: array(Int16Array), integer: true },
  uint16: { bits: 16, decode: array(Uint16Array), integer: true },
  int8: { bits: 8, decode: array(Int8Array), integer: true },
  uint8: { bits: 8, decode: array(Uint8Array), integer: true },
  int4: { bits: 4, decode: table(4, (code) => (code << 28) >> 28), integer: true },
  uint4: { bits: 4, decode: table(4, (code) => code), integer: true },
  int2: { bits: 2, decode: table(2, (code) => (code << 30) >> 30), integer: true },
  uint2: { bits: 2, decode: table(2, (code) => code), integer: true },
  bool: { bits: 8, decode: table(8, (code) => Number(code !== 0)) },
  /** Complex numbers stand for their moduli: zero where both parts are, not a number where one is. */
  complex64: { bits: 64, decode: complex(4) },
  complex128: { bits: 128, decode: complex(8) },
  string: { bits: 0, decode: null },
  /** Records, objects, dates, extended precision: listed, not counted. */
  other: { bits: 0, decode: null },
} satisfies Record<string, DTypeInfo>;

export type DType = keyof typeof dtypes;

/** Bits of an element; 0 where that differs from element to element. */
export function bitsOf(dtype: DType): number {
  return dtypes[dtype].bits;
}

/** Bytes that `elements` take, the last one padded. */
export function bytesFor(dtype: DType, elements: number): number {
  return Math.ceil((elements * bitsOf(dtype)) / 8);
}

export function decodeOf(dtype: DType): Decode | null {
  return dtypes[dtype].decode;
}

export function isInteger(dtype: DType): boolean {
  return (dtypes[dtype] as DTypeInfo).integer ?? false;
}

type Arrays =
  | typeof Float64Array
  | typeof Float32Array
  | typeof BigInt64Array
  | typeof BigUint64Array
  | typeof Int32Array
  | typeof Uint32Array
  | typeof Int16Array
  | typeof Uint16Array
  | typeof Int8Array
  | typeof Uint8Array;

/** Types that JavaScript has an array for. 64-bit integers round to double precision: zero stays zero and nothing else becomes it. */
function array(Type: Arrays): Decode {
  return (bytes, count, out) => {
    const aligned = bytes.byteOffset % Type.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice();
    const values = new Type(aligned.buffer as ArrayBuffer, aligned.byteOffset, count);
    if (values instanceof BigInt64Array || values instanceof BigUint64Array)
      for (let i = 0; i < count; i++) out[i] = Number(values[i]);
    else out.set(values);
  };
}

/** Types of at most 16 bits, looked up. Of several in a byte the first has the lowest bits. */
function table(bits: 2 | 4 | 8 | 16, value: (code: number) => number): Decode {
  let values: Float64Array | null = null;
  return (bytes, count, out) => {
    values ??= Float64Array.from({ length: 2 ** bits }, (_, code) => value(code));
    if (bits === 16) {
      for (let i = 0, at = 0; i < count; i++, at += 2) out[i] = values[bytes[at]! | (bytes[at + 1]! << 8)]!;
      return;
    }
    const inByte = 8 / bits;
    const mask = 2 ** bits - 1;
    for (let i = 0; i < count; i++) {
      const byte = bytes[(i / inByte) | 0]!;
      out[i] = values[(byte >> ((i % inByte) * bits)) & mask]!;
    }
  };
}

/** A stream of bits, the lowest first. */
function packed(bits: number, value: (code: number) => number): Decode {
  const values = Float64Array.from({ length: 2 ** bits }, (_, code) => value(code));
  return (bytes, count, out) => {
    for (let i = 0; i < count; i++) {
      const bit = i * bits;
      const at = bit >> 3;
      const pair = bytes[at]! | ((bytes[at + 1] ?? 0) << 8);
      out[i] = values[(pair >> (bit & 7)) & (2 ** bits - 1)]!;
    }
  };
}

function complex(bytesOfPart: 4 | 8): Decode {
  return (bytes, count, out) => {
    const data = view(bytes);
    const part = (at: number) => (bytesOfPart === 4 ? data.getFloat32(at, true) : data.getFloat64(at, true));
    for (let i = 0; i < count; i++) {
      const [re, im] = [part(2 * i * bytesOfPart), part((2 * i + 1) * bytesOfPart)];
      out[i] =
        Number.isNaN(re) || Number.isNaN(im) ? Number.NaN : Math.hypot(re, im) || Math.max(Math.abs(re), Math.abs(im));
    }
  };
}

/**
 * Sign, exponent, mantissa. What the highest exponent means depends on the family: infinities and NaN ("ieee"), one NaN and no
 * infinity ("fn"), nothing special ("finite"); with "fnuz" the only NaN is what would be −0, and the bias is larger by one.
 */
function smallFloat(
  code: number,
  exponentBits: number,
  mantissaBits: number,
  family: "ieee" | "fn" | "fnuz" | "finite",
): number {
  const sign = code >> (exponentBits + mantissaBits) ? -1 : 1;
  const top = 2 ** exponentBits - 1;
  const exponent = (code >> mantissaBits) & top;
  const mantissa = code & (2 ** mantissaBits - 1);
  const bias = 2 ** (exponentBits - 1) - (family === "fnuz" ? 0 : 1);
  if (family === "fnuz" && sign < 0 && exponent === 0 && mantissa === 0) return Number.NaN;
  if (family === "ieee" && exponent === top) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (family === "fn" && exponent === top && mantissa === 2 ** mantissaBits - 1) return Number.NaN;
  const fraction = mantissa / 2 ** mantissaBits;
  return exponent === 0 ? sign * fraction * 2 ** (1 - bias) : sign * (1 + fraction) * 2 ** (exponent - bias);
}
