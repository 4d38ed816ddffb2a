/**
 * Columns of figures over a rising x, with the sums and extremes of every 4, 16, 64, … rows: any range is drawn from few blocks,
 * however many rows there are. Rows are added at the end; the end can be cut back.
 */

/** What some rows come to in one column; values that are not finite are left out. */
export interface Summary {
  /** Of value × weight. */
  sum: number;
  /** 0 where there was no value. */
  weight: number;
  low: number;
  high: number;
}

/** One point a group of rows, at the x of the group's last one. */
export interface Curves {
  x: Float64Array;
  columns: CurveColumn[];
}

/** NaN where a group has no value. */
export interface CurveColumn {
  /** Weighted. */
  means: Float32Array;
  lows: Float32Array;
  highs: Float32Array;
}

/** Rows or blocks in a block of the next level. */
const fan = 4;
/** Numbers that a block keeps of each column. */
const parts = 4;

export class Series {
  private readonly x = new Growing(1);
  private readonly weights = new Growing(1);
  private readonly values: Growing;
  /** Complete blocks: of `fan` rows, of `fan` of these, and so on. */
  private readonly levels: Growing[] = [];

  constructor(private readonly columns: number) {
    this.values = new Growing(columns);
  }

  get length(): number {
    return this.x.length;
  }

  /** @param values one a column; NaN for none */
  append(x: number, weight: number, values: readonly number[]): void {
    this.x.push([x]);
    this.weights.push([weight]);
    this.values.push(values);
    for (let level = 1, size = fan; this.length % size === 0; level++, size *= fan) {
      const block: number[] = [];
      for (let column = 0; column < this.columns; column++) {
        const { sum, weight, low, high } = this.summary(column, this.length - size, this.length, level - 1);
        block.push(sum, weight, low, high);
      }
      this.levels[level - 1] ??= new Growing(this.columns * parts);
      this.levels[level - 1]?.push(block);
    }
  }

  /** Leaves the first `length` rows. */
  cutBack(length: number): void {
    for (const rows of [this.x, this.weights, this.values]) rows.length = Math.min(rows.length, length);
    this.levels.forEach((level, k) => {
      level.length = Math.floor(this.length / fan ** (k + 1));
    });
  }

  xAt(row: number): number {
    return this.x.at(row, 0);
  }

  weightAt(row: number): number {
    return this.weights.at(row, 0);
  }

  valueAt(row: number, column: number): number {
    return this.values.at(row, column);
  }

  /** Of the rows from…to − 1, in as few blocks as there are. */
  summary(column: number, from: number, to: number, highest = this.levels.length): Summary {
    const all: Summary = { sum: 0, weight: 0, low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY };
    for (let row = from; row < to; ) {
      let level = 0;
      let size = 1;
      while (level < highest && row % (size * fan) === 0 && row + size * fan <= to) {
        level++;
        size *= fan;
      }
      if (level === 0) this.addRow(all, column, row);
      else this.addBlock(all, column, this.levels[level - 1] as Growing, row / size);
      row += size;
    }
    return all;
  }

  /**
   * At most `most` points over a range of x, and one group more at either end, so that lines go on to the edges. Groups hold a
   * power of two of rows and begin at multiples of it: a full group does not change while rows arrive. A range with no more than
   * `most` rows comes row by row.
   * @param range null for all
   */
  curves(range: readonly [from: number, to: number] | null, most: number, columns: readonly number[]): Curves {
    const [first, end] = range ? [this.firstFrom(range[0]), this.firstFrom(range[1]) + 1] : [0, this.length];
    let group = 1;
    while ((end - first) / group > most) group *= 2;
    const start = Math.max(0, Math.floor(first / group) - 1) * group;
    const stop = Math.min(this.length, end + group);
    const points = Math.max(0, Math.ceil((stop - start) / group));
    const rowsOf = (point: number): [number, number] => {
      const from = start + point * group;
      return [from, Math.min(this.length, from + group)];
    };
    return {
      x: Float64Array.from({ length: points }, (_, point) => this.xAt(rowsOf(point)[1] - 1)),
      columns: columns.map((column) => {
        const [means, lows, highs] = [1, 2, 3].map(() => new Float32Array(points).fill(Number.NaN)) as Triple;
        for (let point = 0; point < points; point++) {
          const { sum, weight, low, high } = this.summary(column, ...rowsOf(point));
          if (weight === 0) continue;
          means[point] = sum / weight;
          lows[point] = low;
          highs[point] = high;
        }
        return { means, lows, highs };
      }),
    };
  }

  /** The first row at or after x. */
  private firstFrom(x: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.xAt(middle) < x) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private addRow(all: Summary, column: number, row: number): void {
    const value = this.valueAt(row, column);
    if (!Number.isFinite(value)) return;
    const weight = this.weightAt(row);
    all.sum += value * weight;
    all.weight += weight;
    all.low = Math.min(all.low, value);
    all.high = Math.max(all.high, value);
  }

  private addBlock(all: Summary, column: number, level: Growing, block: number): void {
    const part = (index: number) => level.at(block, column * parts + index);
    all.sum += part(0);
    all.weight += part(1);
    all.low = Math.min(all.low, part(2));
    all.high = Math.max(all.high, part(3));
  }
}

type Triple = [Float32Array, Float32Array, Float32Array];

/** Rows of equal width in one buffer that doubles when it is full. */
class Growing {
  length = 0;
  private buffer = new Float64Array(0);

  constructor(private readonly width: number) {}

  push(row: readonly number[]): void {
    const end = (this.length + 1) * this.width;
    if (end > this.buffer.length) {
      const larger = new Float64Array(Math.max(64 * this.width, 2 * this.buffer.length));
      larger.set(this.buffer);
      this.buffer = larger;
    }
    this.buffer.set(row, this.length * this.width);
    this.length++;
  }

  at(row: number, column: number): number {
    return this.buffer[row * this.width + column] as number;
  }
}
