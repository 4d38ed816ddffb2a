/** A part of the page: its heading, what it is of, and its content, or what stands in its place. */
import { element, setText } from "../shared/dom.js";

export class Section {
  readonly root: HTMLElement;
  readonly body = element("div");
  private readonly heading = element("h2");
  private readonly caption = element("span", { class: "caption" });
  private readonly instead = element("div", { class: "instead" });

  /** @param name what programs find it by */
  constructor(name: string, title: string) {
    setText(this.heading, title);
    this.root = element(
      "section",
      { class: "panel", data: { section: name } },
      element("div", { class: "panel-head" }, this.heading, this.caption),
      this.instead,
      this.body,
    );
    this.instead.hidden = true;
  }

  show(caption: string, ...content: Node[]): void {
    setText(this.caption, caption);
    this.body.replaceChildren(...content);
    this.body.hidden = false;
    this.instead.hidden = true;
  }

  setTitle(title: string): void {
    setText(this.heading, title);
  }

  /** @param title of what is missing @param words why, and what to do */
  showInstead(title: string, words = ""): void {
    setText(this.caption, "");
    const lines = words ? [element("strong", {}, title), element("p", {}, words)] : [title];
    this.instead.replaceChildren(...lines);
    this.instead.hidden = false;
    this.body.hidden = true;
  }
}
