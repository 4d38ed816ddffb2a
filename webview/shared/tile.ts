/** A figure that matters, with what it is and what it was measured on. */
import { element, setText, setValue } from "./dom.js";

export class Tile {
  readonly root: HTMLElement;
  private readonly label = element("dt");
  private readonly value = element("strong");
  private readonly note = element("dd", { class: "note" });

  /** @param field what programs find it by; @param beside the figure */
  constructor(field: string, definition: string, beside?: HTMLElement) {
    const figure = element("dd", { class: "figure" }, this.value);
    if (beside) figure.append(beside);
    const options = { class: "tile", data: { field }, attributes: { title: definition } };
    this.root = element("div", options, this.label, figure, this.note);
  }

  /** It shows another figure from now on. */
  define(field: string, definition: string): void {
    if (this.root.dataset.field === field) return;
    this.root.dataset.field = field;
    this.root.title = definition;
  }

  /** @param notes kept together each, where they do not fit into a line */
  show(label: string, raw: number | null, shown: string, notes: readonly string[]): void {
    setValue(this.root, raw);
    setText(this.label, label);
    setText(this.value, shown);
    const parts = notes.map((note, i) => (i < notes.length - 1 ? `${note} · ` : note));
    if (this.note.textContent !== parts.join(""))
      this.note.replaceChildren(...parts.map((part) => element("span", {}, part)));
  }
}
