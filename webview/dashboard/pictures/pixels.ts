/** Images as pixels, each value an even block of them. */

export interface Place {
  left: number;
  top: number;
  /** Pixels a value, each way. */
  zoom: number;
}

/** @param colour of the image's value k */
export function paintImage(
  pixels: Uint32Array,
  width: number,
  { rows, columns }: { rows: number; columns: number },
  { left, top, zoom }: Place,
  colour: (k: number) => number,
): void {
  for (let y = 0; y < rows * zoom; y++) {
    const row = Math.floor(y / zoom) * columns;
    for (let x = 0; x < columns; x++) {
      const start = (top + y) * width + left + x * zoom;
      pixels.fill(colour(row + x), start, start + zoom);
    }
  }
}
