// Tied weights: two layers hold the same weights, one of them transposed, and after each's update the other is made anew.
import { firstUnit, Layer, panelColumns, panelRow } from "./structures";

/** The columns of a quarter of `to` become the rows of `from`: to[i, j] = from[j, i]. Biases stay. */
export function transposeWeights(to: Layer, from: Layer, quarter: i32): void {
  const rows = to.input.width, end = min(firstUnit(to.output, quarter + 1), to.output.width);
  let j = firstUnit(to.output, quarter);
  for (; j + 3 < end; j += 4) {
    let i = 0;
    for (; i + 3 < rows; i += 4) {
      const w = weight(from, j, i), a = v128.load(w), b = v128.load(w, 64), c = v128.load(w, 128), d = v128.load(w, 192);
      const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
      const ef = v128.shuffle<i32>(a, b, 2, 6, 3, 7), gh = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
      const at = weight(to, i, j);
      v128.store(at, v128.shuffle<i32>(ab, cd, 0, 1, 4, 5));
      v128.store(at, v128.shuffle<i32>(ab, cd, 2, 3, 6, 7), 64);
      v128.store(at, v128.shuffle<i32>(ef, gh, 0, 1, 4, 5), 128);
      v128.store(at, v128.shuffle<i32>(ef, gh, 2, 3, 6, 7), 192);
    }
    for (; i < rows; i++) for (let k = 0; k < 4; k++) copyWeight(to, i, j + k, from);
  }
  for (; j < end; j++) for (let i = 0; i < rows; i++) copyWeight(to, i, j, from);
}

// @ts-ignore: decorator
@inline
function copyWeight(to: Layer, i: i32, j: i32, from: Layer): void {
  store<f32>(weight(to, i, j), load<f32>(weight(from, j, i)));
}

/** Where the weight from input i to unit j lies. */
// @ts-ignore: decorator
@inline
function weight(layer: Layer, i: i32, j: i32): usize {
  return layer.weights + <usize>(j / panelColumns) * layer.panelBytes + <usize>i * panelRow + (<usize>(j % panelColumns) << 2);
}
