/** The page: its parts from top to bottom, and what each state shows of them. */
import type { ExportKind, InspectorAction, ProbeAsked } from "../../src/common/inspectorMessages.js";
import { printable } from "../../src/common/printable.js";
import { Notice, RequestError } from "../dashboard/notice.js";
import { Announcer } from "../shared/announcer.js";
import { element } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { counted } from "../shared/numbers.js";
import { readTheme, type Theme } from "../shared/theme.js";
import { Details } from "./details.js";
import { Failure } from "./failure.js";
import { Header, type HeaderAction } from "./header.js";
import { Headline } from "./headline.js";
import { comparedLegend, deadLegend, type LayerMarks, layerMarks } from "./layerMarks.js";
import { LayerStrip } from "./layerStrip.js";
import type { ComparedRow, InspectorModel, TensorRow } from "./model.js";
import { ProbeView } from "./probe/probeView.js";
import { StructureMap } from "./structureMap.js";
import { type TableRequests, TensorTable } from "./tensorTable.js";
import type { InspectorViewState, ProbeChoice } from "./viewState.js";
import { fileName } from "./wording.js";

export interface PageRequests {
  /** Rejects when the host could not do it, after showing why. */
  act(action: InspectorAction): Promise<void>;
  probe(asked: ProbeAsked): Promise<void>;
  save(kind: ExportKind, text: string): void;
  choose(change: Partial<InspectorViewState>): void;
}

export class Page {
  readonly root = element("div", { class: "page inspector" });
  private readonly header: Header;
  private readonly failure: Failure;
  private readonly requestError = new RequestError();
  private readonly notice = new Notice();
  private readonly headline = new Headline();
  private readonly strip: LayerStrip;
  private readonly units: StructureMap;
  private readonly details: Details;
  private readonly probe: ProbeView;
  private readonly content = element("div", { class: "inspector-content" });
  private readonly announcer = new Announcer();
  private readonly table: { tensors?: TensorTable<TensorRow>; differences?: TensorTable<ComparedRow> } = {};
  private view: InspectorViewState | null = null;
  private marks: { key: string; layers: readonly LayerMarks[] } = { key: "", layers: [] };
  private announced = "";
  private announcedProbe = "";

  constructor(private readonly requests: PageRequests) {
    const theme = readTheme();
    this.header = new Header((action) => this.act(action));
    this.failure = new Failure((action) => void requests.act(action).catch(() => {}));
    this.strip = new LayerStrip(theme, (layer) =>
      requests.choose({ filter: { ...(this.view as InspectorViewState).filter, layer } }),
    );
    this.units = new StructureMap(theme);
    this.details = new Details(() => {
      requests.choose({ details: null });
      this.shownTable?.focus();
    });
    this.probe = this.makeProbe(theme);
    this.root.append(
      this.failure.root,
      this.header.root,
      this.requestError.root,
      this.notice.root,
      this.content,
      this.probe.root,
      this.announcer.root,
    );
    window.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "f" || !this.shownTable) return;
      if (this.view?.probing) return;
      event.preventDefault();
      this.shownTable.search();
    });
  }

  render(model: InspectorModel, view: InspectorViewState): void {
    this.view = view;
    const nothing = model.error !== null && !model.listed;
    this.failure.render(nothing ? model.error : null);
    this.header.root.hidden = nothing;
    const probing = view.probing && !model.comparing && !model.error;
    this.header.render(model, view.swapped, probing);
    this.notice.show(nothing ? null : noticeOf(model));
    this.content.hidden = nothing || !model.listed || probing;
    if (!this.content.hidden) this.renderContent(model, view);
    this.probe.root.hidden = !probing;
    if (probing) this.probe.render(model.choices, model.probe, view.probe);
    this.announce(model);
  }

  /** Another file, or the same one read anew. */
  forget(): void {
    this.shownTable?.forget();
  }

  repaint(): void {
    const theme = readTheme();
    this.strip.setTheme(theme);
    this.units.setTheme(theme);
    this.probe.setTheme(theme);
  }

  showRequestError(words: string): void {
    this.requestError.show(words);
  }

  hideRequestError(): void {
    this.requestError.hide();
  }

  private get shownTable(): TensorTable<TensorRow> | TensorTable<ComparedRow> | undefined {
    return this.table.tensors ?? this.table.differences;
  }

  private renderContent(model: InspectorModel, view: InspectorViewState): void {
    const key = `${model.revision} ${model.figuresRevision} ${view.swapped}`;
    if (this.marks.key !== key) this.marks = { key, layers: layerMarks(model, view.swapped) };
    const { layers } = this.marks;
    const legend = model.comparing ? comparedLegend : deadLegend;
    this.headline.render(model, view.swapped, layers);
    this.headline.root.hidden = model.sides.every(({ tensors }) => tensors.length === 0);
    this.strip.render(layers, legend, view.filter.layer);
    this.units.render(view.filter.layer === null ? null : (layers[view.filter.layer] ?? null), legend);
    if (model.comparing) {
      this.table.differences ??= this.attach(TensorTable.ofDifferences(this.tableRequests, this.details.root));
      this.table.differences.render(model, model.comparison(view.swapped).rows as ComparedRow[], view);
    } else {
      this.table.tensors ??= this.attach(TensorTable.ofTensors(this.tableRequests, this.details.root));
      this.table.tensors.render(model, model.sides[0]!.tensors, view);
    }
    const side = model.comparing ? model.ordered(view.swapped)[1] : model.sides[0]!;
    const row = view.details === null ? null : (side.tensors[view.details] ?? null);
    const layer = row?.layer == null ? null : (side.layers[row.layer]?.name ?? null);
    this.details.render(row, layer, `${model.revision} ${view.swapped}`);
  }

  private attach<Table extends { root: HTMLElement }>(table: Table): Table {
    this.content.replaceChildren(this.headline.root, this.strip.root, this.units.root, table.root);
    return table;
  }

  private readonly tableRequests: TableRequests = {
    choose: (change) => this.requests.choose(change),
    copy: (text, rows) => void this.copy(text, rows),
    save: (kind, text) => this.requests.save(kind, text),
  };

  private async act(action: HeaderAction): Promise<void> {
    if (action === "swap") this.requests.choose({ swapped: !this.view?.swapped });
    else if (action === "showProbe" || action === "showTensors") {
      const probing = action === "showProbe";
      if (probing) this.probe.focus();
      this.requests.choose({ probing });
    } else await this.requests.act(action);
  }

  private makeProbe(theme: Theme): ProbeView {
    const chosen = () => (this.view as InspectorViewState).probe;
    const choose = (change: Partial<ProbeChoice>) => this.requests.choose({ probe: { ...chosen(), ...change } });
    const view = {
      isOpen: (section: string) => this.view?.probe.open.includes(section) ?? false,
      setOpen: (section: string, open: boolean) => {
        if (view.isOpen(section) === open) return;
        const others = chosen().open.filter((name) => name !== section);
        choose({ open: open ? [...others, section] : others });
      },
    };
    const copy = (text: string) => this.copyWords(text, t("Copied"));
    return new ProbeView(
      theme,
      { view, copy },
      {
        choose,
        browse: () => void this.requests.act("browseExperiment").catch(() => {}),
        start: (asked) => this.requests.probe(asked),
        cancel: () => this.requests.act("cancelProbe"),
      },
    );
  }

  private copy(text: string, rows: number): Promise<boolean> {
    return this.copyWords(text, counted(rows, "{0} row copied", "{0} rows copied"));
  }

  private async copyWords(text: string, said: string): Promise<boolean> {
    this.hideRequestError();
    try {
      await navigator.clipboard.writeText(text);
      this.announcer.sayNow(said);
      return true;
    } catch (error) {
      this.showRequestError(t("Nothing was copied: {0}", error instanceof Error ? error.message : String(error)));
      return false;
    }
  }

  private announce({ progress, error, files, probe }: InspectorModel): void {
    const probed = probe?.state ?? "";
    if (probed !== this.announcedProbe) {
      this.announcedProbe = probed;
      if (probed === "ended") this.announcer.sayNow(t("The probe is done"));
      if (probed === "failed") this.announcer.sayNow(t("The probe failed"));
      if (probed === "cancelled") this.announcer.sayNow(t("The probe was cancelled"));
    }
    const state = error ? "failed" : (progress?.state ?? "");
    if (state === this.announced) return;
    this.announced = state;
    const name = files.map(fileName).join(", ");
    if (state === "done") this.announcer.say(t("{0}: all figures are there", name));
    if (state === "cancelled") this.announcer.sayNow(t("{0}: cancelled", name));
  }
}

/** What the state calls for; null while all is well. */
function noticeOf({ error, onDisk, progress }: InspectorModel): Parameters<Notice["show"]>[0] {
  if (error) {
    const next = t("Figures up to there are shown. Read the file again when this is mended.");
    return {
      kind: "error",
      title: t("{0} cannot be read to its end", fileName(error.file)),
      text: [printable(error.message), next],
    };
  }
  for (const [file, what] of onDisk) {
    if (what === "deleted")
      return {
        kind: "warning",
        title: t("{0} is gone", fileName(file)),
        text: [t("It was deleted, moved or renamed. What is shown here was read before.")],
      };
    return {
      kind: "warning",
      title: t("{0} has changed on disk", fileName(file)),
      text: [t("What is shown here was read before. Read it again to see what it holds now.")],
    };
  }
  if (progress?.state === "cancelled")
    return {
      kind: "info",
      title: t("Reading was cancelled"),
      text: [t("Figures that are missing stay empty, and sums count only what was read. Go on to read the rest.")],
    };
  return null;
}
