/**
 * A histogram on a canvas: bars over a scale, named lines across it, and what the bar under the pointer stands for. Where bars can be
 * opened it is a tab stop: arrow keys move from bar to bar, Enter opens one.
 */
import { element, setText } from "../../shared/dom.js";
import { t } from "../../shared/l10n.js";
import { integer } from "../../shared/numbers.js";
import type { Theme } from "../../shared/theme.js";
import type { ListedUnit } from "../../shared/unitList.js";
import { roundMarks } from "../units/evenBins.js";

export interface Bar extends BarLook {
  /** From 0, the left end of the scale, to 1. */
  from: number;
  to: number;
}

export interface BarLook {
  count: number;
  /** Filled with a colour, or an outline of dashes. */
  fill: string | "dashed";
  /** What it counts, with the count. */
  words: string;
  /** The units that it counts, where they can be looked at. */
  units?: () => readonly ListedUnit[];
}

export interface BarContent {
  /** Left of the scale, each with its own name under it. */
  leading: (BarLook & { name: string })[];
  bars: Bar[];
  /** Under the scale. */
  marks: { at: number; text: string }[];
  /** Across the bars, named at the top. */
  lines: { at: number; text: string }[];
}

const textSize = 11;
const under = 20;
const head = 6;
const headWithLines = 18;
/** A leading bar, the least distance to the next, that between their names, and that to the scale. */
const leadingWidth = 22;
const leastPitch = 36;
const nameGap = 10;
const leadingGap = 14;

/** Where a bar stands, in CSS pixels. */
interface Span {
  from: number;
  to: number;
}

export class BarChart {
  readonly root = element("div", { class: "bars", attributes: { role: "img" } });
  private readonly canvas = element("canvas");
  private readonly said = element("div", { class: "visually-hidden", attributes: { "aria-live": "polite" } });
  private content: BarContent | null = null;
  private hovered = -1;

  /**
   * @param hover gets the words of the bar under the pointer, null when there is none
   * @param open gets the index of a bar whose units are asked for
   */
  constructor(
    private theme: Theme,
    private readonly hover: (words: string | null) => void,
    private readonly open: (index: number) => void,
  ) {
    this.root.append(this.canvas, this.said);
    new ResizeObserver(() => this.draw()).observe(this.root);
    this.canvas.addEventListener("pointermove", (event) => this.point(event.offsetX));
    this.canvas.addEventListener("pointerleave", () => this.point(null));
    this.canvas.addEventListener("click", () => this.openHovered());
    this.root.addEventListener("keydown", (event) => this.press(event));
    this.root.addEventListener("blur", () => this.look(-1));
  }

  render(content: BarContent, summary: string): void {
    this.content = content;
    const opens = this.looks.some(({ units }) => units);
    const keys = opens ? ` ${t("Arrow keys move from bar to bar, Enter lists a bar's units.")}` : "";
    this.root.setAttribute("role", opens ? "application" : "img");
    if (opens) this.root.setAttribute("aria-roledescription", t("histogram"));
    else this.root.removeAttribute("aria-roledescription");
    this.root.setAttribute("aria-label", `${summary}${opens ? "." : ""}${keys}`);
    this.root.tabIndex = opens ? 0 : -1;
    if (!opens) this.root.removeAttribute("tabindex");
    if (this.hovered >= 0) this.hover(this.looks[this.hovered]?.words ?? null);
    this.draw();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.draw();
  }

  private point(x: number | null): void {
    this.look(x === null ? -1 : this.spans.findIndex(({ from, to }) => x >= from && x < to));
  }

  private look(hovered: number): void {
    if (hovered === this.hovered) return;
    this.hovered = hovered;
    this.hover(this.looks[hovered]?.words ?? null);
    this.canvas.classList.toggle("opens", this.opens(hovered));
    this.draw();
  }

  private opens(index: number): boolean {
    const bar = this.looks[index];
    return bar?.units !== undefined && bar.count > 0;
  }

  private openHovered(): void {
    if (this.opens(this.hovered)) this.open(this.hovered);
  }

  private press(event: KeyboardEvent): void {
    const bars = this.looks.flatMap((bar, index) => (bar.count > 0 ? [index] : []));
    const at = bars.indexOf(this.hovered);
    const last = bars.length - 1;
    const next = { ArrowRight: at + 1, ArrowLeft: at < 0 ? last : at - 1, Home: 0, End: last }[event.key];
    if (event.key === "Enter" || event.key === " ") this.openHovered();
    else if (event.key === "Escape") this.look(-1);
    else if (next === undefined || last < 0) return;
    else {
      this.look(bars[Math.min(last, Math.max(0, next))] as number);
      setText(this.said, this.looks[this.hovered]?.words ?? "");
    }
    event.preventDefault();
  }

  /** All bars, the leading ones first. */
  private get looks(): BarLook[] {
    return this.content ? [...this.content.leading, ...this.content.bars] : [];
  }

  private get spans(): Span[] {
    const { left, width } = this.area();
    const { axisWidth: first, leadingPitch } = this;
    const leading = (this.content?.leading ?? []).map((_, i) => {
      const from = first + i * leadingPitch + (leadingPitch - leadingWidth) / 2;
      return { from, to: from + leadingWidth };
    });
    const bars = this.content?.bars ?? [];
    return [...leading, ...bars.map((bar) => ({ from: left + bar.from * width, to: left + bar.to * width }))];
  }

  private get most(): number {
    return Math.max(1, ...this.looks.map((bar) => bar.count));
  }

  private get leadingPitch(): number {
    const context = this.canvas.getContext("2d");
    if (!context) return leastPitch;
    context.font = this.font;
    const names = (this.content?.leading ?? []).map(({ name }) => context.measureText(name).width + nameGap);
    return Math.ceil(Math.max(leastPitch, ...names));
  }

  private get font(): string {
    return `${textSize}px ${this.theme.fontFamily}`;
  }

  private get axisWidth(): number {
    return 8 + integer(this.most).length * 7;
  }

  /** Of the scale, in CSS pixels. */
  private area(): { left: number; top: number; width: number; height: number } {
    const { clientWidth, clientHeight } = this.root;
    const leading = this.content?.leading.length ?? 0;
    const left = this.axisWidth + (leading > 0 ? leading * this.leadingPitch + leadingGap : 0);
    const top = this.content?.lines.length ? headWithLines : head;
    return { left, top, width: Math.max(1, clientWidth - left - 2), height: Math.max(1, clientHeight - top - under) };
  }

  private draw(): void {
    const { content, canvas } = this;
    const { clientWidth, clientHeight } = this.root;
    if (!content || clientWidth === 0) return;
    const ratio = Math.max(1, window.devicePixelRatio || 1);
    const [wide, high] = [Math.round(clientWidth * ratio), Math.round(clientHeight * ratio)];
    if (canvas.width !== wide) canvas.width = wide;
    if (canvas.height !== high) canvas.height = high;
    canvas.style.width = `${clientWidth}px`;
    canvas.style.height = `${clientHeight}px`;
    const context = canvas.getContext("2d");
    if (!context) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, clientWidth, clientHeight);
    context.font = this.font;
    this.drawScale(context);
    this.drawBars(context);
    this.drawMarks(context);
    this.drawLines(context);
  }

  private drawScale(context: CanvasRenderingContext2D): void {
    const { left, top, width, height } = this.area();
    const { most, theme, axisWidth } = this;
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.lineWidth = 1;
    for (const value of roundMarks(0, most, 3).filter(Number.isInteger)) {
      const y = Math.round(top + height - (value / most) * height) + 0.5;
      context.strokeStyle = theme.grid;
      context.setLineDash(value === 0 ? [] : theme.gridDash);
      context.beginPath();
      context.moveTo(axisWidth, y);
      context.lineTo(left + width, y);
      context.stroke();
      context.fillStyle = theme.dim;
      context.fillText(integer(value), axisWidth - 6, y);
    }
    context.setLineDash([]);
  }

  private drawBars(context: CanvasRenderingContext2D): void {
    const { top, height } = this.area();
    const { most, theme, spans } = this;
    this.looks.forEach((bar, index) => {
      if (bar.count === 0) return;
      const [start, end] = [Math.round(spans[index]?.from ?? 0), Math.round(spans[index]?.to ?? 0)];
      const inner = Math.max(1, end - start - (end - start > 4 ? 1 : 0));
      const tall = Math.max(1.5, (bar.count / most) * height);
      const y = top + height - tall;
      if (bar.fill === "dashed") {
        context.strokeStyle = theme.foreground;
        context.setLineDash([2, 2]);
        context.strokeRect(start + 0.5, y + 0.5, inner - 1, tall);
        context.setLineDash([]);
      } else {
        context.fillStyle = bar.fill;
        context.fillRect(start, y, inner, tall);
      }
      if (index !== this.hovered) return;
      context.strokeStyle = theme.foreground;
      context.strokeRect(start - 0.5, y - 0.5, inner + 1, tall + 1);
    });
  }

  private drawMarks(context: CanvasRenderingContext2D): void {
    const { left, top, width, height } = this.area();
    context.fillStyle = this.theme.dim;
    context.textBaseline = "top";
    context.textAlign = "center";
    this.content?.leading.forEach(({ name }, i) => {
      context.fillText(name, this.axisWidth + (i + 0.5) * this.leadingPitch, top + height + 6);
    });
    let free = Number.NEGATIVE_INFINITY;
    for (const { at, text } of this.content?.marks ?? []) {
      const half = context.measureText(text).width / 2;
      const x = Math.min(left + width - half, left + at * width);
      // Left out rather than run together.
      if (x - half < free) continue;
      free = x + half + 4;
      context.fillText(text, x, top + height + 6);
    }
  }

  private drawLines(context: CanvasRenderingContext2D): void {
    const { left, top, width, height } = this.area();
    const lines = this.content?.lines ?? [];
    context.textBaseline = "top";
    let free = left;
    for (const { at, text } of lines) {
      const x = Math.round(left + at * width) + 0.5;
      context.strokeStyle = this.theme.foreground;
      context.setLineDash([3, 3]);
      context.beginPath();
      context.moveTo(x, top - 3);
      context.lineTo(x, top + height);
      context.stroke();
      const room = context.measureText(text).width;
      const start = Math.max(free, Math.min(left + width - room, x - room / 2));
      if (start > x + room / 2) continue;
      free = start + room + 6;
      context.fillStyle = this.theme.dim;
      context.textAlign = "left";
      context.fillText(text, start, 0);
    }
    context.setLineDash([]);
  }
}
