/** Figures of one stored tensor, computed as its values stream by: one pass, memory for a row, a column and a histogram. */
import { nearZeroEpsilon } from "../../common/metrics.js";
import type { TensorFigures } from "../../common/tensors.js";
import { decodeOf } from "../formats/dtypes.js";
import type { StoredTensor } from "../formats/modelFile.js";

/** Groups along the input axis have so many weights, as in 2:4. */
const groupSize = 4;

/**
 * @param inputAxis along which groups of four are formed; null where that is not known, or means nothing
 * @throws FormatError when the values cannot be read
 */
export async function tensorStatistics(tensor: StoredTensor, inputAxis: number | null): Promise<TensorFigures> {
  // in the order of the bytes: of an array in Fortran's order the last axis changes slowest
  const stored = tensor.columnMajor ? [...tensor.shape].reverse() : tensor.shape;
  const storedAxis = inputAxis !== null && tensor.columnMajor ? stored.length - 1 - inputAxis : inputAxis;
  const values = new ValueCounts();
  const matrix = stored.length === 2 ? new MatrixCounts(stored[0]!, stored[1]!) : null;
  const groups = storedAxis === null ? null : GroupCounts.of(stored, storedAxis);
  for await (const piece of tensor.values()) {
    values.add(piece);
    matrix?.add(piece);
    groups?.add(piece);
  }
  const counted = decodeOf(tensor.dtype) !== null;
  const figures = values.figures();
  const [rows, columns] = counted && matrix ? matrix.dead(figures.zeros) : [null, null];
  return {
    ...figures,
    counted,
    deadRows: tensor.columnMajor ? columns : rows,
    deadColumns: tensor.columnMajor ? rows : columns,
    groupsOfFour: counted ? (groups?.byZeros ?? null) : null,
  };
}

class ValueCounts {
  #zeros = 0;
  #nearZero = 0;
  #notNumbers = 0;
  #infinite = 0;
  #squares = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  /** By the 12 highest bits of the double: its sign and its exponent. */
  readonly #byExponent = new Float64Array(4096);

  add(piece: Float64Array): void {
    const words = new Uint32Array(piece.buffer, piece.byteOffset, 2 * piece.length);
    let [zeros, nearZero, notNumbers, infinite, squares] = [0, 0, 0, 0, 0];
    let [min, max] = [this.#min, this.#max];
    for (let i = 0; i < piece.length; i++) {
      const value = piece[i]!;
      if (value === 0) {
        zeros++;
        continue;
      }
      if (value - value !== 0) {
        if (Number.isNaN(value)) notNumbers++;
        else infinite++;
        continue;
      }
      if (value < nearZeroEpsilon && value > -nearZeroEpsilon) nearZero++;
      squares += value * value;
      if (value < min) min = value;
      if (value > max) max = value;
      this.#byExponent[words[2 * i + 1]! >>> 20]!++;
    }
    if (zeros > 0) [min, max] = [Math.min(min, 0), Math.max(max, 0)];
    [this.#min, this.#max] = [min, max];
    this.#zeros += zeros;
    this.#nearZero += zeros + nearZero;
    this.#notNumbers += notNumbers;
    this.#infinite += infinite;
    this.#squares += squares;
  }

  figures() {
    const finite = this.#min <= this.#max;
    return {
      zeros: this.#zeros,
      nearZero: this.#nearZero,
      notNumbers: this.#notNumbers,
      infinite: this.#infinite,
      norm: Math.sqrt(this.#squares),
      min: finite ? this.#min : null,
      max: finite ? this.#max : null,
      histogram: { negative: this.#powers(0x800), positive: this.#powers(0) },
    };
  }

  /** [exponent, count] of what occurs. */
  #powers(sign: 0 | 0x800): [number, number][] {
    const powers: [number, number][] = [];
    for (let exponent = 0; exponent < 0x7ff; exponent++) {
      const count = this.#byExponent[sign | exponent]!;
      if (count > 0) powers.push([exponent - 1023, count]);
    }
    return powers;
  }
}

/** Which rows and columns hold nothing but zeros. A matrix without elements has none that holds anything else. */
class MatrixCounts {
  /** A bit a column; of a single row its zeros say it all. */
  readonly #columnAlive: Uint32Array;
  #column = 0;
  #rowAlive = false;
  #rowsAlive = 0;

  constructor(
    private readonly rows: number,
    private readonly columns: number,
  ) {
    this.#columnAlive = new Uint32Array(rows > 1 ? Math.ceil(columns / 32) : 0);
  }

  add(piece: Float64Array): void {
    for (let i = 0; i < piece.length; ) {
      const end = Math.min(piece.length, i + this.columns - this.#column);
      if (this.#markRow(piece, i, end)) this.#rowAlive = true;
      this.#column += end - i;
      i = end;
      if (this.#column < this.columns) continue;
      if (this.#rowAlive) this.#rowsAlive++;
      this.#column = 0;
      this.#rowAlive = false;
    }
  }

  /** @returns whether there was anything but zeros */
  #markRow(piece: Float64Array, begin: number, end: number): boolean {
    const alive = this.#columnAlive;
    const word = Math.floor(this.#column / 32);
    let bit = this.#column % 32;
    let any = false;
    for (let i = begin; i < end; i++, bit++) {
      if (piece[i] === 0) continue;
      any = true;
      alive[word + (bit >>> 5)]! |= 1 << (bit & 31);
    }
    return any;
  }

  /** Rows and columns. @param zeros of the whole matrix */
  dead(zeros: number): [number, number] {
    if (this.rows === 1) return [this.rows - this.#rowsAlive, zeros];
    let columnsAlive = 0;
    for (const bits of this.#columnAlive) columnsAlive += ones(bits);
    return [this.rows - this.#rowsAlive, this.columns - columnsAlive];
  }
}

function ones(bits: number): number {
  let rest = bits - ((bits >>> 1) & 0x55555555);
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
  return (((rest + (rest >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

/** Positions between two neighbours along the axis; where there are more, groups are not counted. */
const maxInner = 1 << 26;

/** How many groups of four have how many zeros. Groups that the axis does not fill are left out. */
class GroupCounts {
  readonly byZeros = [0, 0, 0, 0, 0];
  /** Zeros of the groups in progress, one for each position that follows the axis. */
  readonly #zeros: Uint8Array;
  readonly #size: number;
  #along = 0;
  #position = 0;

  private constructor(size: number, inner: number) {
    this.#size = size;
    this.#zeros = new Uint8Array(inner);
  }

  /** Null where there are no groups to count. */
  static of(shape: readonly number[], axis: number): GroupCounts | null {
    const size = shape[axis] ?? 0;
    const inner = shape.slice(axis + 1).reduce((count, n) => count * n, 1);
    return size < groupSize || inner === 0 || inner > maxInner ? null : new GroupCounts(size, inner);
  }

  add(piece: Float64Array): void {
    if (this.#zeros.length === 1) this.#addInARow(piece);
    else this.#addAcross(piece);
  }

  /** The groups' weights lie side by side. */
  #addInARow(piece: Float64Array): void {
    let [zeros, along] = [this.#zeros[0]!, this.#along];
    for (let i = 0; i < piece.length; i++) {
      if (piece[i] === 0) zeros++;
      along++;
      if (along % groupSize === 0) {
        this.byZeros[zeros]!++;
        zeros = 0;
      }
      if (along < this.#size) continue;
      along = 0;
      zeros = 0;
    }
    this.#along = along;
    this.#zeros[0] = zeros;
  }

  #addAcross(piece: Float64Array): void {
    const zeros = this.#zeros;
    for (let i = 0; i < piece.length; ) {
      const taken = Math.min(piece.length - i, zeros.length - this.#position);
      for (let at = 0; at < taken; at++) if (piece[i + at] === 0) zeros[this.#position + at]!++;
      i += taken;
      this.#position += taken;
      if (this.#position === zeros.length) this.#advance();
    }
  }

  /** One further along the axis. */
  #advance(): void {
    this.#position = 0;
    this.#along = (this.#along + 1) % this.#size;
    const full = this.#along % groupSize === 0 && this.#along > 0;
    const rest = this.#along === 0;
    if (full || (rest && this.#size % groupSize === 0)) for (const count of this.#zeros) this.byZeros[count]!++;
    if (full || rest) this.#zeros.fill(0);
  }
}
