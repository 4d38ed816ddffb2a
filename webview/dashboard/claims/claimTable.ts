/** The figures behind each claim, as rows of a small table: most of them with a bar beside the number. */
import type { ActiveCounts, Claim, Deviation } from "../../../src/common/claims.js";
import { t } from "../../shared/l10n.js";
import { compact, integer, percent, significant } from "../../shared/numbers.js";

export interface ClaimCell {
  text: string;
  /** The raw figure. */
  value: number;
  /** Length of its bar, from 0 to 1; none without. */
  bar?: number;
}

export interface ClaimRow {
  name: string;
  cells: ClaimCell[];
  /** Drawn after the cells. */
  histogram?: ActiveCounts["histogram"];
}

export interface ClaimTable {
  /** Of the cells; the histogram's, where there is one, last. */
  columns: string[];
  rows: ClaimRow[];
}

export function claimTable(claim: Exclude<Claim, { verdict: "notApplicable" }>): ClaimTable {
  switch (claim.claim) {
    case "zerosAtStart":
      return { columns: [t("Zeros")], rows: layerRows(claim.figures.layers, (share) => [shareCell(share)]) };
    case "linearity":
      return deviationTable([
        [t("Double precision"), claim.figures.double],
        [t("Engine"), claim.figures.engine],
      ]);
    case "patterns": {
      const { distinct, layers, n } = claim.figures;
      const cells = (count: number): ClaimCell[] => [{ text: integer(count), value: count, bar: count / n }];
      return {
        columns: [t("Distinct patterns")],
        rows: [...layerRows(layers, cells), { name: t("All layers"), cells: cells(distinct) }],
      };
    }
    case "gradients": {
      const { layers } = claim.figures;
      const kinds = ["trained", "start", "tanh"] as const;
      const most = kinds.map((kind) => Math.max(...layers.map((layer) => layer[kind])) || 1);
      return {
        columns: [t("As trained"), t("At the start"), t("With tanh")],
        rows: layerRows(layers, (layer) => kinds.map((kind, k) => normCell(layer[kind], most[k]!))),
      };
    }
    case "overlap": {
      const { layers, all } = claim.figures;
      const cells = ({ near, within, between }: typeof all) => [near, within, between].map(shareCell);
      return {
        columns: [t("Small change"), t("Same class"), t("Other class")],
        rows: [...layerRows(layers, cells), { name: t("All layers"), cells: cells(all) }],
      };
    }
    case "activeUnits":
      return {
        columns: [t("Mean"), t("10–90 %"), t("Examples by active units")],
        rows: layerRows(claim.figures.layers, ({ mean, p10, p90 }) => [
          { text: significant(mean), value: mean },
          { text: `${integer(p10)}–${integer(p90)}`, value: p90 - p10 },
        ]).map((row, l) => ({ ...row, histogram: claim.figures.layers[l]!.histogram })),
      };
    case "separability": {
      const { inputs, layers, network } = claim.figures;
      const most = Math.max(inputs, network, ...layers) || 1;
      const cells = (error: number): ClaimCell[] => [{ text: percent(error, 2), value: error, bar: error / most }];
      return {
        columns: [t("Error")],
        rows: [
          { name: t("Inputs"), cells: cells(inputs) },
          ...layerRows(layers, cells),
          { name: t("The network"), cells: cells(network) },
        ],
      };
    }
    case "meanActivation": {
      const { layers } = claim.figures;
      const most = Math.max(...layers.map(({ unmasked }) => unmasked)) || 1;
      return {
        columns: [t("With the mask"), t("Without")],
        rows: layerRows(layers, ({ masked, unmasked }) =>
          [masked, unmasked].map((value) => ({
            text: compact(value),
            value,
            bar: Math.min(1, Math.abs(value) / most),
          })),
        ),
      };
    }
    case "rescaling": {
      const { identity, scaled, factor, engine } = claim.figures;
      return deviationTable([
        [t("Product 1"), identity],
        [t("Product {0}", significant(1 / factor)), scaled],
        [t("Powers of two, engine"), engine],
      ]);
    }
  }
}

function deviationTable(rows: [name: string, deviation: Deviation][]): ClaimTable {
  return {
    columns: [t("Largest difference"), t("Of rounding")],
    rows: rows.map(([name, { largest, ofRounding }]) => ({
      name,
      cells: [
        { text: compact(largest), value: largest },
        { text: ofRounding > 100 ? "> 10,000 %" : `${significant(100 * ofRounding)} %`, value: ofRounding },
      ],
    })),
  };
}

function layerRows<T>(layers: readonly T[], cells: (layer: T) => ClaimCell[]): ClaimRow[] {
  return layers.map((layer, l) => ({ name: t("Layer {0}", l + 1), cells: cells(layer) }));
}

function shareCell(share: number): ClaimCell {
  return { text: percent(share, 1), value: share, bar: share };
}

function normCell(norm: number, most: number): ClaimCell {
  return { text: compact(norm), value: norm, bar: norm / most };
}
