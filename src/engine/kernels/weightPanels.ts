/** Weights and biases, and arrays like them, between the order of the units and the panels in which the kernels hold them. */
import { type PanelLayout, panelColumns } from "./panelLayout.js";

/** As parameters have them. */
export interface WeightArrays {
  /** [inputs × units], row-major */
  weightsInOut: Float32Array;
  /** [units] */
  biases: Float32Array;
}

/** How a layer's panels are laid out, and who is where in them. */
export interface Panels {
  layout: PanelLayout;
  /** Where each input and each unit lies; inputs without places lie in their order. */
  inputs: { count: number; places: Int32Array | undefined };
  places: Int32Array;
}

export function writePanels(floats: Float32Array, address: number, panels: Panels, from: WeightArrays): void {
  writeRows(floats, address, panels, 0, from.weightsInOut);
  writeRows(floats, address, panels, panels.inputs.count, from.biases);
}

export function readPanels(floats: Float32Array, address: number, panels: Panels): WeightArrays {
  const units = panels.places.length;
  const to = { weightsInOut: new Float32Array(panels.inputs.count * units), biases: new Float32Array(units) };
  readRows(floats, address, panels, 0, to.weightsInOut);
  readRows(floats, address, panels, panels.inputs.count, to.biases);
  return to;
}

/** Writes whole rows from row `first` on; the biases are the row after the last input's. */
export function writeRows(
  floats: Float32Array,
  address: number,
  panels: Panels,
  first: number,
  from: Float32Array,
): void {
  const columns = columnsOf(panels);
  for (let row = first, start = 0; start < from.length; row++, start += columns.length) {
    const at = wordOf(address, panels, placeOf(panels, row));
    for (let j = 0; j < columns.length; j++) floats[at + columns[j]!] = from[start + j]!;
  }
}

/** Reads as many rows as `to` has room for. */
export function readRows(floats: Float32Array, address: number, panels: Panels, first: number, to: Float32Array): void {
  const columns = columnsOf(panels);
  for (let row = first, start = 0; start < to.length; row++, start += columns.length) {
    const at = wordOf(address, panels, placeOf(panels, row));
    for (let j = 0; j < columns.length; j++) to[start + j] = floats[at + columns[j]!]!;
  }
}

/** Moves inputs and units to other places, with room for two rows besides. */
export function movePanels(floats: Float32Array, address: number, from: Panels, to: Panels): void {
  const [was, is] = [columnsOf(from), columnsOf(to)];
  const { count } = from.inputs;
  let [carried, met] = [new Float32Array(was.length), new Float32Array(was.length)];
  const take = (row: Float32Array, place: number, columns: Int32Array) => {
    const at = wordOf(address, from, place);
    for (let j = 0; j < columns.length; j++) row[j] = floats[at + columns[j]!]!;
  };
  const put = (row: Float32Array, place: number) => {
    const at = wordOf(address, to, place);
    for (let j = 0; j < is.length; j++) floats[at + is[j]!] = row[j]!;
  };
  for (let place = 0; place <= count; place++) {
    take(carried, place, was);
    put(carried, place);
  }
  // where the row at each place belongs; each goes there and takes the one that it meets along
  const next = new Int32Array(count);
  for (let row = 0; row < count; row++) next[placeOf(from, row)] = placeOf(to, row);
  for (let start = 0; start < count; start++) {
    if (next[start] === start || next[start] === -1) continue;
    take(carried, start, is);
    for (let place = start; next[place] !== -1; ) {
      const target = next[place] as number;
      next[place] = -1;
      take(met, target, is);
      put(carried, target);
      [carried, met] = [met, carried];
      place = target;
    }
  }
}

/** Of each unit: the word where it lies, from where a row begins. */
function columnsOf({ layout, places }: Panels): Int32Array {
  return places.map((place) => layout.offsets[Math.floor(place / panelColumns)]! / 4 + (place % panelColumns));
}

function placeOf({ inputs }: Panels, row: number): number {
  return row < inputs.count && inputs.places ? inputs.places[row]! : row;
}

function wordOf(address: number, { layout }: Panels, place: number): number {
  return (address + place * layout.rowBytes) / 4;
}
