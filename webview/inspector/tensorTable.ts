/** The table of tensors, or of differences, with its filters: which rows there are, in what order, and what is copied of them. */
import type { ExportKind } from "../../src/common/inspectorMessages.js";
import { printable } from "../../src/common/printable.js";
import { roleTexts, type TensorRole, weightSparsity } from "../../src/common/tensors.js";
import { element, setText } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { counted, integer, percent } from "../shared/numbers.js";
import { comparedColumns, figureOf, isDifferent, tensorColumns } from "./columns.js";
import { Filters, isFiltering, type TableAction } from "./filters.js";
import { type Column, Grid } from "./grid.js";
import type { ComparedRow, InspectorModel, TensorRow } from "./model.js";
import { rawComparedColumns, rawTensorColumns } from "./rawColumns.js";
import { type Group, grouped, type Item, searcher, sorted } from "./rows.js";
import { csvTable, jsonTable, type RawColumn, tsvOf } from "./tables.js";
import type { InspectorViewState, TensorFilter } from "./viewState.js";

export interface TableRequests {
  choose(change: Partial<InspectorViewState>): void;
  copy(text: string, rows: number): void;
  save(kind: ExportKind, text: string): void;
}

/** What a table of one kind of rows is made of. */
interface Kind<Row> {
  columns: readonly Column<Row>[];
  raw(model: InspectorModel): readonly RawColumn<Row>[];
  /** The tensor that tells name, role and type. */
  tensor(row: Row): TensorRow;
  /** The tensor whose layer and details are shown: of two files the later one's. */
  shown(row: Row): TensorRow | null;
  kept(row: Row, filter: TensorFilter): boolean;
}

/** Columns whose order changes as figures come. */
const figureFree = new Set(["name", "role", "shape", "type", "bytes"]);

export class TensorTable<Row extends { index: number }> {
  readonly root: HTMLElement;
  private readonly filters: Filters;
  private readonly grid: Grid<Row>;
  private readonly count = element("span", { class: "caption", data: { field: "shown" } });
  private readonly nothing = element("p", { class: "instead" });
  private model: InspectorModel | null = null;
  private view: InspectorViewState | null = null;
  private rows: Row[] = [];
  private items: Item<Row>[] = [];
  private drawn = "";

  static ofTensors(requests: TableRequests, details: HTMLElement): TensorTable<TensorRow> {
    return new TensorTable<TensorRow>(requests, details, {
      columns: tensorColumns(),
      raw: (model) =>
        rawTensorColumns((layer) => (layer === null ? null : (model.sides[0]!.layers[layer]?.name ?? null))),
      tensor: (row) => row,
      shown: (row) => row,
      kept: () => true,
    });
  }

  static ofDifferences(requests: TableRequests, details: HTMLElement): TensorTable<ComparedRow> {
    return new TensorTable<ComparedRow>(requests, details, {
      columns: comparedColumns(),
      raw: () => rawComparedColumns,
      tensor: ({ earlier, later }) => (later ?? earlier)!,
      shown: ({ later }) => later,
      kept: (row, { onlyDifferent }) => !onlyDifferent || isDifferent(row),
    });
  }

  private constructor(
    private readonly requests: TableRequests,
    details: HTMLElement,
    private readonly kind: Kind<Row>,
  ) {
    const change = (filter: Partial<TensorFilter>) =>
      requests.choose({ filter: { ...(this.view?.filter as TensorFilter), ...filter } });
    this.filters = new Filters({
      filter: change,
      group: (on) => requests.choose({ grouped: on }),
      act: (action) => this.act(action),
    });
    this.grid = new Grid<Row>(t("Tensors"), {
      sort: (sort) => requests.choose({ sort }),
      open: (row) => requests.choose({ details: kind.shown(row)?.index ?? null }),
      copy: (rows) => this.copy(rows),
      scrolled: (scroll) => requests.choose({ scroll }),
      groupText: (group) => this.groupText(group),
      rowClass: (row) => (kind.tensor(row).role === "weight" ? "counts" : "quiet"),
    });
    this.root = element(
      "section",
      { class: "panel tensors-panel" },
      element(
        "div",
        { class: "panel-head" },
        element("div", { class: "head-words" }, element("h2", {}, t("Tensors")), this.count),
        this.filters.root,
      ),
      element("div", { class: "tensors-body" }, this.grid.root, details),
      this.nothing,
    );
  }

  render(model: InspectorModel, rows: readonly Row[], view: InspectorViewState): void {
    this.model = model;
    this.view = view;
    const side = model.sides.at(view.swapped ? 0 : -1)!;
    const { filter, sort } = view;
    const figures =
      figureFree.has(sort?.column ?? "name") && !filter.onlyZeros && !model.comparing ? 0 : model.figuresRevision;
    const key = JSON.stringify([model.revision, figures, sort, filter, view.grouped, view.swapped]);
    if (key !== this.drawn) {
      this.drawn = key;
      this.rows = sorted(this.filtered(rows, filter), this.kind.columns, sort);
      this.items = view.grouped ? grouped(this.rows, (row) => this.layerOf(row)) : this.rows.map((row) => ({ row }));
      const present = new Set(rows.map((row) => this.kind.tensor(row).role));
      this.filters.render(filter, {
        grouped: view.grouped,
        layer: filter.layer === null ? null : (side.layers[filter.layer]?.name ?? null),
        comparing: model.comparing,
        roles: (Object.keys(roleTexts) as TensorRole[]).filter((role) => present.has(role)),
        dtypes: [...new Set(rows.map((row) => this.kind.tensor(row).storedAs))].sort(),
      });
      const all = counted(rows.length, "{0} tensor", "{0} tensors");
      const some = this.rows.length < rows.length;
      setText(this.count, some ? t("{0} of {1}", integer(this.rows.length), all) : all);
      this.filters.root.hidden = rows.length === 0;
      this.nothing.hidden = this.rows.length > 0;
      setText(this.nothing, nothingText(model, rows.length, filter));
    }
    this.grid.root.hidden = this.rows.length === 0;
    this.grid.render(this.kind.columns, this.items, sort, view.scroll);
  }

  /** Another file, or the same one read anew. */
  forget(): void {
    this.grid.forget();
  }

  focus(): void {
    this.grid.focus();
  }

  search(): void {
    this.filters.search.focus();
    this.filters.search.select();
  }

  private filtered(rows: readonly Row[], filter: TensorFilter): Row[] {
    const named = searcher(filter.search);
    return rows.filter((row) => {
      const tensor = this.kind.tensor(row);
      if (filter.role && tensor.role !== filter.role) return false;
      if (filter.dtype && tensor.storedAs !== filter.dtype) return false;
      if (filter.layer !== null && this.layerOf(row) !== filter.layer) return false;
      if (filter.onlyZeros && !(figureOf(tensor, ({ zeros }) => zeros) ?? 0)) return false;
      return this.kind.kept(row, filter) && named(tensor.name);
    });
  }

  private layerOf(row: Row): number | null {
    return this.kind.shown(row)?.layer ?? null;
  }

  private groupText({ layer, rows }: Group<Row>): string {
    const side = this.model?.sides.at(this.view?.swapped ? 0 : -1);
    const name = layer === null ? t("No layer") : printable(side?.layers[layer]?.name ?? "");
    const tensors = rows.map((row) => this.kind.tensor(row));
    const { share } = weightSparsity(tensors);
    const parts = [name, counted(rows.length, "{0} tensor", "{0} tensors")];
    if (share !== null) parts.push(t("weight sparsity {0}", percent(share, 1)));
    return parts.join(" · ");
  }

  private act(action: TableAction): void {
    if (!this.model) return;
    const { selection } = this.grid;
    if (action === "copy") this.copy(selection.length > 0 ? selection : this.rows);
    else {
      const raw = this.kind.raw(this.model);
      this.requests.save(action, action === "csv" ? csvTable(raw, this.rows) : jsonTable(raw, this.rows));
    }
  }

  private copy(rows: readonly Row[]): void {
    if (this.model && rows.length > 0) this.requests.copy(tsvOf(this.kind.raw(this.model), rows), rows.length);
  }
}

function nothingText({ comparing }: InspectorModel, all: number, filter: TensorFilter): string {
  if (all === 0) return t("This file holds no tensors.");
  const { onlyDifferent, ...rest } = filter;
  if (comparing && onlyDifferent && !isFiltering({ ...rest, onlyDifferent: false }, false))
    return t("No tensor differs in shape, type, zeros or norm.");
  return t("No tensor fits the filter.");
}
