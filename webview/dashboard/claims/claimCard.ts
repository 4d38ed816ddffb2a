/** One claim: the verdict, what the paper says, what the run shows, and the figures. */
import type { Claim } from "../../../src/common/claims.js";
import { claimWords, verdictWord } from "../../../src/common/claimWords.js";
import { element, icon, setValue } from "../../shared/dom.js";
import { t } from "../../shared/l10n.js";
import { language } from "../../shared/numbers.js";
import { type ClaimCell, type ClaimRow, claimTable } from "./claimTable.js";

/** A shape for every verdict, so that colour is not needed. */
const icons = { holds: "pass", fails: "error", notApplicable: "circle-slash" } as const;

/** @param activation of the run's hidden units */
export function claimCard(claim: Claim, activation: string): HTMLElement {
  const { title, paper, run, criterion } = claimWords(claim, activation, language);
  const verdict = element(
    "span",
    { class: "verdict", data: { value: claim.verdict } },
    icon(icons[claim.verdict]),
    verdictWord(claim.verdict, language),
  );
  const card = element(
    "li",
    { class: "claim", data: { claim: claim.claim } },
    element("div", { class: "claim-head" }, element("h3", {}, title), verdict),
    saying("claim-paper", t("Paper"), paper),
    saying("claim-run", t("This run"), run),
  );
  if (claim.verdict !== "notApplicable") card.append(tableOf(claim, title));
  if (criterion) card.append(element("p", { class: "note" }, criterion));
  return card;
}

function saying(name: string, who: string, words: string): HTMLElement {
  return element("p", { class: name }, element("strong", {}, `${who} `), words);
}

function tableOf(claim: Exclude<Claim, { verdict: "notApplicable" }>, title: string): HTMLElement {
  const { columns, rows } = claimTable(claim);
  const head = [element("td"), ...columns.map((name) => element("th", { attributes: { scope: "col" } }, name))];
  const table = element(
    "table",
    { data: { columns: String(columns.length) } },
    element("thead", {}, element("tr", {}, ...head)),
    element("tbody", {}, ...rows.map(rowOf)),
  );
  const label = t("{0}, as a table", title);
  return element(
    "div",
    { class: "scroller", attributes: { tabindex: "0", role: "region", "aria-label": label } },
    table,
  );
}

function rowOf({ name, cells, histogram }: ClaimRow): HTMLElement {
  const row = element("tr", {}, element("th", { attributes: { scope: "row" } }, name), ...cells.map(cellOf));
  if (histogram) row.append(element("td", {}, histogramOf(histogram.counts)));
  return row;
}

function cellOf({ text, value, bar }: ClaimCell): HTMLElement {
  const cell = element("td");
  setValue(cell, value);
  if (bar === undefined) cell.append(text);
  else cell.append(element("div", { class: "bar-cell" }, element("span", {}, text), barOf(bar)));
  return cell;
}

function barOf(share: number): HTMLElement {
  const filled = element("div", { class: "bar-filled" });
  filled.style.width = `${100 * Math.min(1, Math.max(0, share))}%`;
  return element("div", { class: "bar", attributes: { "aria-hidden": "true" } }, filled);
}

/** The figures beside it say it in words. */
function histogramOf(counts: readonly number[]): HTMLElement {
  const most = Math.max(1, ...counts);
  const bars = counts.map((count) => {
    const bar = element("span", { class: "tiny-bar" });
    bar.style.height = `${(100 * count) / most}%`;
    return bar;
  });
  return element("div", { class: "tiny-histogram", attributes: { "aria-hidden": "true" } }, ...bars);
}
