/** Networks that are as active as one likes: biases shifted until each hidden layer has the wanted share of non-zero outputs. */
import { initialParameters } from "../../../src/engine/network/initialise.js";
import type { NetworkShape, Parameters } from "../../../src/engine/network/network.js";

/**
 * Initial weights, each layer scaled so that its pre-activations spread by 1, and one bias for all units of a layer.
 * @param examples network inputs to set the biases by
 */
export function parametersOfDensity(
  shape: NetworkShape,
  seed: number,
  density: number,
  examples: readonly Float32Array[],
): Parameters {
  const parameters = initialParameters(shape, seed);
  let rows = examples;
  for (const { weightsInOut, biases, signs } of parameters.slice(0, -1)) {
    const sums = rows.map((row) => product(row, weightsInOut, biases.length));
    const scale = 1 / deviation(sums);
    for (let i = 0; i < weightsInOut.length; i++) weightsInOut[i]! *= scale;
    const shift = -scale * quantile(sums, 1 - density);
    // full density means every unit on every example, those not looked at here too
    biases.fill(density === 1 ? shift + 2 : shift);
    rows = sums.map((row) => row.map((a, j) => signs![j]! * Math.max(0, scale * a + biases[j]!)));
  }
  return parameters;
}

function product(row: Float32Array, weights: Float32Array, units: number): Float32Array {
  const sums = new Float32Array(units);
  for (let i = 0; i < row.length; i++) {
    const x = row[i]!;
    if (x === 0) continue;
    const at = i * units;
    for (let j = 0; j < units; j++) sums[j]! += x * weights[at + j]!;
  }
  return sums;
}

function deviation(rows: readonly Float32Array[]): number {
  let sum = 0;
  let squares = 0;
  let n = 0;
  for (const row of rows)
    for (const value of row) {
      sum += value;
      squares += value * value;
      n++;
    }
  return Math.sqrt(squares / n - (sum / n) ** 2);
}

function quantile(rows: readonly Float32Array[], share: number): number {
  const all = new Float32Array(rows.reduce((n, row) => n + row.length, 0));
  let at = 0;
  for (const row of rows) {
    all.set(row, at);
    at += row.length;
  }
  all.sort();
  return all[Math.min(all.length - 1, Math.floor(share * all.length))]!;
}
