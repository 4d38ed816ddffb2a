/**
 * A table of any length: rows of one height, of which only those in sight are made. One tab stop for its heads and one for its rows:
 * arrow keys, Page Up and Down, Home and End move, Space and Shift select, Enter opens, Control+C copies what is selected.
 */
import { element, setText, setValue } from "../shared/dom.js";
import { coalesced } from "../shared/redraw.js";
import { itemWindow, scrollTo } from "./itemWindow.js";
import type { Group, Item, SortedColumn } from "./rows.js";
import type { Sort } from "./viewState.js";

export interface Column<Row> extends SortedColumn<Row> {
  label: string;
  /** What it is, in a sentence. */
  title: string;
  /** As CSS grids have it, and the least of it in pixels. */
  width: string;
  least: number;
  /** Names stand left, numbers right. */
  align: "left" | "right";
  text(row: Row): string;
  /** In place of text. */
  draw?(cell: HTMLElement, row: Row): void;
}

export interface GridRequests<Row> {
  sort(sort: Sort | null): void;
  open(row: Row): void;
  /** What Control+C takes: the selected rows, in the order shown. */
  copy(rows: readonly Row[]): void;
  scrolled(top: number): void;
  /** The head of a group. */
  groupText(group: Group<Row>): string;
  rowClass(row: Row): string;
}

const rowHeight = 26;
const headHeight = 28;

let grids = 0;

export class Grid<Row extends { index: number }> {
  readonly root: HTMLElement;
  private readonly head = element("div", { class: "grid-head", attributes: { role: "row", "aria-rowindex": "1" } });
  private readonly rows = element("div", { class: "grid-rows", attributes: { role: "rowgroup" } });
  private readonly id = `grid${++grids}`;
  private readonly made: HTMLElement[] = [];
  private columns: readonly Column<Row>[] = [];
  private items: readonly Item<Row>[] = [];
  private sort: Sort | null = null;
  private drawnHead = "";
  /** Index of the current item. */
  private current = 0;
  /** Of the rows by their own index; where a range starts. */
  private selected = new Set<number>();
  private anchor = 0;
  private readonly soon = coalesced(() => this.draw());

  constructor(
    label: string,
    private readonly requests: GridRequests<Row>,
  ) {
    this.root = element(
      "div",
      {
        class: "grid",
        attributes: { role: "grid", tabindex: "0", "aria-label": label, "aria-multiselectable": "true" },
      },
      element("div", { attributes: { role: "rowgroup" }, class: "grid-headgroup" }, this.head),
      this.rows,
    );
    this.root.addEventListener("scroll", () => {
      this.soon();
      this.requests.scrolled(this.root.scrollTop);
    });
    this.root.addEventListener("keydown", (event) => this.press(event));
    this.rows.addEventListener("click", (event) => this.click(event));
    this.rows.addEventListener("dblclick", (event) => this.openAt(this.itemAt(event)));
    this.root.addEventListener("focus", () => this.draw());
    this.root.addEventListener("blur", () => this.draw());
    new ResizeObserver(() => this.draw()).observe(this.root);
  }

  /** @param scroll where to, the first time */
  render(columns: readonly Column<Row>[], items: readonly Item<Row>[], sort: Sort | null, scroll: number): void {
    const first = this.columns.length === 0;
    const before = this.rowAt(this.current);
    if (this.items !== items) {
      this.items = items;
      const kept = before ? items.findIndex((item) => "row" in item && item.row.index === before.index) : -1;
      this.current =
        kept >= 0
          ? kept
          : Math.max(
              0,
              items.findIndex((item) => "row" in item),
            );
    }
    this.columns = columns;
    this.sort = sort;
    this.drawHead();
    this.rows.style.height = `${items.length * rowHeight}px`;
    this.root.setAttribute("aria-rowcount", String(items.length + 1));
    this.root.setAttribute("aria-colcount", String(columns.length));
    if (first && scroll > 0) this.root.scrollTop = scroll;
    this.draw();
  }

  /** The rows that are selected, in the order shown. */
  get selection(): Row[] {
    return this.items.flatMap((item) => ("row" in item && this.selected.has(item.row.index) ? [item.row] : []));
  }

  /** Other rows have come: what was selected is gone. */
  forget(): void {
    this.selected.clear();
    this.current = 0;
    this.root.scrollTop = 0;
  }

  focus(): void {
    this.root.focus();
  }

  private drawHead(): void {
    const key = JSON.stringify([this.columns.map(({ id, label }) => [id, label]), this.sort]);
    if (key === this.drawnHead) return;
    const focused = (document.activeElement as HTMLElement | null)?.dataset.sort;
    this.drawnHead = key;
    const widths = this.columns.map(({ width, least }) =>
      /^[\d.]+fr$/.test(width) ? `minmax(${least}px, ${width})` : width,
    );
    this.root.style.setProperty("--columns", widths.join(" "));
    this.root.style.setProperty("--least", `${this.columns.reduce((sum, { least }) => sum + least, 0)}px`);
    this.head.replaceChildren(...this.columns.map((column, c) => this.headCell(column, c)));
    const roving = this.head.querySelector<HTMLElement>(
      `[data-sort="${CSS.escape(focused ?? this.sort?.column ?? "")}"]`,
    );
    (roving ?? this.head.querySelector<HTMLElement>("button"))?.setAttribute("tabindex", "0");
    if (focused) roving?.focus();
  }

  private headCell({ id, label, title, align }: Column<Row>, c: number): HTMLElement {
    const sorted = this.sort?.column === id ? this.sort : null;
    const arrow = element("span", {
      class: `sort-arrow codicon codicon-arrow-${sorted?.descending ? "down" : "up"}`,
      attributes: { "aria-hidden": "true" },
    });
    arrow.hidden = !sorted;
    const button = element(
      "button",
      { class: "sort", attributes: { type: "button", tabindex: "-1", title }, data: { sort: id } },
      label,
      arrow,
    );
    button.addEventListener("click", () => this.requests.sort(nextSort(this.sort, id, align === "right")));
    return element(
      "div",
      {
        class: `grid-cell ${align}`,
        attributes: {
          role: "columnheader",
          "aria-colindex": String(c + 1),
          "aria-sort": sorted ? (sorted.descending ? "descending" : "ascending") : "none",
        },
      },
      button,
    );
  }

  private draw(): void {
    const { scrollTop, clientHeight } = this.root;
    const { first, end } = itemWindow(this.items.length, rowHeight, scrollTop, Math.max(0, clientHeight - headHeight));
    for (let at = first; at < end; at++) this.drawRow(at, this.made[at - first] ?? this.makeRow());
    while (this.made.length > end - first) this.made.pop()?.remove();
    const shown = this.current >= first && this.current < end && this.items.length > 0;
    if (shown) this.root.setAttribute("aria-activedescendant", this.idOf(this.current));
    else this.root.removeAttribute("aria-activedescendant");
  }

  private makeRow(): HTMLElement {
    const row = element("div", { class: "grid-row", attributes: { role: "row" } });
    this.made.push(row);
    this.rows.append(row);
    return row;
  }

  private drawRow(at: number, row: HTMLElement): void {
    const item = this.items[at] as Item<Row>;
    row.id = this.idOf(at);
    row.dataset.item = String(at);
    row.style.transform = `translateY(${at * rowHeight}px)`;
    row.setAttribute("aria-rowindex", String(at + 2));
    const current = at === this.current && document.activeElement === this.root;
    if ("group" in item) {
      row.className = `grid-row grid-group${current ? " current" : ""}`;
      row.removeAttribute("aria-selected");
      if (row.childElementCount !== 1)
        row.replaceChildren(
          element("div", {
            class: "grid-cell left",
            attributes: { role: "gridcell", "aria-colspan": String(this.columns.length), "aria-colindex": "1" },
          }),
        );
      setText(row.firstElementChild as Element, this.requests.groupText(item.group));
      return;
    }
    const selected = this.selected.has(item.row.index);
    row.className = `grid-row ${this.requests.rowClass(item.row)}${current ? " current" : ""}`;
    row.setAttribute("aria-selected", String(selected));
    if (row.childElementCount !== this.columns.length || row.dataset.columns !== this.drawnHead) {
      row.dataset.columns = this.drawnHead;
      row.replaceChildren(
        ...this.columns.map(({ id, align }, c) =>
          element("div", {
            class: `grid-cell ${align}`,
            attributes: { role: c === 0 ? "rowheader" : "gridcell", "aria-colindex": String(c + 1) },
            data: { column: id },
          }),
        ),
      );
    }
    this.columns.forEach((column, c) => {
      const cell = row.children[c] as HTMLElement;
      setValue(cell, column.value(item.row));
      if (column.draw) column.draw(cell, item.row);
      else setText(cell, column.text(item.row));
    });
  }

  private idOf(at: number): string {
    return `${this.id}-${at}`;
  }

  private rowAt(at: number): Row | null {
    const item = this.items[at];
    return item && "row" in item ? item.row : null;
  }

  private itemAt(event: Event): number {
    const row = (event.target as Element).closest<HTMLElement>("[data-item]");
    return row ? Number(row.dataset.item) : -1;
  }

  private click(event: MouseEvent): void {
    const at = this.itemAt(event);
    if (at < 0) return;
    this.moveTo(at, { extend: event.shiftKey, toggle: event.ctrlKey || event.metaKey });
  }

  private openAt(at: number): void {
    const row = this.rowAt(at);
    if (row) this.requests.open(row);
  }

  private moveTo(at: number, { extend = false, toggle = false } = {}): void {
    const row = this.rowAt(at);
    this.current = at;
    if (extend) this.selectRange(this.anchor, at);
    else {
      this.anchor = at;
      if (!toggle) this.selected.clear();
      if (row && toggle && this.selected.has(row.index)) this.selected.delete(row.index);
      else if (row) this.selected.add(row.index);
    }
    this.reveal(at);
    this.draw();
  }

  private selectRange(from: number, to: number): void {
    this.selected.clear();
    for (let at = Math.min(from, to); at <= Math.max(from, to); at++) {
      const row = this.rowAt(at);
      if (row) this.selected.add(row.index);
    }
  }

  private reveal(at: number): void {
    const room = this.root.clientHeight - headHeight;
    this.root.scrollTop = scrollTo(at, rowHeight, this.root.scrollTop, room);
  }

  private press(event: KeyboardEvent): void {
    if ((event.target as HTMLElement).dataset.sort === undefined) this.pressRows(event);
    else this.pressHead(event);
  }

  private pressRows(event: KeyboardEvent): void {
    const control = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    const last = this.items.length - 1;
    const page = Math.max(1, Math.floor((this.root.clientHeight - headHeight) / rowHeight) - 1);
    const target = {
      ArrowDown: this.current + 1,
      ArrowUp: this.current - 1,
      PageDown: this.current + page,
      PageUp: this.current - page,
      Home: 0,
      End: last,
    }[event.key];
    if (last < 0) return;
    if (target !== undefined) this.moveTo(Math.min(last, Math.max(0, target)), { extend: event.shiftKey });
    else if (event.key === "Enter") this.openAt(this.current);
    else if (event.key === " ") this.moveTo(this.current, { toggle: true });
    else if (control && key === "a") {
      this.selectRange(0, last);
      this.draw();
    } else if (control && key === "c") this.requests.copy(this.selection);
    else if (event.key === "ArrowRight" || event.key === "ArrowLeft")
      this.root.scrollLeft += event.key === "ArrowRight" ? 60 : -60;
    else return;
    event.preventDefault();
  }

  /** From head to head. */
  private pressHead(event: KeyboardEvent): void {
    const buttons = [...this.head.querySelectorAll("button")];
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    for (const button of buttons) button.tabIndex = -1;
    const button = buttons[Math.min(buttons.length - 1, Math.max(0, next))]!;
    button.tabIndex = 0;
    button.focus();
  }
}

/** Numbers from the largest first, names from the first; then the other way, then as in the file. */
function nextSort(sort: Sort | null, column: string, number: boolean): Sort | null {
  if (sort?.column !== column) return { column, descending: number };
  return sort.descending === number ? { column, descending: !number } : null;
}
