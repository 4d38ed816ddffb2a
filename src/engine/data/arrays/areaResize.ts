/** Pictures made smaller (or larger): each new pixel is the mean of the area that it covers, parts of pixels by their share. */

/** What one new pixel takes of the old ones along an axis. */
interface Span {
  from: number;
  weights: number[];
}

function spansOf(from: number, to: number): Span[] {
  const ratio = from / to;
  return Array.from({ length: to }, (_, k) => {
    const [start, end] = [k * ratio, (k + 1) * ratio];
    const first = Math.floor(start);
    const last = Math.min(from, Math.ceil(end - 1e-9));
    const weights = Array.from(
      { length: last - first },
      (_, i) => (Math.min(end, first + i + 1) - Math.max(start, first + i)) / ratio,
    );
    return { from: first, weights };
  });
}

/** Resizes many pictures of one size. */
export class AreaResize {
  private readonly down: Span[];
  private readonly across: Span[];
  private readonly rowsDone: Float64Array;

  constructor(
    readonly rows: number,
    readonly columns: number,
    readonly toRows: number,
    readonly toColumns: number,
  ) {
    this.down = spansOf(rows, toRows);
    this.across = spansOf(columns, toColumns);
    this.rowsDone = new Float64Array(rows * toColumns);
  }

  /**
   * @param from one plane at `at`, [rows × columns]
   * @param out gets [toRows × toColumns] at `outAt`
   */
  plane(
    from: Uint8Array | Float32Array,
    at: number,
    out: Uint8ClampedArray | Float32Array | Float64Array,
    outAt: number,
  ): void {
    const { columns, toColumns, rowsDone } = this;
    for (let r = 0; r < this.rows; r++)
      for (let c = 0; c < toColumns; c++) {
        const { from: first, weights } = this.across[c]!;
        let sum = 0;
        for (let i = 0; i < weights.length; i++) sum += weights[i]! * from[at + r * columns + first + i]!;
        rowsDone[r * toColumns + c] = sum;
      }
    for (let r = 0; r < this.toRows; r++) {
      const { from: first, weights } = this.down[r]!;
      for (let c = 0; c < toColumns; c++) {
        let sum = 0;
        for (let i = 0; i < weights.length; i++) sum += weights[i]! * rowsDone[(first + i) * toColumns + c]!;
        out[outAt + r * toColumns + c] = sum;
      }
    }
  }
}
