/** What the histograms of a layer show: firing frequency, mean activation, active units per example. */
import type { LayerFigures } from "../../../src/common/metrics.js";
import type { Cell } from "../../shared/csv.js";
import { t } from "../../shared/l10n.js";
import { counted, epochNumber, integer, percent, powerOfTen, significant, smallPercent } from "../../shared/numbers.js";
import type { Theme } from "../../shared/theme.js";
import type { Bar, BarLook } from "../bars/barChart.js";
import type { BarPanelContent } from "../bars/barPanel.js";
import { layerStyle } from "../charts/seriesStyle.js";
import { setWords } from "../wording.js";
import { binAt, binCounts, binValues, roundMarks } from "./evenBins.js";
import { binFrequencies, frequencyBinCount, frequencyRange } from "./frequencyBins.js";
import { deadUnits, listed, listedByMean } from "./listedUnits.js";
import { cssColour, rampColour, rampFor } from "./ramp.js";
import { decades } from "./unitKinds.js";
import type { UnitPicture } from "./unitPicture.js";

const valueBins = 32;
const exampleBins = 48;

/** @param stepsPerEpoch null where it is not known */
export function frequencyContent(picture: UnitPicture, theme: Theme, stepsPerEpoch: number | null): BarPanelContent {
  const { figures, evaluation, layer, rareDefined } = picture;
  const { dead, rare, bins, binOf } = binFrequencies(figures.firingFrequency, picture, evaluation.n, rareDefined);
  const ramp = rampFor(theme.surface);
  const leading: BarPanelContent["leading"] = [
    {
      name: t("dead"),
      count: dead,
      fill: theme.alarm,
      words: t("{0} dead", integer(dead)),
      units: () => deadUnits(picture, stepsPerEpoch),
    },
  ];
  if (rare !== null)
    leading.push({
      name: t("rare"),
      count: rare,
      fill: "dashed",
      words: t("{0} rare", integer(rare)),
      units: () => listed(picture, (unit) => picture.kinds[unit] === "rare"),
    });
  const bars = evenBars(bins, (count, bin) => ({
    fill: cssColour(rampColour(ramp, (bin + 0.5) / frequencyBinCount)),
    words: picture.positions
      ? t("{0} on {1} of positions", counted(count, "{0} unit fires", "{0} units fire"), frequencyWords(bin))
      : t("{0} on {1} of examples", counted(count, "{0} unit fires", "{0} units fire"), frequencyWords(bin)),
    units: () => listed(picture, (unit) => binOf[unit] === bin),
  }));
  const marks = Array.from({ length: decades + 1 }, (_, decade) => ({
    at: decade / decades,
    text: powerOfTen(decade - decades),
  }));
  const title = t("Firing frequency, layer {0}", layer.layer);
  return {
    title,
    caption: picture.positions
      ? t("units by the share of positions they fire on, {0}", whenWords(picture))
      : t("units by the share of examples they fire on, {0}", whenWords(picture)),
    summary: `${title}: ${[t("{0} dead", dead), rare === null ? "" : t("{0} rare", rare)].filter(Boolean).join(", ")}`,
    leading,
    bars,
    marks,
    lines: [],
    table: () => ({
      columns: [t("Fires on"), t("From"), t("To"), t("Units")],
      rows: [
        [text(t("dead")), percentCell(0), percentCell(0), countCell(dead)],
        ...(rare === null ? [] : [[text(t("rare")), none, none, countCell(rare)]]),
        ...bins.map((count, bin) => {
          const [from, to] = frequencyRange(bin);
          return [text(frequencyWords(bin)), percentCell(from), percentCell(to), countCell(count)];
        }),
      ],
    }),
  };
}

/** For units that have no exact zeros, and so no firing frequency. */
export function meanContent(picture: UnitPicture, theme: Theme): BarPanelContent {
  const { layer, units, figures } = picture;
  const found = binValues(figures.meanActivation, valueBins);
  const { low, high, counts } = found ?? { low: 0, high: 1, counts: [] };
  const width = (high - low) / Math.max(1, counts.length);
  const range = (bin: number) => `${significant(low + bin * width)} … ${significant(low + (bin + 1) * width)}`;
  const title = t("Mean activation, layer {0}", layer.layer);
  return {
    title,
    caption: t("units by their mean output, {0}", whenWords(picture)),
    summary: `${title}: ${counted(units, "{0} unit", "{0} units")}, ${significant(low)} … ${significant(high)}`,
    leading: [],
    bars: evenBars(counts, (count, bin) => ({
      fill: layerStyle(layer.layer, theme).stroke,
      words: t("{0} from {1}", counted(count, "{0} unit", "{0} units"), range(bin)),
      units: () =>
        listedByMean(picture, (unit) => found !== null && binAt(figures.meanActivation[unit] as number, found) === bin),
    })),
    marks: roundMarks(low, high, 6).map((value) => ({ at: (value - low) / (high - low), text: significant(value) })),
    lines: [],
    table: () => ({
      columns: [t("From"), t("To"), t("Units")],
      rows: counts.map((count, bin) => [
        numberCell(low + bin * width),
        numberCell(low + (bin + 1) * width),
        countCell(count),
      ]),
    }),
  };
}

export function activeContent(
  picture: UnitPicture,
  active: LayerFigures["activeUnits"],
  theme: Theme,
): BarPanelContent {
  const { layer, units, evaluation } = picture;
  const found = binCounts(picture.figures.activeUnits, exampleBins);
  const { low, high, width, counts } = found ?? { low: 0, high: 1, width: 1, counts: [] };
  const range = (bin: number) => {
    const from = low + bin * width;
    return width === 1 ? integer(from) : `${integer(from)}–${integer(from + width - 1)}`;
  };
  const place = (value: number) => (value + 0.5 - low) / (high - low);
  const quantiles = active
    ? ([["10 %", active.p10] as const, ["50 %", active.p50], ["90 %", active.p90]] as const)
    : [];
  const title = picture.positions
    ? t("Active units per position, layer {0}", layer.layer)
    : t("Active units per example, layer {0}", layer.layer);
  return {
    title,
    caption: t("of {0}, {1}", counted(units, "{0} unit", "{0} units"), whenWords(picture)),
    summary: `${title}: ${quantiles.map(([share, value]) => `${share} ≤ ${integer(value)}`).join(", ")}`,
    leading: [],
    bars: evenBars(counts, (count, bin) => ({
      fill: layerStyle(layer.layer, theme).stroke,
      words: t(
        "{0} with {1} active units",
        picture.positions
          ? counted(count, "{0} position", "{0} positions")
          : counted(count, "{0} example", "{0} examples"),
        range(bin),
      ),
    })),
    marks: roundMarks(low, high - 1, 7)
      .filter(Number.isInteger)
      .map((value) => ({ at: place(value), text: integer(value) })),
    lines: quantiles.map(([share, value]) => ({ at: place(value), text: `${share} ${integer(value)}` })),
    table: () => ({
      columns: [t("Active units"), picture.positions ? t("Positions") : t("Examples"), t("Share")],
      rows: counts.map((count, bin) => [
        { text: range(bin), value: width === 1 ? low + bin : range(bin) },
        countCell(count),
        { text: percent(count / evaluation.n, 1), value: count / evaluation.n },
      ]),
    }),
  };
}

/** Bars that share the scale evenly. */
function evenBars(counts: readonly number[], look: (count: number, bin: number) => Omit<BarLook, "count">): Bar[] {
  return counts.map((count, bin) => ({
    from: bin / counts.length,
    to: (bin + 1) / counts.length,
    count,
    ...look(count, bin),
  }));
}

/** "validation, epoch 9"; of a probe "validation" */
function whenWords({ evaluation }: UnitPicture): string {
  if (evaluation.epoch === undefined) return setWords[evaluation.set];
  return t("{0}, epoch {1}", setWords[evaluation.set], epochNumber(evaluation.epoch));
}

function frequencyWords(bin: number): string {
  const [from, to] = frequencyRange(bin);
  return `${smallPercent(from)} – ${smallPercent(to)}`;
}

const none: Cell = { text: "", value: null };

function text(words: string): Cell {
  return { text: words, value: words };
}

function countCell(count: number): Cell {
  return { text: integer(count), value: count };
}

function numberCell(value: number): Cell {
  return { text: significant(value), value };
}

function percentCell(share: number): Cell {
  return { text: smallPercent(share), value: share };
}
