/** The page: its parts from top to bottom, and what each state of a run shows of them. */
import type { DashboardRequest } from "../../src/common/messages.js";
import { Announcer } from "../shared/announcer.js";
import { element } from "../shared/dom.js";
import { epochNumber, percent } from "../shared/numbers.js";
import { readTheme } from "../shared/theme.js";
import { Charts } from "./charts/charts.js";
import { Footer } from "./footer.js";
import { Header } from "./header.js";
import { LayersTable } from "./layersTable.js";
import type { DashboardModel } from "./model.js";
import { Notice, noticeOf, RequestError } from "./notice.js";
import { Tiles } from "./tiles.js";
import { Toolbar } from "./toolbar.js";
import { errorLabels, stateWords } from "./wording.js";

type Action = DashboardRequest["action"];

export class Page {
  readonly root = element("div", { class: "page" });
  private readonly header: Header;
  private readonly toolbar: Toolbar;
  private readonly requestError = new RequestError();
  private readonly notice = new Notice();
  private readonly tiles: Tiles;
  private readonly charts: Charts;
  private readonly layers: LayersTable;
  private readonly columns: HTMLElement;
  private readonly footer = new Footer();
  private readonly announcer = new Announcer();
  private announced = { state: "", step: -1 };

  constructor(ask: (action: Action) => Promise<void>) {
    const theme = readTheme();
    this.toolbar = new Toolbar(ask);
    this.header = new Header(this.toolbar);
    this.tiles = new Tiles(theme);
    this.charts = new Charts(theme);
    this.layers = new LayersTable(theme);
    this.columns = element(
      "div",
      { class: "columns" },
      element("div", { class: "column" }, ...this.charts.panels.map((panel) => panel.root)),
      element("div", { class: "column" }, this.layers.root),
    );
    this.root.append(
      this.header.root,
      this.requestError.root,
      this.notice.root,
      this.tiles.root,
      this.columns,
      this.footer.root,
      this.announcer.root,
    );
  }

  render(model: DashboardModel): void {
    this.toolbar.render(actionsOf(model));
    this.header.render(model);
    this.notice.show(noticeOf(model));
    this.footer.render(model);
    const readable = model.run !== null;
    this.tiles.root.hidden = !readable;
    this.columns.hidden = !readable;
    if (readable) {
      this.tiles.render(model);
      this.charts.render(model);
      this.layers.render(model);
    }
    this.announce(model);
  }

  repaint(): void {
    const theme = readTheme();
    this.tiles.setTheme(theme);
    this.charts.setTheme(theme);
    this.layers.setTheme(theme);
  }

  showRequestError(words: string): void {
    this.requestError.show(words);
  }

  hideRequestError(): void {
    this.requestError.hide();
  }

  private announce(model: DashboardModel): void {
    const { run, latest } = model;
    const state = run ? stateWords[run.state] : "Unreadable";
    if (state !== this.announced.state) {
      this.announcer.sayNow(run ? `${run.name}: ${state}` : "This run folder cannot be read");
    } else if (latest && latest.step !== this.announced.step) {
      const error = `${errorLabels[latest.set]} ${percent(latest.error, 2)}`;
      this.announcer.say(`Epoch ${epochNumber(latest.epoch)}: ${error}`);
    }
    this.announced = { state, step: latest?.step ?? -1 };
  }
}

function actionsOf({ run, live }: DashboardModel): Set<Action> {
  const actions = new Set<Action>(["revealFolder", "copyPath"]);
  if (live) actions.add("stop");
  if (run?.configFile && !live) actions.add("runAgain");
  if (run?.configFile) actions.add("openConfig");
  return actions;
}
