/** Which shape an example takes for a model's input. The data have one value a place, so that 784, 1×28×28 and 28×28×1 are the same numbers. */

/** Of what a model states: a name or a hole where the size is not fixed. */
export type StatedShape = readonly (number | string | null | undefined)[];

export interface ExampleInput {
  /** Of one example. */
  shape: number[];
  /** Examples that the model takes at a time; null for any number. */
  batch: number | null;
  /** The input has an axis for the examples. */
  batched: boolean;
}

/**
 * @param stated the input's, the axis of the examples first
 * @param imageShape rows and columns, of images
 * @returns null where the data do not fit, or fit in more than one way
 */
export function exampleInput(
  stated: StatedShape,
  dimension: number,
  imageShape: readonly [number, number] | null,
): ExampleInput | null {
  const forms = formsOf(dimension, imageShape);
  const [first, ...rest] = stated;
  const shape = onlyFit(rest, forms);
  if (stated.length > 1 && shape) return { shape, batch: fixed(first) ? first : null, batched: true };
  const alone = stated.every(fixed) ? onlyFit(stated, forms) : null;
  return alone ? { shape: alone, batch: 1, batched: false } : null;
}

/** ONNX Runtime gives sizes that have no name as −1, in 32 bits without a sign. */
function fixed(size: StatedShape[number]): size is number {
  return typeof size === "number" && size > 0 && size < 2 ** 32 - 1;
}

/** As errors show it. */
export function shapeText(shape: StatedShape): string {
  return `[${shape.map((size) => (fixed(size) || (typeof size === "string" && size !== "") ? size : "?")).join(", ")}]`;
}

/** What an example may look like, but for axes of size 1. */
function formsOf(dimension: number, imageShape: readonly [number, number] | null): number[][] {
  const flat = [[dimension], [1, dimension], [dimension, 1], [dimension, 1, 1], [1, 1, dimension]];
  if (!imageShape) return flat;
  const [rows, columns] = imageShape;
  const images = [
    [rows, columns],
    [1, rows, columns],
    [rows, columns, 1],
    [1, 1, rows, columns],
  ];
  return [...new Map([...flat, ...images].map((form) => [form.join(), form])).values()];
}

function onlyFit(stated: StatedShape, forms: readonly number[][]): number[] | null {
  const fitting = forms.filter(
    (form) =>
      form.length === stated.length && form.every((size, axis) => !fixed(stated[axis]) || stated[axis] === size),
  );
  // where sizes are open, an image stays an image
  const images = fitting.filter((form) => form.filter((size) => size > 1).length > 1);
  const left = images.length > 0 ? images : fitting;
  return left.length === 1 ? left[0]! : null;
}
