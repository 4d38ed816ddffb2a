/** The page of one data set, from top to bottom. */
import type { DatasetAction, DatasetHead, DatasetSummary, ToDatasetPage } from "../../src/common/datasetPage.js";
import { megabytes } from "../../src/common/format.js";
import type { Response } from "../../src/common/messages.js";
import { Notice, RequestError } from "../dashboard/notice.js";
import { ButtonBar } from "../shared/buttonBar.js";
import { element, icon, setText } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { compact, counted, integer, locale, percent } from "../shared/numbers.js";
import { samplesSection } from "./samples.js";

type Message = Exclude<ToDatasetPage, Response>;

export class Page {
  readonly root = element("div", { class: "page" });
  private readonly name = element("h1");
  private readonly line = element("p", { class: "recipe", data: { field: "facts" } });
  private readonly bar: ButtonBar<DatasetAction>;
  private readonly requestError = new RequestError();
  private readonly notice = new Notice();
  private readonly content = element("div", { class: "dataset-content" });
  private shown: Message | null = null;

  constructor(ask: (action: DatasetAction) => Promise<void>) {
    this.bar = new ButtonBar<DatasetAction>(t("Data set"), buttons(), ask);
    this.root.append(
      element(
        "header",
        {},
        element("div", { class: "title-row" }, element("div", { class: "title" }, this.name), this.bar.root),
        this.line,
      ),
      this.requestError.root,
      this.notice.root,
      this.content,
    );
  }

  render(message: Message): void {
    this.shown = message;
    const { head } = message;
    setText(this.name, head.title);
    this.name.title = head.title;
    this.root.dataset.state = message.type;
    this.bar.render(actionsOf(message));
    setText(this.line, message.type === "dataset" ? factsOf(message.summary) : head.name);
    this.notice.show(noticeOf(message));
    const parts = message.type === "dataset" ? sectionsOf(message.summary) : [];
    const reading = element("p", { class: "instead", attributes: { role: "status" } }, t("Reading the data set…"));
    this.content.replaceChildren(...parts, ...(message.type === "reading" ? [reading] : [sourceSection(message)]));
  }

  /** What is drawn on canvases does not change with the theme; marks around them do, by styles. */
  repaint(): void {
    if (this.shown) this.render(this.shown);
  }

  showRequestError(words: string): void {
    this.requestError.show(words);
  }

  hideRequestError(): void {
    this.requestError.hide();
  }
}

function actionsOf({ type, head }: Message): Set<DatasetAction> {
  const actions = new Set<DatasetAction>();
  if (type === "missing" && head.download !== null) actions.add("download");
  if (type === "dataset") actions.add("revealFolder").add("copyPath");
  if (head.config !== null) {
    actions.add("openConfig");
    if (type === "dataset") actions.add("train");
  }
  if (type !== "reading") actions.add("refresh");
  return actions;
}

function buttons() {
  return [
    {
      action: "download",
      label: t("Download…"),
      icon: "cloud-download",
      tooltip: t("Says from where, how much and under which licence before anything is fetched"),
      primary: true,
    },
    {
      action: "train",
      label: t("Train"),
      icon: "play",
      tooltip: t("Run the experiment that describes this data set"),
      primary: true,
    },
    {
      action: "openConfig",
      label: t("Open config"),
      icon: "go-to-file",
      tooltip: t("Open the file that describes it"),
    },
    { action: "refresh", label: t("Read again"), icon: "refresh", tooltip: t("Read again"), iconOnly: true },
    {
      action: "revealFolder",
      label: t("Reveal folder"),
      icon: "folder-opened",
      tooltip: t("Reveal folder"),
      iconOnly: true,
    },
    {
      action: "copyPath",
      label: t("Copy path of folder"),
      icon: "copy",
      tooltip: t("Copy path of folder"),
      iconOnly: true,
    },
  ] as const;
}

function noticeOf(message: Message): Parameters<Notice["show"]>[0] {
  if (message.type === "missing") return { kind: "info", title: t("Not on this machine"), text: [message.message] };
  if (message.type === "failed")
    return { kind: "error", title: t("This data set cannot be read"), text: [message.message] };
  return null;
}

/** "60,000 pictures of 28 × 28 · 10 classes" */
function factsOf({ parts, imageShape, planes, dimension, classes, terms }: DatasetSummary): string {
  const n = parts.reduce((sum, part) => sum + part.n, 0);
  const size = imageShape ? `${planes > 1 ? `${planes} × ` : ""}${imageShape[0] / planes} × ${imageShape[1]}` : "";
  const what = imageShape
    ? t("{0} pictures of {1}", integer(n), size)
    : terms
      ? t("{0} texts, {1} terms", integer(n), integer(dimension))
      : t("{0} examples of {1}", integer(n), counted(dimension, "{0} value", "{0} values"));
  return [what, counted(classes.length, "{0} class", "{0} classes")].join(" · ");
}

function sectionsOf(summary: DatasetSummary): HTMLElement[] {
  const sections = [tiles(summary)];
  const balance = classesSection(summary);
  const beside = summary.samples ? samplesSection(summary) : summary.terms ? termsSection(summary.terms) : null;
  sections.push(
    beside
      ? element(
          "div",
          { class: "columns" },
          element("div", { class: "column" }, balance),
          element("div", { class: "column" }, beside),
        )
      : balance,
  );
  return sections;
}

function tiles({ parts, dimension, zeros, least, greatest, classes }: DatasetSummary): HTMLElement {
  const of = (name: string) => parts.find((part) => part.name === name)?.n ?? 0;
  const unlabelled = of("unlabelled");
  const sizes = classes.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0));
  const fewest = Math.min(...sizes);
  return element(
    "dl",
    { class: "tiles" },
    tile(
      "train",
      t("Training"),
      integer(of("train")),
      unlabelled ? t("{0} unlabelled", integer(unlabelled)) : t("examples"),
    ),
    tile("test", t("Test"), integer(of("test")), t("{0} for validation", integer(of("valid")))),
    tile("inputs", t("Inputs"), integer(dimension), t("{0} to {1}", short(least), short(greatest))),
    tile("zeros", t("Zeros"), percent(zeros, 1), t("of all training values")),
    tile(
      "classes",
      t("Classes"),
      integer(classes.length),
      fewest === Math.max(...sizes)
        ? t("of {0} each", integer(fewest))
        : t("of {0} to {1}", integer(fewest), integer(Math.max(...sizes))),
    ),
  );
}

function tile(field: string, label: string, value: string, note: string): HTMLElement {
  return element(
    "div",
    { class: "tile", data: { field } },
    element("dt", {}, label),
    element("dd", {}, element("strong", {}, value), element("div", { class: "note" }, note)),
  );
}

function short(value: number): string {
  return Number.isInteger(value) ? integer(value).replace("-", "−") : compact(value).replace("-", "−");
}

function head(title: string, caption = ""): HTMLElement {
  const words = element("div", { class: "head-words" }, element("h2", {}, title));
  if (caption) words.append(element("span", { class: "caption" }, caption));
  return element("div", { class: "panel-head" }, words);
}

function bar(share: number): HTMLElement {
  const done = element("span", { class: "balance-done" });
  done.style.width = `${(100 * share).toFixed(2)}%`;
  return element("span", { class: "balance", attributes: { "aria-hidden": "true" } }, done);
}

function classesSection({ classes, parts }: DatasetSummary): HTMLElement {
  const totals = classes.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0));
  const all = Math.max(
    1,
    totals.reduce((sum, count) => sum + count, 0),
  );
  const most = Math.max(1, ...totals);
  const words: Record<string, string> = { train: t("Training"), valid: t("Validation"), test: t("Test") };
  const labelled = parts.filter(({ name }) => name !== "unlabelled");
  const heads = [t("Class"), "", t("Share"), ...labelled.map(({ name }) => words[name] ?? name)];
  const rows = classes.map(({ name, counts }, k) =>
    element(
      "tr",
      { data: { class: name } },
      element("th", { attributes: { scope: "row", title: name } }, name),
      element("td", { class: "balance-cell" }, bar(totals[k]! / most)),
      ...[percent(totals[k]! / all, 1), ...counts.map((count) => integer(count))].map((text) =>
        element("td", {}, text),
      ),
    ),
  );
  return element(
    "section",
    { class: "panel", data: { section: "classes" } },
    head(t("Classes")),
    element(
      "div",
      { class: "scroller", attributes: { tabindex: "0", role: "region", "aria-label": t("Classes") } },
      element(
        "table",
        { class: "plain" },
        element(
          "thead",
          {},
          element(
            "tr",
            {},
            ...heads.map((text) => (text ? element("th", { attributes: { scope: "col" } }, text) : element("td"))),
          ),
        ),
        element("tbody", {}, ...rows),
      ),
    ),
  );
}

function termsSection(terms: NonNullable<DatasetSummary["terms"]>): HTMLElement {
  const most = Math.max(...terms.map(({ share }) => share), Number.MIN_VALUE);
  return element(
    "section",
    { class: "panel", data: { section: "terms" } },
    head(t("Top terms"), t("share of training texts that have them")),
    element(
      "div",
      { class: "scroller", attributes: { tabindex: "0", role: "region", "aria-label": t("Top terms") } },
      element(
        "table",
        { class: "plain" },
        element(
          "tbody",
          {},
          ...terms.map(({ term, share }) =>
            element(
              "tr",
              {},
              element("th", { attributes: { scope: "row", title: term } }, term),
              element("td", { class: "balance-cell" }, bar(share / most)),
              element("td", {}, percent(share, 1)),
            ),
          ),
        ),
      ),
    ),
  );
}

function sourceSection(message: Message): HTMLElement {
  const { head: about } = message;
  const summary = message.type === "dataset" ? message.summary : null;
  const list = element("dl", { class: "source" });
  const add = (term: string, ...value: (Node | string)[]) =>
    list.append(element("dt", {}, term), element("dd", {}, ...value));
  add(t("Name"), element("code", {}, about.name));
  if (about.about) add(t("From"), element("a", { attributes: { href: about.about } }, about.about));
  if (about.config) add(t("Config"), about.config);
  else add(t("Licence"), about.licence ?? t("look it up on its page"));
  if (summary) {
    add(t("Folder"), summary.origin);
    add("SHA-256", element("code", {}, summary.sha256));
  }
  const section = element("section", { class: "panel", data: { section: "source" } }, head(t("Source")), list);
  if (summary && summary.files.length > 0) section.append(filesTable(summary, about));
  return section;
}

function filesTable({ files, fileCount, bytes }: DatasetSummary, { config }: DatasetHead): HTMLElement {
  const rows = files.map(({ name, bytes: size, sha256, verified }) => {
    const mark =
      verified === null
        ? [config === null ? t("unverified") : ""]
        : verified
          ? [icon("verified"), ` ${t("as published")}`]
          : [icon("warning"), ` ${t("other bytes than published")}`];
    return element(
      "tr",
      {},
      element("th", { attributes: { scope: "row", title: name } }, name),
      element("td", {}, sizeText(size)),
      element("td", { class: "hash" }, element("code", { attributes: { title: sha256 } }, sha256)),
      element("td", { class: "mark-cell" }, ...mark),
    );
  });
  const more = fileCount - files.length;
  const caption = `${counted(fileCount, "{0} file", "{0} files")}, ${sizeText(bytes)}`;
  return element(
    "div",
    { class: "scroller", attributes: { tabindex: "0", role: "region", "aria-label": t("Files") } },
    element("p", { class: "note files-note" }, caption),
    element("table", { class: "plain files" }, element("tbody", {}, ...rows)),
    ...(more > 0 ? [element("p", { class: "note" }, t("… and {0} more", integer(more)))] : []),
  );
}

function sizeText(bytes: number): string {
  return bytes < 100_000 ? counted(bytes, "{0} byte", "{0} bytes") : megabytes(bytes, locale);
}
