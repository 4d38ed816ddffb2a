/** What layers that were pre-trained on images have learnt: what they make of examples, and the filters of the first one. */
import { filtersPerPage, type Pictures } from "../../../src/common/pictures.js";
import { element, setText } from "../../shared/dom.js";
import { t } from "../../shared/l10n.js";
import { counted, integer } from "../../shared/numbers.js";
import type { Theme } from "../../shared/theme.js";
import { type DashboardModel, isPretraining } from "../model.js";
import { cssColour } from "../units/ramp.js";
import { divergingRamp } from "./divergingRamp.js";
import { ExampleStrips } from "./exampleStrips.js";
import { FilterGrid } from "./filterGrid.js";
import type { PictureStore } from "./pictureStore.js";

export class PicturesSection {
  readonly roots: HTMLElement[];
  private readonly strips = new ExampleStrips();
  private readonly grid: FilterGrid;
  private readonly stripsCaption = element("span", { class: "caption" });
  private readonly filtersCaption = element("span", { class: "caption" });
  private readonly instead = element("p", { class: "instead" });
  private readonly retry = element("button", {
    class: "link-button",
    attributes: { type: "button" },
    data: { action: "retryPictures" },
  });
  private readonly previous = pageButton("previousFilters", t("Previous"));
  private readonly next = pageButton("nextFilters", t("Next"));
  private readonly ramp = element("canvas", { class: "ramp", attributes: { "aria-hidden": "true" } });
  private readonly examples: HTMLElement;
  private readonly filters: HTMLElement;
  private from = 0;
  private inSight = false;

  /** @param redraw asks for another rendering */
  constructor(
    theme: Theme,
    private readonly store: PictureStore,
    private readonly redraw: () => void,
  ) {
    this.grid = new FilterGrid(theme);
    setText(this.retry, t("Retry"));
    this.retry.addEventListener("click", () => store.retry());
    this.previous.addEventListener("click", () => this.turn(-filtersPerPage));
    this.next.addEventListener("click", () => this.turn(filtersPerPage));
    this.examples = element(
      "section",
      { class: "panel", data: { section: "examples" } },
      head(t("Examples"), this.stripsCaption),
      this.strips.root,
      this.instead,
      this.retry,
    );
    this.filters = element(
      "section",
      { class: "panel", data: { section: "filters" } },
      head(t("Filters of layer 1"), this.filtersCaption, this.previous, this.next),
      this.grid.root,
      element(
        "div",
        { class: "filter-legend" },
        element("span", { class: "key" }, element("span", {}, "−"), this.ramp, element("span", {}, "+")),
        element("span", {}, t("incoming weights, each unit's to its largest")),
      ),
    );
    this.roots = [this.examples, this.filters];
    this.paintRamp(theme);
    const observer = new IntersectionObserver((entries) => {
      this.inSight = entries.some(({ isIntersecting }) => isIntersecting) || this.inSight;
      if (this.inSight) observer.disconnect();
      redraw();
    });
    observer.observe(this.examples);
  }

  render(model: DashboardModel): void {
    const { reconstructions } = model;
    const last = reconstructions.at(-1);
    const begun = model.pretrains && last !== undefined;
    const pictures = begun && this.inSight ? this.store.want(`${last.step}/${last.layer}`, this.from) : undefined;
    // of other data than images, and of runs that measured nothing, there is nothing to be said
    this.examples.hidden = !model.pretrains || pictures === null || !(begun || model.live);
    this.filters.hidden = !pictures;
    const error = this.store.error;
    const words = begun ? wordsOf(pictures, error) : t("Drawn after the first measurement.");
    setText(this.instead, words);
    this.instead.hidden = words === "";
    this.instead.classList.toggle("loading", words === loading);
    this.retry.hidden = error === null;
    this.strips.root.hidden = !pictures;
    setText(this.stripsCaption, pictures ? stripsCaptionOf(model, pictures) : "");
    if (!pictures) return;
    this.strips.render(pictures);
    this.grid.render(pictures);
    const { from, units, largest } = pictures.filters;
    const range = t("units {0}–{1} of {2}", integer(from), integer(from + largest.length - 1), integer(units));
    setText(this.filtersCaption, isPretraining(model) ? range : t("{0}, after pre-training", range));
    this.previous.hidden = this.next.hidden = units <= filtersPerPage;
    setEnabled(this.previous, from > 0);
    setEnabled(this.next, from + largest.length < units);
  }

  setTheme(theme: Theme): void {
    this.grid.setTheme(theme);
    this.paintRamp(theme);
  }

  /** What could not be had may be there now. @param other of another run */
  renew(other: boolean): void {
    this.store.forgetErrors();
    if (!other) return;
    this.store.reset();
    this.from = 0;
  }

  private turn(by: number): void {
    const button = by < 0 ? this.previous : this.next;
    if (button.getAttribute("aria-disabled") === "true") return;
    this.from = Math.max(0, this.from + by);
    this.redraw();
  }

  private paintRamp(theme: Theme): void {
    const context = this.ramp.getContext("2d");
    const colours = divergingRamp(theme.surface);
    this.ramp.width = colours.length;
    this.ramp.height = 1;
    colours.forEach((colour, x) => {
      if (!context) return;
      context.fillStyle = cssColour(colour);
      context.fillRect(x, 0, 1, 1);
    });
  }
}

const loading = t("Drawing the pictures…");

/** What stands in place of the pictures. */
function wordsOf(pictures: Pictures | null | undefined, error: string | null): string {
  if (error !== null) return t("The pictures cannot be shown: {0}", error);
  return pictures ? "" : loading;
}

function stripsCaptionOf({ reconstructions }: DashboardModel, { examples }: Pictures): string {
  const n = counted(examples.n, "{0} example", "{0} examples");
  const set = reconstructions.at(-1)?.set === "train" ? t("training") : t("validation");
  return t("{0}, {1}; beside: mean squared difference", n, set);
}

function head(title: string, ...words: HTMLElement[]): HTMLElement {
  return element(
    "div",
    { class: "panel-head" },
    element("h2", {}, title),
    element("div", { class: "head-words" }, ...words),
  );
}

function pageButton(action: string, words: string): HTMLButtonElement {
  return element("button", { class: "switch", attributes: { type: "button" }, data: { action } }, words);
}

/** Stays reachable, so that the focus is not lost at the first and the last page. */
function setEnabled(button: HTMLButtonElement, enabled: boolean): void {
  button.setAttribute("aria-disabled", String(!enabled));
}
