/** What the checkpoint says of a unit: its incoming weights, and what it is connected with most. */
import {
  type Connection,
  type Connections,
  isMissing,
  type UnitReport,
  type UnitWeightsReport,
  type WeightOf,
} from "../../src/common/unitReport.js";
import type { ChartServices } from "../dashboard/services.js";
import { TableSection } from "../dashboard/tableSection.js";
import { element } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { epochNumber, integer } from "../shared/numbers.js";
import type { Theme } from "../shared/theme.js";
import { type ListedUnit, UnitList, unitName } from "../shared/unitList.js";
import { Section } from "./section.js";
import { weightCanvas, weightLegend, weightTable } from "./weightPicture.js";
import { missingTitles, signed } from "./wording.js";

type Side = "below" | "above";
const signs = ["positive", "negative"] as const;

export class WeightSections {
  readonly incoming = new Section("weights", t("Incoming weights"));
  readonly connections = new Section("connections", t("Strongest connections"));
  private readonly table: TableSection;
  private readonly lists: Record<Side, Record<(typeof signs)[number], UnitList>>;
  private report: UnitReport | null = null;

  constructor(
    private theme: Theme,
    services: ChartServices,
    open: (layer: number, unit: number) => void,
  ) {
    this.table = new TableSection("weights", services);
    this.table.setTitle(t("Incoming weights"));
    const pair = () => ({ positive: new UnitList(open), negative: new UnitList(open) });
    this.lists = { below: pair(), above: pair() };
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    if (this.report) this.renderIncoming(this.report, "");
  }

  render(report: UnitReport, revision: string): void {
    this.report = report;
    this.renderIncoming(report, revision);
    this.renderConnections(report);
  }

  private renderIncoming({ weights }: UnitReport, revision: string): void {
    this.incoming.root.hidden = !isMissing(weights) && !weights.picture && !weights.terms;
    if (isMissing(weights)) {
      this.incoming.showInstead(missingTitles[weights.missing], weights.message);
      return;
    }
    const { picture, terms } = weights;
    if (picture) {
      const what = picture.combined
        ? t("all ways from the input to it added up, as if every unit on them were active")
        : t("the weight of each pixel");
      if (revision) this.table.render(revision, () => weightTable(picture));
      const beside = element("div", {}, element("p", { class: "note" }, what), weightLegend(picture, this.theme));
      const figure = element("div", { class: "weight-figure" }, weightCanvas(picture, this.theme), beside);
      this.incoming.show(checkpointText(weights), figure, this.table.root);
    } else if (terms) {
      const what = terms.combined ? t("terms, through the layers below") : t("terms with the largest weights");
      this.incoming.show(`${what} · ${checkpointText(weights)}`, termsTable(terms));
    }
  }

  private renderConnections({ weights, unit }: UnitReport): void {
    // said once is enough
    this.connections.root.hidden = isMissing(weights);
    if (isMissing(weights)) return;
    const { below, above } = weights;
    const what = below.kind === "inputs" ? t("from the inputs") : t("from layer {0}", below.layer);
    const to = above.kind === "classes" ? t("to the classes") : t("to layer {0}", above.layer);
    this.connections.show(
      t("largest weights of either sign"),
      this.side("below", below, what, weights),
      this.side("above", above, to, weights),
    );
    this.connections.root.dataset.unit = `${unit.layer}·${unit.unit}`;
  }

  private side(side: Side, connections: Connections, title: string, weights: UnitWeightsReport): HTMLElement {
    const largest = Math.max(
      ...[...connections.positive, ...connections.negative].map(({ weight }) => Math.abs(weight)),
      Number.MIN_VALUE,
    );
    const columns = weights.picture && connections.kind === "inputs" ? weights.picture.columns : null;
    const blocks = signs.map((sign) => {
      const words = sign === "positive" ? t("positive") : t("negative");
      const list = this.lists[side][sign];
      list.render(
        `${title}, ${words}`,
        connections[sign].map((one) => listed(connections, one, largest, columns)),
      );
      const none = element("p", { class: "note" }, t("none"));
      return element(
        "div",
        { data: { connections: `${side}-${sign}` } },
        element("p", { class: "list-head" }, words),
        connections[sign].length > 0 ? list.root : none,
      );
    });
    return element(
      "div",
      { class: "connections" },
      element(
        "h3",
        {},
        title,
        element("span", { class: "caption" }, t("strongest of {0}", integer(connections.count))),
      ),
      element("div", { class: "pair" }, ...blocks),
    );
  }
}

function listed(
  { kind, layer }: Connections,
  { index, name, weight, dead }: Connection,
  largest: number,
  columns: number | null,
): ListedUnit {
  const words = weight > 0 ? `+${signed(weight)}` : signed(weight);
  const bar = weight / largest;
  if (kind === "units") {
    const place = { layer, unit: index };
    return { place, name: unitName(layer, index), dead: dead === true, words, bar };
  }
  if (kind === "classes") return { place: null, name: name ?? t("class {0}", index), dead: false, words, bar };
  const pixel = columns === null ? null : t("row {0}, column {1}", Math.floor(index / columns), index % columns);
  return { place: null, name: name ?? pixel ?? t("input {0}", index), dead: false, words, bar };
}

function termsTable({ positive, negative }: { positive: WeightOf[]; negative: WeightOf[] }): HTMLElement {
  const block = (title: string, terms: readonly WeightOf[]) =>
    element(
      "div",
      {},
      element("p", { class: "list-head" }, title),
      element(
        "table",
        { class: "terms" },
        element(
          "tbody",
          {},
          ...terms.map(({ term, weight }) =>
            element(
              "tr",
              {},
              element("th", { attributes: { scope: "row", title: term } }, term),
              element("td", {}, weight > 0 ? `+${signed(weight)}` : signed(weight)),
            ),
          ),
        ),
      ),
    );
  return element("div", { class: "pair" }, block(t("positive"), positive), block(t("negative"), negative));
}

/** "last checkpoint, epoch 9" */
function checkpointText({ checkpoint }: UnitWeightsReport): string {
  const epoch = epochNumber(checkpoint.epoch);
  return checkpoint.name === "best" ? t("best checkpoint, epoch {0}", epoch) : t("last checkpoint, epoch {0}", epoch);
}
