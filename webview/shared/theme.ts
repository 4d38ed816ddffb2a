/** VS Code's theme for what CSS cannot reach: colours and fonts that canvases draw with. */
import { legible } from "./contrast.js";

export interface Theme {
  /** Whether colours have to stand out from a dark or a light background. */
  surface: "dark" | "light";
  background: string;
  foreground: string;
  /** Text of lesser weight. */
  dim: string;
  /** Grid lines. */
  grid: string;
  gridDash: number[];
  /** Axes and crosshairs. */
  axis: string;
  accent: string;
  /** What calls for a look, such as dead units. */
  alarm: string;
  /** Hues of series, told apart by dash patterns as well. */
  hues: string[];
  fontFamily: string;
}

/** Where a theme's own chart colours do not stand out: some themes give a dark brown on black as orange. */
const ownHues = {
  dark: { blue: "#3794ff", orange: "#d18616", purple: "#b180d7", green: "#89d185", yellow: "#cca700" },
  light: { blue: "#1a85ff", orange: "#b5641b", purple: "#652d90", green: "#388a34", yellow: "#895503" },
};

export function readTheme(): Theme {
  const computed = getComputedStyle(document.documentElement);
  const token = (name: string, fallback: string) => computed.getPropertyValue(`--vscode-${name}`).trim() || fallback;
  const foreground = token("foreground", "#888888");
  const lines = token("charts-lines", foreground);
  // In high contrast the panel border is as loud as text; a faint dotted grid keeps the curves in front.
  const contrast = isHighContrast();
  const surface = isLight() ? "light" : "dark";
  const background = token("editor-background", surface === "light" ? "#ffffff" : "#000000");
  return {
    surface,
    background,
    foreground: token("charts-foreground", foreground),
    dim: token("descriptionForeground", foreground),
    grid: contrast ? lines : token("panel-border", lines),
    gridDash: contrast ? [1, 4] : [],
    axis: lines,
    accent: token("progressBar-background", token("charts-blue", foreground)),
    alarm: token("charts-red", token("errorForeground", foreground)),
    hues: Object.entries(ownHues[surface]).map(([hue, own]) =>
      legible(background, token(`charts-${hue}`, own), own, foreground),
    ),
    fontFamily: token("font-family", "sans-serif"),
  };
}

/** Calls back whenever VS Code has put another theme into the page. */
export function onThemeChange(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ["class"] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style", "class"] });
}

function isHighContrast(): boolean {
  const { classList } = document.body;
  return classList.contains("vscode-high-contrast") || classList.contains("vscode-high-contrast-light");
}

function isLight(): boolean {
  const { classList } = document.body;
  return classList.contains("vscode-light") || classList.contains("vscode-high-contrast-light");
}
