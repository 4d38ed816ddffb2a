/**
 * Per-unit figures packed for the way to the webview: one Float64Array
 * [magic, version, layers, then for each layer: units, the columns of `unitColumns` one after the other (units values each), and the
 * histogram of active units (units + 1 values)]. Double precision, since steps are counted beyond 2²⁴.
 */

export const unitColumns = [
  "firingFrequency",
  "meanActivation",
  "maximum",
  "bias",
  "incomingNorm",
  "outgoingNorm",
  "lastFiredStep",
  "maxUpdate",
  "maxUpdateStep",
] as const;

/** One hidden layer; each column has a value per unit. lastFiredStep and maxUpdateStep are −1 for never. */
export type UnitFigures = Record<(typeof unitColumns)[number], ArrayLike<number>> & {
  /** [units + 1]: how many examples had that many active units. */
  activeUnits: ArrayLike<number>;
};

const noUnits = {
  ...(Object.fromEntries(unitColumns.map((column) => [column, []])) as unknown as UnitFigures),
  activeUnits: [0],
};

const magic = 0x52535531; // "RSU1"
const version = 1;

/** @param layers without figures have no units in the frame */
export function packUnits(layers: readonly (UnitFigures | undefined)[]): ArrayBuffer {
  const parts: ArrayLike<number>[] = [[magic, version, layers.length]];
  for (let l = 0; l < layers.length; l++) {
    const layer = layers[l] ?? noUnits;
    parts.push([layer.firingFrequency.length]);
    for (const column of unitColumns) parts.push(layer[column]);
    parts.push(layer.activeUnits);
  }
  const out = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out.buffer;
}

/** @throws RangeError when the buffer is not what packUnits makes */
export function unpackUnits(buffer: ArrayBuffer): UnitFigures[] {
  if (buffer.byteLength % 8 !== 0 || buffer.byteLength < 24) throw new RangeError("Not unit figures: wrong size.");
  const values = new Float64Array(buffer);
  if (values[0] !== magic || values[1] !== version) throw new RangeError("Not unit figures of this version.");
  let at = 3;
  const take = (length: number) => {
    if (!Number.isInteger(length) || length < 0 || at + length > values.length)
      throw new RangeError("Not unit figures: cut short.");
    at += length;
    return values.subarray(at - length, at);
  };
  const layers = Array.from({ length: values[2] as number }, () => {
    const units = take(1)[0] as number;
    const columns = unitColumns.map((column) => [column, take(units)] as const);
    const figures = Object.fromEntries(columns) as Record<(typeof unitColumns)[number], Float64Array>;
    return { ...figures, activeUnits: take(units + 1) };
  });
  if (at !== values.length) throw new RangeError("Not unit figures: too long.");
  return layers;
}
