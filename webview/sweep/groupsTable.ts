/** Means over seeds and folds: a row a group of trials that differ in these alone, and whether it differs from the best one. */
import { paramsText } from "../../src/common/paramsText.js";
import type { MeanFigure, SweepGroup } from "../../src/common/sweepSummary.js";
import { element, icon, setText } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { integer, noFigure, percent, significant, stars } from "../shared/numbers.js";
import type { SweepModel } from "./model.js";

export class GroupsTable {
  readonly root: HTMLElement;
  private readonly head = element("tr");
  private readonly body = element("tbody");
  private readonly note = element("p", { class: "note groups-note" });
  private drawn = -1;

  constructor() {
    const table = element(
      "table",
      { class: "groups", attributes: { "aria-label": t("Means") } },
      element("thead", {}, this.head),
      this.body,
    );
    const scroller = element(
      "div",
      { class: "scroller scroller-groups", attributes: { tabindex: "0", role: "region", "aria-label": t("Means") } },
      table,
    );
    this.root = element(
      "section",
      { class: "panel groups-panel" },
      element(
        "div",
        { class: "panel-head" },
        element("h2", {}, t("Means")),
        element("span", { class: "caption" }, t("over seeds and folds, of finished trials")),
      ),
      scroller,
      this.note,
    );
  }

  render({ summary, revision }: SweepModel): void {
    if (revision === this.drawn) return;
    this.drawn = revision;
    const { groups } = summary;
    const compared = groups.some(({ againstBest }) => againstBest);
    const staged = groups.some(({ stage }) => stage !== "");
    const heads: [string, string][] = [
      [t("Trials"), t("What the trials of a row share")],
      [t("n"), t("Finished trials")],
      [t("Validation error"), t("Mean ± standard deviation")],
      [t("Test error"), t("Mean ± standard deviation; never used to choose")],
    ];
    const starred = groups.some(({ figures }) => figures.validRmse);
    if (starred)
      heads.push(
        [t("Validation RMSE"), t("Mean ± standard deviation, in stars")],
        [t("Test RMSE"), t("Mean ± standard deviation, in stars")],
      );
    heads.push([t("Sparsity"), t("Mean ± standard deviation")]);
    if (compared)
      heads.push(
        [
          t("p (t-test)"),
          t("Paired t-test of the validation error against the best row, over the same seeds and folds, two-sided"),
        ],
        [t("p (Wilcoxon)"), t("Wilcoxon signed-rank test, likewise")],
      );
    this.head.replaceChildren(
      ...heads.map(([label, title]) => element("th", { attributes: { scope: "col", title } }, label)),
    );
    this.body.replaceChildren(...groups.map((group) => rowOf(group, { compared, staged, starred })));
    const chosen = groups.some(({ selected }) => selected);
    setText(this.note, chosen ? t("★ lowest validation error · ✓ selected") : t("★ lowest validation error"));
    this.note.hidden = !groups.some(({ best }) => best);
  }
}

interface Columns {
  compared: boolean;
  staged: boolean;
  starred: boolean;
}

function rowOf(group: SweepGroup, { compared, staged, starred }: Columns): HTMLTableRowElement {
  const { params, stage, n, figures, best, selected, againstBest } = group;
  const name = element("th", { attributes: { scope: "row" } });
  const words = paramsText(params) || t("base");
  if (best)
    name.append(icon("star-full"), element("span", { class: "visually-hidden" }, t("lowest validation error: ")));
  if (selected) name.append(icon("check"), element("span", { class: "visually-hidden" }, t("selected: ")));
  name.append(staged ? `${stage}: ${words}` : words);
  const p = (value: number | null | undefined) =>
    value === null || value === undefined ? noFigure : significant(value);
  const cells = [
    integer(n),
    shownShare(figures.validError, 2),
    shownShare(figures.testError, 2),
    ...(starred ? [shown(figures.validRmse, stars), shown(figures.testRmse, stars)] : []),
    shownShare(figures.sparsity, 1),
    ...(compared ? [p(againstBest?.tTest), p(againstBest?.wilcoxon)] : []),
  ];
  return element("tr", { class: best ? "best" : "" }, name, ...cells.map((cell) => element("td", {}, cell)));
}

function shownShare(figure: MeanFigure | null, digits: number): string {
  return shown(figure, (value) => percent(value, digits));
}

function shown(figure: MeanFigure | null, text: (value: number) => string): string {
  if (!figure) return noFigure;
  const mean = text(figure.mean);
  return figure.sd === null ? mean : `${mean} ± ${text(figure.sd).replace(/\s*%$/, "")}`;
}
