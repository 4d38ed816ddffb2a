/** Where an experiment's text says how wide its hidden layers are, also while the text is being written and not yet right. */
import { findNode, parseConfig, type Span } from "./configTree.js";

export interface WrittenLayer {
  units: number;
  /** Of the number. */
  span: Span;
}

/** @returns one for each hidden layer, from the input on; none where the text does not name widths */
export function writtenLayers(text: string): WrittenLayer[] {
  const list = findNode(parseConfig(text).root, ["network", "hidden"])?.value;
  if (list?.type !== "array") return [];
  const layers = (list.children ?? []).map(({ value, offset, length }) => ({ units: value, span: { offset, length } }));
  return layers.every(({ units }) => Number.isInteger(units) && units > 0) ? layers : [];
}
