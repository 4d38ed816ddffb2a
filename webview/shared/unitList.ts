/** Units, and what else a unit is connected with, below each other; each unit a link to its page. One tab stop: arrow keys, Home and End move, Enter opens. */
import { element, icon, setText } from "./dom.js";
import { t } from "./l10n.js";
import { integer } from "./numbers.js";

export interface ListedUnit {
  /** Where the link leads: layers from 1, units from 0. Null for what is no hidden unit. */
  place: { layer: number; unit: number } | null;
  name: string;
  dead: boolean;
  /** What is to be said of it. */
  words: string;
  /** −1…1, where it is drawn. */
  bar?: number;
}

/** However many there are, the first look is at a few; each further one at ten times as many. */
const atFirst = 12;
const growth = 10;

export class UnitList {
  readonly root: HTMLElement;
  private readonly list = element("ul", { class: "unit-list" });
  private readonly more = element("button", {
    class: "link-button",
    attributes: { type: "button" },
    data: { action: "moreUnits" },
  });
  private units: readonly ListedUnit[] = [];
  private shown = atFirst;
  private current = 0;

  /** @param open gets the unit whose page is asked for; without it units are no links */
  constructor(private readonly open?: (layer: number, unit: number) => void) {
    this.root = element("div", { class: "unit-list-box" }, this.list, this.more);
    this.list.addEventListener("keydown", (event) => this.press(event));
    this.list.addEventListener("focusin", (event) => this.rove(this.links.indexOf(event.target as HTMLElement)));
    this.list.addEventListener("click", (event) => this.click(event));
    this.more.addEventListener("click", () => this.grow());
  }

  /** @param label what these are @param anew not what was shown before in other words: from the first few on */
  render(label: string, units: readonly ListedUnit[], { anew = true } = {}): void {
    this.list.setAttribute("aria-label", label);
    if (anew) this.shown = atFirst;
    this.units = units;
    this.draw();
  }

  private draw(): void {
    const focused = this.list.contains(document.activeElement);
    const shown = this.units.slice(0, this.shown);
    this.list.replaceChildren(...shown.map((unit) => row(this.open ? unit : { ...unit, place: null })));
    this.more.hidden = this.units.length === shown.length;
    const next = Math.min(this.units.length, this.shown * growth);
    setText(this.more, next === this.units.length ? t("Show all {0}", integer(next)) : t("Show {0}", integer(next)));
    const { links } = this;
    this.rove(Math.min(this.current, Math.max(0, links.length - 1)));
    if (focused) links[this.current]?.focus();
  }

  private grow(): void {
    const first = this.links.length;
    this.shown *= growth;
    this.draw();
    this.links[first]?.focus();
  }

  private get links(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>(".unit-link")];
  }

  private click(event: MouseEvent): void {
    const link = (event.target as Element).closest<HTMLElement>(".unit-link");
    if (link) this.open?.(Number(link.dataset.layer), Number(link.dataset.unit));
  }

  private rove(current: number): void {
    if (current < 0) return;
    this.current = current;
    this.links.forEach((link, at) => {
      link.tabIndex = at === current ? 0 : -1;
    });
  }

  private press(event: KeyboardEvent): void {
    const { links } = this;
    const at = links.indexOf(document.activeElement as HTMLElement);
    const last = links.length - 1;
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last }[event.key];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    links[Math.min(last, Math.max(0, next))]?.focus();
  }
}

function row({ place, name, dead, words, bar }: ListedUnit): HTMLElement {
  const title = place
    ? element(
        "button",
        {
          class: "link-button unit-link",
          attributes: { type: "button" },
          data: { layer: String(place.layer), unit: String(place.unit) },
        },
        name,
      )
    : element("span", { class: "unit-plain", attributes: { title: name } }, name);
  const mark = dead ? [element("span", { class: "unit-mark" }, icon("close"), t("dead"))] : [];
  const line = element("li", {}, element("span", { class: "unit-name" }, title, ...mark));
  if (bar !== undefined) line.append(barOf(bar));
  line.append(element("span", { class: "unit-words" }, words));
  return line;
}

function barOf(share: number): HTMLElement {
  const filled = element("span", { class: share < 0 ? "unit-bar-filled negative" : "unit-bar-filled" });
  filled.style.width = `${(100 * Math.min(1, Math.abs(share))).toFixed(1)}%`;
  return element("span", { class: "unit-bar", attributes: { "aria-hidden": "true" } }, filled);
}

/** "Unit 3·417": its layer from 1, its index from 0 as in the run folder's files. */
export function unitName(layer: number, unit: number): string {
  return t("Unit {0}·{1}", layer, unit);
}
