/** A curve as small as a word: the shape of a development, without axes. */
import { element } from "../shared/dom.js";
import type { Theme } from "../shared/theme.js";

const width = 64;
const height = 22;

export class Sparkline {
  readonly root = element("canvas", { class: "sparkline", attributes: { "aria-hidden": "true" } });
  private values: readonly number[] = [];

  constructor(private theme: Theme) {}

  render(values: readonly number[]): void {
    this.values = values;
    this.draw();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.draw();
  }

  private draw(): void {
    const ratio = window.devicePixelRatio || 1;
    this.root.width = width * ratio;
    this.root.height = height * ratio;
    const context = this.root.getContext("2d");
    if (!context || this.values.length < 2) return;
    const low = Math.min(...this.values);
    const range = Math.max(...this.values) - low || 1;
    context.scale(ratio, ratio);
    context.strokeStyle = this.theme.accent;
    context.lineWidth = 1.5;
    context.lineJoin = "round";
    context.beginPath();
    this.values.forEach((value, i) => {
      const x = 1 + (i / (this.values.length - 1)) * (width - 2);
      const y = height - 2 - ((value - low) / range) * (height - 4);
      context.lineTo(x, y);
    });
    context.stroke();
  }
}
