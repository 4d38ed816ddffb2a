/** How a layer's weights lie in memory: assembly/structures.ts says what a panel and a strip are. */

export const panelColumns = 16;
/** Parts of a layer's units that threads share out: no more threads than these find work. */
export const quarters = 4;
/** Of a cache line: a row of a panel. */
export const lineBytes = panelColumns * 4;

/**
 * So many panels lie side by side where weights are read here and there: processors foresee lines that follow one another.
 * assembly/touch.ts reads as many.
 */
const stripPanels = 8;
/** A strip no larger than this stays in the second cache while it is computed with. */
const largestStripBytes = 768 * 1024;
/** What strips may take, measured by the panels in them: the last of each quarter may not be full. */
const mostRoom = 1.2;

export interface PanelLayout {
  /** Of each panel: bytes from the first to it. */
  offsets: Int32Array;
  /** Panels of a strip. */
  strip: number;
  rowBytes: number;
  panelBytes: number;
  stripGap: number;
  /** Of all panels, biases included. */
  bytes: number;
}

/** @param sparse are the rows that a step needs few, and lie apart? */
export function panelLayout(inputs: number, units: number, sparse: boolean): PanelLayout {
  const rows = inputs + 1;
  const starts = quarterPanels(units);
  const strip = sparse && areStripsWorthwhile(rows, starts) ? stripPanels : 1;
  const rowBytes = odd(strip) * lineBytes;
  const stripBytes = odd(rows) * rowBytes;
  const offsets = new Int32Array(starts[quarters]!);
  let bytes = 0;
  for (let quarter = 0; quarter < quarters; quarter++)
    for (let panel = starts[quarter]!; panel < starts[quarter + 1]!; panel++) {
      const place = (panel - starts[quarter]!) % strip;
      if (place === 0) bytes += stripBytes;
      offsets[panel] = bytes - stripBytes + place * lineBytes;
    }
  const panelBytes = strip === 1 ? stripBytes : lineBytes;
  return { offsets, strip, rowBytes, panelBytes, stripGap: stripBytes - strip * panelBytes, bytes };
}

/** The panel with which each quarter of a layer of this width begins, and where the last ends. */
export function quarterPanels(width: number): number[] {
  const panels = Math.ceil(width / panelColumns);
  return Array.from({ length: quarters + 1 }, (_, quarter) => Math.floor((panels * quarter) / quarters));
}

function areStripsWorthwhile(rows: number, starts: readonly number[]): boolean {
  const strips = starts.slice(1).reduce((sum, end, k) => sum + Math.ceil((end - starts[k]!) / stripPanels), 0);
  const areFull = strips * stripPanels <= mostRoom * starts.at(-1)!;
  return areFull && rows * odd(stripPanels) * lineBytes <= largestStripBytes;
}

function odd(count: number): number {
  return count + 1 - (count % 2);
}
