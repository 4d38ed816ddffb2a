/** Every trial in a row: sorted by any column, filtered by any text; a row opens its run. */
import type { SweepRecord, TrialRecord, TrialState } from "../../src/common/sweepRecord.js";
import { csvOf } from "../shared/csv.js";
import { element, setText, setValue } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { counted, integer, noFigure, percent } from "../shared/numbers.js";
import { axesOf, axisLabel, axisNumber, axisText, resultsOf } from "./figures.js";
import type { SweepModel } from "./model.js";
import { trialWords } from "./wording.js";

interface Column {
  id: string;
  label: string;
  /** What it is sorted by; null comes last. */
  value(trial: TrialRecord): number | string | null;
  text(trial: TrialRecord): string;
  wide: boolean;
}

export interface Sort {
  column: string;
  descending: boolean;
}

export interface TableChoices {
  sort: Sort;
  filter: string;
}

/** In the order in which they call for a look. */
const stateOrder: TrialState[] = ["failed", "running", "paused", "stopped", "pending", "finished"];

export class TrialsTable {
  readonly root: HTMLElement;
  private readonly count = element("span", { class: "caption", data: { field: "trials-shown" } });
  private readonly filter = element("input", {
    class: "filter",
    attributes: {
      type: "search",
      placeholder: t("Filter trials"),
      "aria-label": t("Filter trials"),
      spellcheck: "false",
    },
    data: { field: "filter" },
  });
  private readonly head = element("tr");
  private readonly body = element("tbody");
  private readonly nothing = element("p", { class: "instead" });
  private rows = new Map<number, Row>();
  private shown: TrialRecord[] = [];
  private columns: Column[] = [];
  private drawnHead = "";
  private current = 1;

  constructor(
    private readonly open: (number: number) => void,
    private readonly choose: (choices: Partial<TableChoices>) => void,
    private readonly copy: (text: string) => void,
  ) {
    const copyButton = element(
      "button",
      { class: "link-button", attributes: { type: "button" }, data: { action: "copyCsv" } },
      t("Copy as CSV"),
    );
    copyButton.addEventListener("click", () => this.copyCsv());
    this.filter.addEventListener("input", () => this.choose({ filter: this.filter.value }));
    this.body.addEventListener("keydown", (event) => this.press(event));
    const table = element(
      "table",
      { class: "trials", attributes: { role: "grid", "aria-label": t("Trials") } },
      element("thead", {}, this.head),
      this.body,
    );
    this.root = element(
      "section",
      { class: "panel trials-panel" },
      element(
        "div",
        { class: "panel-head" },
        element("div", { class: "head-words" }, element("h2", {}, t("Trials")), this.count),
        element("div", { class: "head-tools" }, this.filter, copyButton),
      ),
      element("div", { class: "scroller scroller-trials" }, table),
      this.nothing,
    );
  }

  render({ record, progress }: SweepModel, { sort, filter }: TableChoices): void {
    if (!record) return;
    if (this.filter.value !== filter && document.activeElement !== this.filter) this.filter.value = filter;
    this.columns = columnsOf(record);
    const column = this.columns.find(({ id }) => id === sort.column) ?? (this.columns[0] as Column);
    this.drawHead(column, sort.descending);
    const words = filter.trim().toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const kept = record.trials.filter((trial) => words.every((word) => this.searched(trial).includes(word)));
    this.shown = sorted(kept, column, sort.descending);
    const { total } = { total: record.trials.length + record.toCome };
    setText(
      this.count,
      words.length > 0
        ? t("{0} of {1}", integer(this.shown.length), counted(record.trials.length, "{0} trial", "{0} trials"))
        : counted(total, "{0} trial", "{0} trials"),
    );
    const running = new Map(
      progress.running.map(({ number, progress: { step, totalSteps } }) => [
        number,
        totalSteps > 0 ? step / totalSteps : 0,
      ]),
    );
    const made = new Map<number, Row>();
    for (const trial of this.shown) {
      const row = this.rows.get(trial.number) ?? new Row(trial.number, () => this.open(trial.number));
      row.render(trial, this.columns, running.get(trial.number) ?? null);
      made.set(trial.number, row);
    }
    this.rows = made;
    const order = this.shown.map(({ number }) => (made.get(number) as Row).root);
    const now = [...this.body.children];
    if (order.length !== now.length || order.some((root, i) => root !== now[i])) {
      const focused = this.body.contains(document.activeElement) ? document.activeElement : null;
      this.body.replaceChildren(...order);
      if (focused?.isConnected) (focused as HTMLElement).focus();
    }
    if (!made.has(this.current)) this.current = this.shown[0]?.number ?? 1;
    for (const [number, row] of made) row.root.tabIndex = number === this.current ? 0 : -1;
    this.nothing.hidden = this.shown.length > 0;
    setText(this.nothing, t("No trial fits the filter."));
  }

  private drawHead(column: Column, descending: boolean): void {
    const key = JSON.stringify([this.columns.map(({ id }) => id), column.id, descending]);
    if (key === this.drawnHead) return;
    const focused = (document.activeElement as HTMLElement | null)?.dataset.sort;
    this.drawnHead = key;
    this.head.replaceChildren(
      ...this.columns.map(({ id, label, wide }) => {
        const active = id === column.id;
        const arrow = element("span", {
          class: `sort-arrow codicon codicon-arrow-${descending ? "down" : "up"}`,
          attributes: { "aria-hidden": "true" },
        });
        arrow.hidden = !active;
        const button = element(
          "button",
          { class: "sort", attributes: { type: "button", title: t("Sort by {0}", label) }, data: { sort: id } },
          label,
          arrow,
        );
        button.addEventListener("click", () =>
          this.choose({ sort: { column: id, descending: active ? !descending : false } }),
        );
        return element(
          "th",
          {
            class: wide ? "wide" : "",
            attributes: { scope: "col", "aria-sort": active ? (descending ? "descending" : "ascending") : "none" },
          },
          button,
        );
      }),
    );
    if (focused) this.head.querySelector<HTMLElement>(`[data-sort="${CSS.escape(focused)}"]`)?.focus();
  }

  private searched(trial: TrialRecord): string {
    const words = [
      ...Object.entries(trial.params).map(([key, value]) => `${key} ${axisText(value)}`),
      trialWords[trial.state],
      trial.state,
      trial.stage,
      `#${trial.number}`,
    ];
    return words.join(" ").toLocaleLowerCase();
  }

  private press(event: KeyboardEvent): void {
    const at = this.shown.findIndex(({ number }) => this.rows.get(number)?.root === document.activeElement);
    if (at < 0) return;
    const last = this.shown.length - 1;
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 10, PageUp: at - 10, Home: 0, End: last }[
      event.key
    ];
    if (next !== undefined) {
      event.preventDefault();
      const target = this.shown[Math.min(last, Math.max(0, next))];
      if (!target) return;
      this.current = target.number;
      for (const [number, row] of this.rows) row.root.tabIndex = number === target.number ? 0 : -1;
      this.rows.get(target.number)?.root.focus();
    } else if (event.key === "Enter") this.open(this.shown[at]?.number ?? 0);
  }

  private copyCsv(): void {
    const rows = this.shown.map((trial) =>
      this.columns.map((column) => ({ text: column.text(trial), value: column.value(trial) ?? null })),
    );
    this.copy(csvOf({ columns: this.columns.map(({ label }) => label), rows }));
  }
}

class Row {
  readonly root: HTMLTableRowElement;
  private cells: HTMLTableCellElement[] = [];

  constructor(number: number, open: () => void) {
    this.root = element("tr", { data: { trial: String(number) } });
    this.root.addEventListener("click", open);
  }

  /** @param share of a trial in progress */
  render(trial: TrialRecord, columns: readonly Column[], share: number | null): void {
    if (this.cells.length !== columns.length) {
      this.cells = columns.map(({ id, wide }) => element("td", { class: wide ? "wide" : "", data: { column: id } }));
      this.root.replaceChildren(...this.cells);
    }
    this.root.dataset.state = trial.state;
    if (this.root.title !== (trial.error?.message ?? "")) this.root.title = trial.error?.message ?? "";
    columns.forEach((column, i) => {
      const cell = this.cells[i] as HTMLTableCellElement;
      const words = column.text(trial);
      setText(
        cell,
        column.id === "state" && trial.state === "running" && share !== null ? `${words} ${percent(share, 0)}` : words,
      );
      setValue(cell, column.value(trial));
    });
  }
}

function columnsOf(record: SweepRecord): Column[] {
  const staged = record.trials.some(({ stage }) => stage !== "");
  return [
    { id: "number", label: "#", value: ({ number }) => number, text: ({ number }) => integer(number), wide: false },
    ...(staged
      ? [
          {
            id: "stage",
            label: t("Stage"),
            value: ({ stage }: TrialRecord) => stage,
            text: ({ stage }: TrialRecord) => stage,
            wide: false,
          },
        ]
      : []),
    ...axesOf(record).map((key) => ({
      id: `axis:${key}`,
      label: axisLabel(key),
      value: ({ params }: TrialRecord) => axisNumber(params[key]) ?? axisText(params[key]),
      text: ({ params }: TrialRecord) => axisText(params[key]),
      wide: false,
    })),
    {
      id: "state",
      label: t("State"),
      value: ({ state }) => stateOrder.indexOf(state),
      text: ({ state, reused }) => (reused && state === "finished" ? t("done before") : trialWords[state]),
      wide: false,
    },
    ...resultsOf(record).map(({ id, label, of, show }) => ({
      id,
      label,
      value: of,
      text: (trial: TrialRecord) => {
        const value = of(trial);
        return value === null ? noFigure : show(value);
      },
      wide: id === "dead" || id === "seconds",
    })),
  ];
}

/** Stable; trials without the figure last, whichever way. */
export function sorted(
  trials: readonly TrialRecord[],
  { value }: Pick<Column, "value">,
  descending: boolean,
): TrialRecord[] {
  const order = (a: number | string, b: number | string) =>
    typeof a === "number" && typeof b === "number"
      ? a - b
      : String(a).localeCompare(String(b), undefined, { numeric: true });
  return [...trials].sort((one, other) => {
    const [a, b] = [value(one), value(other)];
    if (a === null || b === null) return Number(a === null) - Number(b === null) || one.number - other.number;
    return (descending ? -1 : 1) * order(a, b) || one.number - other.number;
  });
}
