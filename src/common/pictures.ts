/** Pictures of a layer that was pre-trained on images, as a view gets them. */

/** Filters that are asked for at once. */
export const filtersPerPage = 72;

export interface Pictures {
  rows: number;
  columns: number;
  filters: Filters;
  examples: ExamplePictures;
}

/** Incoming weights of the first layer's units, each as an image. */
export interface Filters {
  /** Units of the layer. */
  units: number;
  /** The first one here. */
  from: number;
  /** Int8Array [count × rows × columns]: weight ÷ the unit's largest |weight|, times 127. */
  values: ArrayBuffer;
  /** The largest |weight| of each. */
  largest: number[];
}

export interface ExamplePictures {
  n: number;
  /** From the original on. */
  strips: ExampleStrip[];
}

export interface ExampleStrip {
  /** 0 for the original, null for the corrupted one, else the layer up to which it was encoded. */
  layer: number | null;
  /** Uint8Array [n × rows × columns]: 0 is black, 255 the largest original value; what is beyond is clipped. */
  values: ArrayBuffer;
  /** Mean of (value − original)² over all values. */
  error: number;
}
