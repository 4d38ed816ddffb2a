/** How a layer looks, the same in every chart and in the table: hue and dashes both tell it. */
import type { Theme } from "../../shared/theme.js";

const dashes = [[], [6, 3], [2, 3], [8, 3, 2, 3]];

export interface SeriesStyle {
  stroke: string;
  dash: number[];
}

/** Five hues and four patterns have no common factor: twenty layers look like twenty. @param layer 1-based */
export function layerStyle(layer: number, theme: Theme): SeriesStyle {
  return {
    stroke: theme.hues[(layer - 1) % theme.hues.length] ?? theme.foreground,
    dash: dashes[(layer - 1) % dashes.length] ?? [],
  };
}
