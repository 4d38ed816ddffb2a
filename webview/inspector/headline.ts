/** The figures that matter first, and what they count. */
import { nearZeroEpsilon } from "../../src/common/metrics.js";
import { type TensorFigures, type TensorRole, weightSparsity } from "../../src/common/tensors.js";
import { element, setText } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { counted, integer, noFigure, percent } from "../shared/numbers.js";
import { Tile } from "../shared/tile.js";
import { isDifferent } from "./columns.js";
import { comparedLegend, countMarks, deadLegend, type LayerMarks } from "./layerMarks.js";
import type { InspectorModel, SideModel } from "./model.js";
import { bytesText } from "./wording.js";

interface Figure {
  /** What programs find it by. */
  field: string;
  label: string;
  text: string;
  value: number | null;
  notes: string[];
  title: string;
}

export class Headline {
  readonly root: HTMLElement;
  private readonly tiles = element("dl", {
    class: "tiles tiles-inspector",
    attributes: { "aria-label": t("Key figures") },
  });
  private readonly made = Array.from({ length: 4 }, () => new Tile("", ""));
  private readonly sentence = element("p", { class: "note counts-note", data: { field: "counts" } });

  constructor() {
    this.root = element("div", {}, this.tiles, this.sentence);
    this.tiles.append(...this.made.map(({ root }) => root));
  }

  render(model: InspectorModel, swapped: boolean, layers: readonly LayerMarks[]): void {
    const figures = model.comparing ? comparedFigures(model, swapped, layers) : figuresOf(model.sides[0]!, layers);
    this.made.forEach((tile, i) => {
      const { field, title, label, value, text, notes } = figures[i]!;
      tile.define(field, title);
      tile.show(label, value, text, notes);
    });
    setText(this.sentence, sentenceOf(model));
  }
}

const sparsityTitle = () =>
  t("Zeros ÷ elements over the tensors that count: matrices and kernels, whose zeros an engine could skip.");

function figuresOf(side: SideModel, layers: readonly LayerMarks[]): Figure[] {
  const { tensors, counted: known } = side;
  const total = weightSparsity(tensors);
  const soFar = known < tensors.length ? [t("so far")] : [];
  const near = sumOf(tensors, ({ nearZero }) => nearZero);
  const groups = weights(tensors).flatMap(({ figures }) => (figures?.groupsOfFour ? [figures.groupsOfFour] : []));
  const allGroups = sum(groups.map(sum));
  const sparseGroups = sum(groups.map((byZeros) => sum(byZeros.slice(2))));
  return [
    {
      field: "weight-sparsity",
      label: t("Weight sparsity"),
      text: total.share === null ? noFigure : percent(total.share, 2),
      value: total.share,
      notes: [t("{0} zeros of {1}", integer(total.zeros), integer(total.elements)), ...soFar],
      title: sparsityTitle(),
    },
    {
      field: "near-zero",
      label: t("Weights near zero"),
      text: total.elements > 0 ? percent(near / total.elements, 2) : noFigure,
      value: total.elements > 0 ? near / total.elements : null,
      notes: [t("|w| < {0}, zeros included", nearZeroEpsilon), ...soFar],
      title: t("Near zero, zeros included; never called sparsity"),
    },
    {
      field: "pairs",
      label: t("2:4 groups"),
      text: allGroups > 0 ? percent(sparseGroups / allGroups, 1) : noFigure,
      value: allGroups > 0 ? sparseGroups / allGroups : null,
      notes: [
        allGroups > 0 ? t("of {0} groups of four weights", integer(allGroups)) : t("the input axis is not known"),
      ],
      title: t(
        "Share of groups of four weights along the input axis with at least two zeros; only where the input axis is known",
      ),
    },
    deadFigure(layers),
  ];
}

function deadFigure(layers: readonly LayerMarks[]): Figure {
  const known = layers.filter(({ marks }) => marks);
  const units = sum(known.map(({ layer }) => layer.units));
  const dead = sum(known.map(({ marks }) => countMarks(marks!, deadLegend)[0]!));
  const awaited = layers.some(({ marks }) => marks === undefined);
  return {
    field: "structurally-dead",
    label: t("Structurally dead"),
    text: known.length > 0 ? integer(dead) : noFigure,
    value: known.length > 0 ? dead : null,
    notes: [
      known.length > 0
        ? t("of {0} in {1}", counted(units, "{0} unit", "{0} units"), counted(known.length, "{0} layer", "{0} layers"))
        : awaited
          ? t("after the figures")
          : t("no rectifier layer recognised"),
    ],
    title: t("Units of rectifier layers that cannot fire, or that nothing reads, by the weights alone"),
  };
}

function comparedFigures(model: InspectorModel, swapped: boolean, layers: readonly LayerMarks[]): Figure[] {
  const [first, second] = model.ordered(swapped).map(({ tensors }) => weightSparsity(tensors));
  const { rows } = model.comparison(swapped);
  const different = rows.filter(isDifferent).length;
  const known = layers.filter(({ marks }) => marks);
  const [died = 0, revived = 0, both = 0] = comparedLegend.map((_, m) =>
    sum(known.map(({ marks }) => countMarks(marks!, comparedLegend)[m]!)),
  );
  const share = (value: number | null | undefined) => (value == null ? noFigure : percent(value, 2));
  const unitsNote =
    known.length > 0 ? t("in {0}", counted(known.length, "{0} layer", "{0} layers")) : t("no rectifier layer in both");
  return [
    {
      field: "weight-sparsity",
      label: t("Weight sparsity"),
      text: `${share(first?.share)} → ${share(second?.share)}`,
      value: second?.share ?? null,
      notes: [`${integer(first?.zeros ?? 0)} → ${counted(second?.zeros ?? 0, "{0} zero", "{0} zeros")}`],
      title: sparsityTitle(),
    },
    {
      field: "different",
      label: t("Tensors that differ"),
      text: integer(different),
      value: different,
      notes: [t("of {0}", counted(rows.length, "{0} tensor", "{0} tensors"))],
      title: t("In shape, type, zeros or norm, or in one of the files only"),
    },
    {
      field: "died",
      label: t("Units that died"),
      text: known.length > 0 ? integer(died) : noFigure,
      value: known.length > 0 ? died : null,
      notes: [unitsNote],
      title: t("Structurally dead in the later file only"),
    },
    {
      field: "came-back",
      label: t("Units that came back"),
      text: known.length > 0 ? integer(revived) : noFigure,
      value: known.length > 0 ? revived : null,
      notes: [known.length > 0 ? t("{0} dead in both", integer(both)) : unitsNote],
      title: t("Structurally dead in the earlier file only"),
    },
  ];
}

function sentenceOf({ comparing, sides }: InspectorModel): string {
  if (comparing)
    return t(
      "Tensors are compared by name: shape, type, zeros and norm. Values that differ in neither zeros nor norm look the same.",
    );
  const { tensors } = sides[0]!;
  const counting = tensors.filter(({ role }) => role === "weight");
  if (counting.length === 0)
    return t(
      "No tensor is recognised as weights, so there is no weight sparsity. The column Role says what each tensor is.",
    );
  const bytes = sum(counting.map(({ bytes: size }) => size));
  return t(
    "Weight sparsity counts {0} ({1}), in bold below. Biases, normalisations, embeddings, training state and all else do not count.",
    counted(counting.length, "{0} tensor of weights", "{0} tensors of weights"),
    bytesText(bytes),
  );
}

interface Counted {
  role: TensorRole;
  elements: number;
  figures: TensorFigures | null;
}

function weights<Row extends Counted>(rows: readonly Row[]): Row[] {
  return rows.filter(({ role, figures }) => role === "weight" && figures?.counted);
}

function sumOf(rows: readonly Counted[], of: (figures: TensorFigures) => number): number {
  return sum(weights(rows).map(({ figures }) => of(figures!)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
