/** What the parts of the page need of the page. */
import type { View } from "./view.js";
import type { ViewState, Zoom } from "./viewState.js";

export interface Services extends ChartServices {
  view: View;
  /** Another page, about a unit. @param layer from 1 @param unit from 0 */
  openUnit(layer: number, unit: number): void;
}

/** What charts and tables need, on whatever page they are. */
export interface ChartServices {
  view: ChartView;
  /** Puts text on the clipboard; says so, or shows why it could not. */
  copy(text: string): Promise<boolean>;
  /** To screen readers, when they are quiet. */
  say(words: string): void;
}

/** How charts and tables are looked at. */
export interface ChartView {
  readonly state: Readonly<Pick<ViewState, "zoom" | "logarithmic">>;
  setZoom(zoom: Zoom | null): void;
  setLogarithmic(chart: string, on: boolean): void;
  isOpen(section: string): boolean;
  setOpen(section: string, open: boolean): void;
}
