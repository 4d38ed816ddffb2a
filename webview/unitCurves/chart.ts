/** One figure of the curves, output or derivative, with a line where they are read off. */
import { type CurveName, curveAt, curveNames } from "../../src/common/unitCurves.js";
import { element } from "../shared/dom.js";
import { compact } from "../shared/numbers.js";
import { svg } from "../shared/svg.js";
import { readTheme } from "../shared/theme.js";
import { onWidth } from "../shared/width.js";
import { inputRange, type UnitCurvesViewState } from "./viewState.js";

const height = 300;
const room = { left: 40, right: 12, top: 10, bottom: 34 };
/** Enough that no bend is seen as corners. */
const steps = 480;
/** Told apart without colour as well. */
export const dashes: Record<CurveName, string> = {
  rectifier: "",
  softplus: "7 3",
  tanh: "2 3",
  logistic: "9 3 2 3",
  lif: "1 3",
};

export class Chart {
  readonly root = element("div", { class: "unit-chart" });
  private readonly picture = svg("svg", { role: "img" });
  private width = 0;
  private state: UnitCurvesViewState | null = null;

  /** @param range of the vertical axis: what is beyond it is cut off. @param point called with the input under the pointer */
  constructor(
    private readonly what: "output" | "derivative",
    private readonly label: string,
    private readonly range: { min: number; max: number },
    point: (input: number) => void,
  ) {
    this.root.append(element("h2", {}, label), this.picture);
    this.picture.addEventListener("pointermove", (event) => {
      const { left } = this.picture.getBoundingClientRect();
      const share = ((event as PointerEvent).clientX - left - room.left) / (this.width - room.left - room.right);
      if (share >= 0 && share <= 1) point(inputRange.min + share * (inputRange.max - inputRange.min));
    });
    onWidth(this.root, (width) => {
      this.width = width;
      this.draw();
    });
  }

  render(state: UnitCurvesViewState): void {
    this.state = state;
    this.draw();
  }

  private draw(): void {
    const { state, width, range } = this;
    if (!state || width < 80) return;
    const theme = readTheme();
    const { min, max } = inputRange;
    const inner = { width: width - room.left - room.right, height: height - room.top - room.bottom };
    const x = (input: number) => room.left + ((input - min) / (max - min)) * inner.width;
    const y = (value: number) =>
      room.top +
      (1 - (Math.min(range.max, Math.max(range.min, value)) - range.min) / (range.max - range.min)) * inner.height;
    for (const [name, value] of Object.entries({ viewBox: `0 0 ${width} ${height}`, width, height }))
      this.picture.setAttribute(name, String(value));
    this.picture.setAttribute("aria-label", `${this.label}: ${state.shown.join(", ")}`);
    const line = (from: readonly [number, number], to: readonly [number, number], colour: string, dash = "") =>
      svg("line", { x1: from[0], y1: from[1], x2: to[0], y2: to[1], stroke: colour, "stroke-dasharray": dash });
    const text = (words: string, at: Record<string, string | number>) => {
      const made = svg("text", { fill: theme.dim, ...at });
      made.textContent = words;
      return made;
    };
    const bottom = room.top + inner.height;
    const grid = theme.gridDash.join(" ");
    const parts: SVGElement[] = [];
    for (let input = min; input <= max; input++) {
      parts.push(
        line([x(input), room.top], [x(input), bottom], input === 0 ? theme.dim : theme.grid, input === 0 ? "" : grid),
      );
      parts.push(text(compact(input), { x: x(input), y: bottom + 15, "text-anchor": "middle" }));
    }
    const every = range.max - range.min > 3 ? 1 : 0.5;
    for (let value = Math.ceil(range.min / every) * every; value <= range.max; value += every) {
      parts.push(
        line(
          [room.left, y(value)],
          [room.left + inner.width, y(value)],
          value === 0 ? theme.dim : theme.grid,
          value === 0 ? "" : grid,
        ),
      );
      parts.push(text(compact(value), { x: room.left - 6, y: y(value) + 4, "text-anchor": "end" }));
    }
    parts.push(
      text("a", { x: room.left + inner.width / 2, y: height - 4, "text-anchor": "middle", fill: theme.foreground }),
    );
    parts.push(line([x(state.input), room.top], [x(state.input), bottom], theme.foreground, "3 3"));
    for (const name of state.shown) {
      const colour = colourOf(name);
      const points = Array.from({ length: steps + 1 }, (_, i) => {
        const input = min + (i / steps) * (max - min);
        return `${x(input).toFixed(1)},${y(curveAt(name, input, state)[this.what]).toFixed(1)}`;
      });
      parts.push(
        svg("polyline", {
          class: "curve",
          points: points.join(" "),
          fill: "none",
          stroke: colour,
          "stroke-width": 2,
          "stroke-dasharray": dashes[name],
          "data-curve": name,
        }),
      );
      const at = curveAt(name, state.input, state)[this.what];
      if (at <= range.max) parts.push(svg("circle", { cx: x(state.input), cy: y(at), r: 3.5, fill: colour }));
    }
    this.picture.replaceChildren(...parts);
  }
}

export function colourOf(name: CurveName): string {
  const { hues } = readTheme();
  return hues[curveNames.indexOf(name) % hues.length] as string;
}
