/** The view state with its changes: every part of the page reads it here and changes it here. */
import {
  initialViewState,
  type MomentKey,
  restoreViewState,
  type UnitOrder,
  type ViewState,
  type Zoom,
} from "./viewState.js";

export class View {
  private kept: ViewState;

  /**
   * @param kept what was remembered, if anything
   * @param changed something was chosen: draw, and remember
   */
  constructor(
    kept: unknown,
    private readonly changed: () => void,
  ) {
    this.kept = restoreViewState(kept);
  }

  get state(): Readonly<ViewState> {
    return this.kept;
  }

  /** Choices belong to a run: another one starts without. */
  setFolder(folder: string): void {
    if (this.kept.folder === folder) return;
    this.kept = this.kept.folder === "" ? { ...this.kept, folder } : initialViewState(folder);
    this.changed();
  }

  setLayer(layer: number): void {
    this.change({ layer });
  }

  setSort(sort: UnitOrder): void {
    this.change({ sort });
  }

  setStep(step: MomentKey | null): void {
    this.change({ step });
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

  private change(change: Partial<ViewState>): void {
    this.kept = { ...this.kept, ...change };
    this.changed();
  }
}
