/** Examples below each other: as they are, corrupted, and as the layers give them back. */
import type { ExampleStrip, Pictures } from "../../../src/common/pictures.js";
import { element, setText } from "../../shared/dom.js";
import { t } from "../../shared/l10n.js";
import { counted, significant } from "../../shared/numbers.js";
import { packed } from "../units/ramp.js";
import { paintImage } from "./pixels.js";

const gap = 4;
const largestZoom = 2;

export class ExampleStrips {
  readonly root = element("div", { class: "strips" });
  private strips: Strip[] = [];
  private pictures: Pictures | null = null;

  constructor() {
    new ResizeObserver(() => this.draw()).observe(this.root);
  }

  render(pictures: Pictures): void {
    if (this.pictures === pictures) return;
    this.pictures = pictures;
    const { strips } = pictures.examples;
    if (this.strips.length !== strips.length) {
      this.strips = strips.map(() => new Strip());
      this.root.replaceChildren(...this.strips.flatMap((strip) => strip.parts));
    }
    this.draw();
  }

  private draw(): void {
    const { pictures } = this;
    const room = this.strips[0]?.room ?? 0;
    if (!pictures || room <= 0) return;
    const ratio = Math.max(1, window.devicePixelRatio || 1);
    const { n } = pictures.examples;
    const widthAt = (zoom: number) => n * (pictures.columns * zoom + gap * ratio) - gap * ratio;
    let zoom = Math.round(ratio);
    while (zoom < largestZoom * ratio && widthAt(zoom + 1) <= room * ratio) zoom++;
    this.strips.forEach((strip, s) => {
      strip.draw(pictures, pictures.examples.strips[s] as ExampleStrip, zoom, ratio);
    });
  }
}

class Strip {
  private readonly name = element("span", { class: "strip-name" });
  private readonly error = element("span", { class: "strip-error" });
  private readonly canvas = element("canvas", { attributes: { role: "img" } });
  private readonly cell = element("div", { class: "strip" }, this.canvas);
  readonly parts = [this.name, this.error, this.cell];

  get room(): number {
    return this.cell.clientWidth;
  }

  /** As many of the examples as there is room for. */
  draw(pictures: Pictures, strip: ExampleStrip, zoom: number, ratio: number): void {
    const { rows, columns } = pictures;
    const between = gap * ratio;
    const pitch = columns * zoom + between;
    const fitting = Math.floor((this.room * ratio + between) / pitch);
    const n = Math.max(1, Math.min(pictures.examples.n, fitting));
    this.describe(strip, n);
    const { canvas } = this;
    canvas.width = Math.round(n * pitch - between);
    canvas.height = rows * zoom;
    canvas.style.width = `${canvas.width / ratio}px`;
    canvas.style.height = `${canvas.height / ratio}px`;
    const context = canvas.getContext("2d");
    if (!context) return;
    const image = context.createImageData(canvas.width, canvas.height);
    const pixels = new Uint32Array(image.data.buffer);
    const values = new Uint8Array(strip.values);
    for (let example = 0; example < n; example++) {
      const at = example * rows * columns;
      const place = { left: Math.round(example * pitch), top: 0, zoom };
      paintImage(pixels, image.width, pictures, place, (k) => {
        const grey = values[at + k] as number;
        return packed([grey, grey, grey]);
      });
    }
    context.putImageData(image, 0, 0);
  }

  private describe({ layer, error }: ExampleStrip, n: number): void {
    const name = stripName(layer);
    setText(this.name, name);
    setText(this.error, layer === 0 ? "" : significant(error));
    const examples = counted(n, "{0} example", "{0} examples");
    const words = layer === 0 ? "" : t("mean squared difference {0}", significant(error));
    this.canvas.setAttribute("aria-label", [name, examples, words].filter(Boolean).join(", "));
    this.canvas.dataset.strip = String(layer ?? "corrupted");
    this.canvas.dataset.error = String(error);
  }
}

function stripName(layer: number | null): string {
  if (layer === null) return t("corrupted");
  if (layer === 0) return t("original");
  return layer === 1 ? t("layer {0}", 1) : t("layers 1–{0}", layer);
}
