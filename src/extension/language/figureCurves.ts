/** How figures developed, as a small picture for a hover: one row a figure, each on a scale of its own that is written beside it. */

export interface Curve {
  label: string;
  /** Over the evaluations, oldest first. */
  values: readonly number[];
  /** Written beside the curve: the highest and the lowest of its scale. */
  high: string;
  low: string;
  colour: string;
  dashed: boolean;
}

export interface CurveLook {
  text: string;
  /** Of the lines that bound a curve. */
  rule: string;
}

const width = 320;
const rowHeight = 44;
const labelWidth = 84;
const scaleWidth = 56;
const curveHeight = 30;
/** More would not be seen. */
const mostPoints = 120;

/** An SVG document. Pictures know nothing of a page's colours, so they are handed in. */
export function curvesSvg(curves: readonly Curve[], look: CurveLook): string {
  const rows = curves.map((curve, row) => rowOf(curve, row * rowHeight + 7, look));
  const size = `width="${width}" height="${curves.length * rowHeight}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="system-ui, sans-serif" font-size="11">${rows.join("")}</svg>`;
}

/** As the address of a picture. */
export function svgAddress(svg: string): string {
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
}

function rowOf({ label, values, high, low, colour, dashed }: Curve, top: number, { text, rule }: CurveLook): string {
  const left = labelWidth;
  const right = width - scaleWidth;
  const bottom = top + curveHeight;
  const line = (y: number) => `<path d="M${left} ${y}H${right}" stroke="${rule}"/>`;
  const words = (x: number, y: number, said: string) =>
    `<text x="${x}" y="${y}" fill="${text}">${escaped(said)}</text>`;
  const dashes = dashed ? ' stroke-dasharray="4 2"' : "";
  return [
    words(0, (top + bottom) / 2 + 4, label),
    line(top - 0.5),
    line(bottom + 0.5),
    `<polyline fill="none" stroke="${colour}" stroke-width="1.5" stroke-linejoin="round"${dashes} points="${pointsOf(values, left, right, top, bottom)}"/>`,
    ...(low === high ? [] : [words(right + 6, top + 4, high)]),
    words(right + 6, bottom + 4, low),
  ].join("");
}

function pointsOf(values: readonly number[], left: number, right: number, top: number, bottom: number): string {
  const lowest = Math.min(...values);
  const range = Math.max(...values) - lowest;
  const shown = thinned(values);
  return shown
    .map((value, i) => {
      const x = left + (i / Math.max(1, shown.length - 1)) * (right - left);
      const y = bottom - ((value - lowest) / (range || 1)) * (bottom - top);
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(" ");
}

/** Evenly spaced ones of many values, the first and the last among them. */
function thinned(values: readonly number[]): readonly number[] {
  if (values.length <= mostPoints) return values;
  const step = (values.length - 1) / (mostPoints - 1);
  return Array.from({ length: mostPoints }, (_, i) => values[Math.round(i * step)] as number);
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
