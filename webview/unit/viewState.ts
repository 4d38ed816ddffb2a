/** What a person has chosen to look at on a unit's page, and which unit: VS Code keeps it while the page is hidden, or its window reloads. */
import type { UnitTrail } from "../../src/common/unitPage.js";
import type { ChartView } from "../dashboard/services.js";
import { restoreViewState, type ViewState, type Zoom } from "../dashboard/viewState.js";

export interface UnitViewState extends Pick<ViewState, "zoom" | "logarithmic" | "open"> {
  /** Of the run; the host brings the page back by it. */
  folder: string;
  /** As the host told it, who checks it again. */
  trail: UnitTrail | null;
}

export class UnitView implements ChartView {
  private kept: UnitViewState;

  /**
   * @param kept what was remembered, if anything
   * @param changed something was chosen: draw, and remember
   */
  constructor(
    kept: unknown,
    private readonly changed: () => void,
  ) {
    const { folder, zoom, logarithmic, open } = restoreViewState(kept);
    this.kept = { folder, zoom, logarithmic, open, trail: (kept as Partial<UnitViewState> | undefined)?.trail ?? null };
  }

  get state(): Readonly<UnitViewState> {
    return this.kept;
  }

  /** Which unit is shown. */
  setTrail(folder: string, trail: UnitTrail): void {
    if (this.kept.folder === folder && JSON.stringify(this.kept.trail) === JSON.stringify(trail)) return;
    this.change({ folder, trail });
  }

  setZoom(zoom: Zoom | null): void {
    this.change({ zoom });
  }

  setLogarithmic(chart: string, on: boolean): void {
    this.change({ logarithmic: { ...this.kept.logarithmic, [chart]: on } });
  }

  isOpen(section: string): boolean {
    return this.kept.open.includes(section);
  }

  setOpen(section: string, open: boolean): void {
    if (this.isOpen(section) === open) return;
    const others = this.kept.open.filter((name) => name !== section);
    this.change({ open: open ? [...others, section] : others });
  }

  private change(change: Partial<UnitViewState>): void {
    this.kept = { ...this.kept, ...change };
    this.changed();
  }
}
