/** The head of a page about something that is under way: its name and state, what it is of, how far it has come. */
import { element } from "./dom.js";

export class PageHeader {
  readonly root: HTMLElement;
  protected readonly name = element("h1");
  protected readonly stateIcon = element("span", { attributes: { "aria-hidden": "true" } });
  protected readonly stateWord = element("span");
  protected readonly state = element(
    "span",
    { class: "state", data: { field: "state" } },
    this.stateIcon,
    this.stateWord,
  );
  protected readonly recipe = element("p", { class: "recipe" });
  protected readonly done = element("div", { class: "progress-done" });
  protected readonly bar: HTMLElement;
  protected readonly reached = element("span", { data: { field: "reached" } });
  protected readonly pace = element("span", { data: { field: "pace" } });
  protected readonly line = element("p", { class: "progress-line" }, this.reached, this.pace);

  /** @param progress what the progress bar is of */
  constructor(toolbar: HTMLElement, progress: string, ...more: HTMLElement[]) {
    this.bar = element(
      "div",
      {
        class: "progress",
        data: { field: "progress" },
        attributes: { role: "progressbar", "aria-label": progress, "aria-valuemin": "0", "aria-valuemax": "100" },
      },
      this.done,
    );
    const title = element("div", { class: "title" }, this.name, this.state);
    const row = element("div", { class: "title-row" }, title, toolbar);
    this.root = element("header", {}, row, this.recipe, this.bar, this.line, ...more);
  }
}
