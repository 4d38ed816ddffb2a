/** What the map's colours and marks mean, and how many units have each mark. */
import { definitions } from "../../../src/common/metrics.js";
import { element, setText } from "../../shared/dom.js";
import { t } from "../../shared/l10n.js";
import { integer, powerOfTen } from "../../shared/numbers.js";
import type { Theme } from "../../shared/theme.js";
import { paintMark, paintRamp } from "./mapPainter.js";
import { decades, type UnitKind } from "./unitKinds.js";
import type { UnitPicture } from "./unitPicture.js";

const markSize = 11;
interface Key {
  kind: UnitKind;
  words(count: string): string;
  text: string;
}

const keys: Key[] = [
  { kind: "dead", words: (count) => t("{0} dead", count), text: definitions.dead.text },
  { kind: "rare", words: (count) => t("{0} rare", count), text: definitions.rare.text },
  { kind: "alwaysOn", words: (count) => t("{0} always on", count), text: definitions.alwaysOn.text },
];

export class MapLegend {
  readonly root = element("div", { class: "legend" });
  private readonly ramp = element("canvas", { class: "ramp", attributes: { width: "150", height: "1" } });
  private readonly entries: (Omit<Key, "text"> & { root: HTMLElement; shown: HTMLElement })[] = [];
  private readonly marks = new Map<UnitKind, HTMLCanvasElement>();

  constructor(private theme: Theme) {
    const scale = element(
      "span",
      { class: "key", attributes: { title: t(definitions.firingFrequency.text) } },
      element("span", {}, powerOfTen(-decades)),
      this.ramp,
      element("span", {}, powerOfTen(0)),
      element("span", { class: "key-name" }, t("firing frequency")),
    );
    this.root.append(scale);
    for (const { kind, words, text } of keys) {
      const mark = element("canvas", { class: "mark", attributes: { "aria-hidden": "true" } });
      const shown = element("span");
      const root = element("span", { class: "key", attributes: { title: t(text) } }, mark, shown);
      this.marks.set(kind, mark);
      this.entries.push({ kind, words, root, shown });
      this.root.append(root);
    }
    this.paint();
  }

  render({ counts, rareDefined }: UnitPicture): void {
    for (const { kind, words, root, shown } of this.entries) {
      root.hidden = kind === "rare" && !rareDefined;
      setText(shown, words(integer(counts[kind])));
    }
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.paint();
  }

  private paint(): void {
    paintRamp(this.ramp, this.theme);
    const ratio = Math.max(1, window.devicePixelRatio || 1);
    const size = Math.round(markSize * ratio);
    for (const [kind, canvas] of this.marks) {
      canvas.width = size;
      canvas.height = size;
      const context = canvas.getContext("2d");
      if (context) paintMark(context, kind, 0, 0, size, this.theme);
    }
  }
}
