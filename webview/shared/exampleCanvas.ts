/** Examples that are images, as canvases. */
import { element } from "./dom.js";

export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** Three planes are colours; the two of a stereo pair stand side by side. */
export function exampleCanvas(values: Uint8Array, rows: number, columns: number, planes: number): HTMLCanvasElement {
  const views = planes === 3 ? 1 : planes;
  const canvas = element("canvas", { class: "sample", attributes: { role: "img" } });
  canvas.width = columns * views;
  canvas.height = rows;
  const context = canvas.getContext("2d");
  const image = context?.createImageData(canvas.width, rows);
  if (!context || !image) return canvas;
  const plane = rows * columns;
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < canvas.width; x++) {
      const from = Math.floor(x / columns) * plane + y * columns + (x % columns);
      const to = 4 * (y * canvas.width + x);
      for (let c = 0; c < 3; c++) image.data[to + c] = values[planes === 3 ? from + c * plane : from] ?? 0;
      image.data[to + 3] = 255;
    }
  context.putImageData(image, 0, 0);
  return canvas;
}
