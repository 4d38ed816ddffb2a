/** Why a dead unit died: the cause, the evidence in figures and in words, and what would mend it. */
import { deathWords } from "../../src/common/deathWords.js";
import type { RevealedKey } from "../../src/common/unitPage.js";
import type { Change, Death, MendKey } from "../../src/common/unitReport.js";
import { element, icon } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { epochNumber, integer, language, percent, significant } from "../shared/numbers.js";
import { momentText, signed } from "./wording.js";

interface Figure {
  label: string;
  value: string;
}

export class CauseCard {
  readonly root = element("section", {
    class: "cause",
    data: { field: "cause" },
    attributes: { "aria-label": t("Cause of death") },
  });
  private shown = "";

  /** @param reveal opens the config at a key */
  constructor(private readonly reveal: (key: RevealedKey) => void) {}

  /** @param death null of a living unit @param config there is a config to open */
  render(death: Death | null, config: boolean): void {
    this.root.hidden = death === null;
    const key = JSON.stringify([death, config]);
    if (!death || key === this.shown) return;
    this.shown = key;
    this.root.dataset.value = death.cause;
    const words = deathWords(death, language);
    const figures = figuresOf(death).map(({ label, value }) =>
      element("div", {}, element("dt", {}, label), element("dd", {}, value)),
    );
    const mark = icon(death.cause === "unknown" ? "question" : "search");
    this.root.replaceChildren(
      element(
        "div",
        { class: "cause-head" },
        element("span", { class: "cause-name" }, mark, element("h2", {}, t("Cause of death"))),
        element("span", { class: "caption" }, sinceText(death)),
      ),
      element("p", { class: "cause-title" }, words.title),
      element("p", { class: "cause-evidence" }, words.evidence),
      ...(figures.length > 0 ? [element("dl", { class: "cause-figures" }, ...figures)] : []),
      ...this.mends(death, words.mend, config),
    );
  }

  private mends({ mend }: Death, words: readonly string[], config: boolean): HTMLElement[] {
    if (mend.length === 0) return [];
    const lines = mend.map(({ key }, k) => {
      const line = element("li", {}, words[k] ?? "");
      if (config && inConfig(key)) line.append(" ", this.link(key));
      return line;
    });
    return [
      element(
        "div",
        { class: "cause-mend" },
        element("h3", {}, t("What would mend it")),
        element("ol", { attributes: { "aria-label": t("What would mend it") } }, ...lines),
      ),
    ];
  }

  private link(key: RevealedKey): HTMLElement {
    const button = element(
      "button",
      { class: "link-button", attributes: { type: "button" }, data: { action: "revealKey", key } },
      t("Open {0} in the config", key),
    );
    button.addEventListener("click", () => this.reveal(key));
    return button;
  }
}

function inConfig(key: MendKey): key is RevealedKey {
  return key !== "layerBelow";
}

function sinceText({ lastFired, since }: Death): string {
  if (!lastFired) return t("never fired in training");
  const last = t("last fired at {0}", momentText(lastFired));
  return `${last} · ${t("dead at every evaluation since epoch {0}", epochNumber(since.epoch))}`;
}

function figuresOf(death: Death): Figure[] {
  const { cause, evidence } = death;
  switch (cause) {
    case "neverAlive":
      return [
        { label: t("training steps"), value: integer(evidence.steps) },
        { label: t("evaluations"), value: integer(evidence.evaluations) },
        { label: t("bias at first"), value: signed(evidence.bias) },
        { label: t("‖w‖ in at first"), value: significant(evidence.incomingNorm) },
      ];
    case "largeUpdate":
      return [
        { label: t("at"), value: t("step {0}", integer(evidence.at.step)) },
        { label: t("update ‖Δ‖"), value: significant(evidence.update) },
        { label: t("of its ‖w‖"), value: percent(evidence.ofNorm, 0) },
        { label: t("of a typical largest update"), value: times(evidence.ofTypical) },
        { label: t("fired before on"), value: percent(evidence.firingFrequency, 1) },
      ];
    case "biasDriven":
      return [
        { label: t("bias"), value: change(evidence.bias) },
        { label: t("‖w‖ in"), value: change(evidence.incomingNorm) },
        { label: t("largest |h| before"), value: significant(evidence.maximum) },
        ...pull(evidence.pull),
      ];
    case "decayed":
      return [
        { label: t("largest weighted sum"), value: change(evidence.drive) },
        { label: t("‖w‖ in"), value: change(evidence.incomingNorm) },
        { label: t("bias"), value: change(evidence.bias) },
        { label: t("L1 penalty λ"), value: significant(evidence.l1) },
      ];
    case "deadInputs":
      return [
        { label: t("exciting weights from dead units"), value: percent(evidence.share, 1) },
        {
          label: t("dead in layer {0}", evidence.layer),
          value: t("{0} of {1}", integer(evidence.dead), integer(evidence.units)),
        },
        { label: t("bias"), value: signed(evidence.bias) },
      ];
    case "unknown":
      return [
        ...(evidence.bias ? [{ label: t("bias"), value: change(evidence.bias) }] : []),
        ...(evidence.incomingNorm ? [{ label: t("‖w‖ in"), value: change(evidence.incomingNorm) }] : []),
        ...(evidence.update
          ? [
              {
                label: t("largest update"),
                value: t("{0} at {1}", significant(evidence.update.size), momentText(evidence.update.at)),
              },
            ]
          : []),
      ];
  }
}

/** By the L1 penalty alone, where there is one. */
function pull(by: number | null): Figure[] {
  return by === null ? [] : [{ label: t("bias moved by L1 alone, about"), value: signed(by) }];
}

/** "0.12 → −3.4" */
function change({ from, to }: Change): string {
  return `${signed(from)} → ${signed(to)}`;
}

/** "12 ×" */
function times(factor: number): string {
  return `${significant(factor)} ×`;
}
