/** What is known of a hidden layer, as a hover shows it: its figures, how they came about, and the ways to more. */
import * as vscode from "vscode";
import { percent } from "../../common/format.js";
import type { EvalLine } from "../../common/run.js";
import { hasExactZeros } from "../../common/units.js";
import type { LastRun } from "../runs/lastRuns.js";
import { quietestUnit } from "../runs/quietestUnit.js";
import { uiLanguage } from "../uiLanguage.js";
import { commandUri, linkedCommands } from "./commandLink.js";
import { type Curve, type CurveLook, curvesSvg, svgAddress } from "./figureCurves.js";
import { figureRows, measuredOn } from "./layerWords.js";
import { hiddenLayersOf } from "./runOfText.js";

/** @param layer from 1 */
export async function layerMarkdown(last: LastRun, layer: number): Promise<vscode.MarkdownString | undefined> {
  const { folder, run, evaluations } = last;
  const shape = hiddenLayersOf(run)[layer - 1];
  const evaluation = evaluations.at(-1);
  const figures = evaluation?.layers[layer - 1];
  if (!shape || !evaluation || !figures) return undefined;
  const words = new vscode.MarkdownString("", true);
  words.supportHtml = true;
  words.isTrusted = { enabledCommands: linkedCommands };
  words.appendMarkdown(`**${vscode.l10n.t("Hidden layer {0}", layer)}** · `);
  words.appendText(`${run.name} · ${measuredOn(evaluation, uiLanguage)}`).appendMarkdown("\n\n");
  const curves = curvesOf(evaluations, layer, shape.units);
  if (curves.length > 0) {
    const picture = svgAddress(curvesSvg(curves, curveLook()));
    const alt = vscode.l10n.t("Development over {0} evaluations", evaluations.length);
    words.appendMarkdown(`![${alt}](${picture})\n\n`);
  }
  words.appendMarkdown("| | |\n|:--|:--|\n");
  for (const { label, text, value } of figureRows(figures, shape.units, uiLanguage))
    words.appendMarkdown(`| <span title="${escaped(text)}">${escaped(label)}</span> | ${escaped(value)} |\n`);
  words.appendMarkdown("\n");
  const dashboard = commandUri("rectiscope.openRun", folder, layer);
  words.appendMarkdown(`[$(graph-line) ${vscode.l10n.t("Open Dashboard")}](${dashboard})`);
  const quiet = hasExactZeros(shape.activation) ? await quietestUnit(folder, evaluation.step, layer) : null;
  if (quiet) {
    const { unit, dead } = quiet;
    const title = dead
      ? vscode.l10n.t("Open Dead Unit {0}", unit)
      : vscode.l10n.t("Open Unit {0}, Which Fires Least", unit);
    words.appendMarkdown(` &nbsp; [$(search) ${title}](${commandUri("rectiscope.openUnit", folder, layer, unit)})`);
  }
  return words;
}

function curvesOf(evaluations: readonly EvalLine[], layer: number, units: number): Curve[] {
  if (evaluations.length < 2) return [];
  const { t, locale } = uiLanguage;
  const colours = curveColours();
  const figures = evaluations.flatMap(({ layers }) => layers[layer - 1] ?? []);
  const add = (label: string, values: (number | null)[], colour: string, dashed: boolean): Curve[] => {
    const known = values.filter((value) => value !== null);
    if (known.length < values.length) return [];
    const [high, low] = [Math.max(...known), Math.min(...known)].map((value) => percent(value, 1, locale));
    return [{ label, values: known, high: high as string, low: low as string, colour, dashed }];
  };
  return [
    ...add(
      t("Sparsity"),
      figures.map(({ sparsity }) => sparsity),
      colours.calm,
      false,
    ),
    ...add(
      t("Near zero"),
      figures.map(({ nearZero }) => nearZero),
      colours.calm,
      false,
    ),
    ...add(
      t("Dead"),
      figures.map(({ dead }) => (dead === null ? null : dead / units)),
      colours.alarm,
      true,
    ),
  ];
}

/** VS Code's own colours of charts, text and lines: a picture cannot ask for them. */
function themed<T>(dark: T, light: T, contrastDark: T, contrastLight: T): T {
  switch (vscode.window.activeColorTheme.kind) {
    case vscode.ColorThemeKind.Light:
      return light;
    case vscode.ColorThemeKind.HighContrast:
      return contrastDark;
    case vscode.ColorThemeKind.HighContrastLight:
      return contrastLight;
    default:
      return dark;
  }
}

function curveLook(): CurveLook {
  return themed(
    { text: "#cccccc", rule: "#80808066" },
    { text: "#3b3b3b", rule: "#80808066" },
    { text: "#ffffff", rule: "#ffffff" },
    { text: "#292929", rule: "#292929" },
  );
}

function curveColours(): { calm: string; alarm: string } {
  return themed(
    { calm: "#59a4f9", alarm: "#f14c4c" },
    { calm: "#0063d3", alarm: "#c72e0f" },
    { calm: "#59c9ff", alarm: "#ff8080" },
    { calm: "#0f4a85", alarm: "#b5200d" },
  );
}

/** For a cell of a table that may hold HTML. */
function escaped(text: string): string {
  return text.replace(/[&<>"|\\`*_[\]$]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
