/** The examples with the largest outputs of each unit of a layer. */

export class TopExamples {
  private readonly examples: Int32Array;
  private readonly values: Float64Array;
  private readonly filled: Uint16Array;

  /** @param most examples of a unit */
  constructor(
    units: number,
    private readonly most: number,
  ) {
    this.examples = new Int32Array(units * most);
    this.values = new Float64Array(units * most);
    this.filled = new Uint16Array(units);
  }

  /** Of equal outputs the example that comes first is before the others. */
  add(unit: number, example: number, value: number): void {
    const { most, values, examples } = this;
    const start = unit * most;
    const filled = this.filled[unit]!;
    if (filled === most && !(value > values[start + most - 1]!)) return;
    let at = Math.min(filled, most - 1);
    for (; at > 0 && value > values[start + at - 1]!; at--) {
      values[start + at] = values[start + at - 1]!;
      examples[start + at] = examples[start + at - 1]!;
    }
    values[start + at] = value;
    examples[start + at] = example;
    if (filled < most) this.filled[unit] = filled + 1;
  }

  of(unit: number): { example: number; activation: number }[] {
    const start = unit * this.most;
    return Array.from({ length: this.filled[unit]! }, (_, k) => ({
      example: this.examples[start + k]!,
      activation: this.values[start + k]!,
    }));
  }
}
