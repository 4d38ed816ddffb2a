/** The units of the chosen layer of a probe: map and histograms, as the dashboard draws them. */

import { printable } from "../../../src/common/printable.js";
import type { ProbeReport } from "../../../src/common/probe.js";
import { BarPanel } from "../../dashboard/bars/barPanel.js";
import type { TableServices } from "../../dashboard/tableSection.js";
import { activeContent, frequencyContent, meanContent } from "../../dashboard/units/histograms.js";
import { MapLegend } from "../../dashboard/units/mapLegend.js";
import { SortSwitch } from "../../dashboard/units/sortSwitch.js";
import { UnitMap } from "../../dashboard/units/unitMap.js";
import type { UnitPicture } from "../../dashboard/units/unitPicture.js";
import type { UnitOrder } from "../../dashboard/viewState.js";
import { element, setText } from "../../shared/dom.js";
import { t } from "../../shared/l10n.js";
import { counted } from "../../shared/numbers.js";
import type { Theme } from "../../shared/theme.js";
import { probedPicture } from "./probedPicture.js";

export class ProbedUnits {
  readonly roots: HTMLElement[];
  private readonly heading = element("h2");
  private readonly caption = element("span", { class: "caption" });
  private readonly sort: SortSwitch;
  private readonly map: UnitMap;
  private readonly legend: MapLegend;
  private readonly drawn: HTMLElement;
  private readonly instead = element("p", { class: "instead" });
  private readonly frequencies: BarPanel;
  private readonly active: BarPanel;
  private shown: { report: ProbeReport; l: number; picture: UnitPicture } | null = null;
  private revision = 0;

  constructor(
    private theme: Theme,
    services: TableServices,
    setSort: (order: UnitOrder) => void,
  ) {
    this.sort = new SortSwitch(setSort);
    this.map = new UnitMap(theme);
    this.legend = new MapLegend(theme);
    this.frequencies = new BarPanel("frequency", theme, services);
    this.active = new BarPanel("active", theme, services);
    this.drawn = element("div", {}, this.map.root, this.legend.root);
    const panel = element(
      "section",
      { class: "panel", data: { section: "probed-units" } },
      element(
        "div",
        { class: "panel-head" },
        element("div", { class: "head-words" }, this.heading, this.caption),
        this.sort.root,
      ),
      this.drawn,
      this.instead,
    );
    this.roots = [panel, this.frequencies.root, this.active.root];
  }

  /** @param l index of the layer */
  render(report: ProbeReport, l: number, sort: UnitOrder): void {
    if (this.shown?.report !== report || this.shown.l !== l) {
      const picture = probedPicture(report, l);
      this.shown = picture && { report, l, picture };
      this.revision++;
      this.renderHistograms();
    }
    for (const root of this.roots) root.hidden = this.shown === null;
    if (!this.shown) return;
    const { picture } = this.shown;
    const { name } = report.layers[l]!;
    setText(this.heading, t("Units of layer {0}", picture.layer.layer));
    const size = counted(picture.units, "{0} unit", "{0} units");
    setText(this.caption, name === `layer${picture.layer.layer}` ? size : `${printable(name)}, ${size}`);
    this.drawn.hidden = !picture.fires;
    this.sort.root.hidden = !picture.fires;
    this.active.root.hidden = !picture.fires;
    this.instead.hidden = picture.fires;
    setText(
      this.instead,
      picture.fires
        ? ""
        : t(
            "No map: {0} units are never exactly zero, so that how often they fire, and which are dead or rare, is not defined. Their mean outputs are shown instead.",
            picture.layer.activation,
          ),
    );
    if (!picture.fires) return;
    this.sort.render(sort);
    this.map.render(picture, sort, null);
    this.legend.render(picture);
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    for (const part of [this.map, this.legend, this.frequencies, this.active]) part.setTheme(theme);
    this.renderHistograms();
  }

  private renderHistograms(): void {
    if (!this.shown) return;
    const { theme } = this;
    const { report, l, picture } = this.shown;
    const revision = String(this.revision);
    this.frequencies.render(
      picture.fires ? frequencyContent(picture, theme, null) : meanContent(picture, theme),
      revision,
    );
    if (!picture.fires) return;
    this.active.render(activeContent(picture, report.evaluation.layers[l]?.activeUnits ?? null, theme), revision);
  }
}
