/** Weights and biases, and arrays like them, between the order of the units and the panels in which the kernels hold them. */
import { panelColumns } from "./arena.js";

/** As parameters have them. */
export interface WeightArrays {
  /** [inputs × units], row-major */
  weightsInOut: Float32Array;
  /** [units] */
  biases: Float32Array;
}

/** How a layer's panels are laid out: [panel][row, the biases last][16]. */
export interface Panels {
  panelBytes: number;
  /** Where each input and each unit lies; inputs without places lie in their order. */
  inputs: { count: number; places: Int32Array | undefined };
  places: Int32Array;
}

export function writePanels(floats: Float32Array, address: number, panels: Panels, from: WeightArrays): void {
  const units = panels.places.length;
  eachRow(address, panels, (row, at, columns) => {
    const isBias = row === panels.inputs.count;
    const source = isBias ? from.biases : from.weightsInOut;
    const start = isBias ? 0 : row * units;
    for (let j = 0; j < units; j++) floats[at + columns[j]!] = source[start + j]!;
  });
}

export function readPanels(floats: Float32Array, address: number, panels: Panels): WeightArrays {
  const units = panels.places.length;
  const to = { weightsInOut: new Float32Array(panels.inputs.count * units), biases: new Float32Array(units) };
  eachRow(address, panels, (row, at, columns) => {
    const isBias = row === panels.inputs.count;
    const target = isBias ? to.biases : to.weightsInOut;
    const start = isBias ? 0 : row * units;
    for (let j = 0; j < units; j++) target[start + j] = floats[at + columns[j]!]!;
  });
  return to;
}

/** Visits the rows, the biases last: the word where a row begins, and of each unit, from there. */
function eachRow(
  address: number,
  { panelBytes, inputs, places }: Panels,
  visit: (row: number, at: number, columns: Int32Array) => void,
): void {
  const columns = places.map((place) => Math.floor(place / panelColumns) * (panelBytes / 4) + (place % panelColumns));
  for (let row = 0; row <= inputs.count; row++) {
    const place = row < inputs.count && inputs.places ? inputs.places[row]! : row;
    visit(row, address / 4 + place * panelColumns, columns);
  }
}
