/** Which file, what it is, how far it has been read, and what can be done. */
import type { InspectorAction } from "../../src/common/inspectorMessages.js";
import { printable } from "../../src/common/printable.js";
import { ButtonBar } from "../shared/buttonBar.js";
import { element, setText, setValue } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { counted, percent } from "../shared/numbers.js";
import type { InspectorModel } from "./model.js";
import { bytesText, fileName } from "./wording.js";

/** In the toolbar; some are the page's own. */
export type HeaderAction = InspectorAction | "swap" | "showProbe" | "showTensors";

export class Header {
  readonly root: HTMLElement;
  private readonly name = element("h1");
  private readonly recipe = element("p", { class: "recipe" });
  private readonly bar: ButtonBar<HeaderAction>;
  private readonly done = element("div", { class: "progress-done" });
  private readonly progress = element(
    "div",
    {
      class: "progress",
      data: { field: "progress" },
      attributes: { role: "progressbar", "aria-label": t("Reading"), "aria-valuemin": "0", "aria-valuemax": "100" },
    },
    this.done,
  );
  private readonly reached = element("span", { data: { field: "reached" } });

  constructor(act: (action: HeaderAction) => Promise<void>) {
    this.bar = new ButtonBar<HeaderAction>(t("Model file"), buttons(), act);
    this.root = element(
      "header",
      { class: "inspector-header" },
      element("div", { class: "title-row" }, element("div", { class: "title" }, this.name), this.bar.root),
      this.recipe,
      this.progress,
      element("p", { class: "progress-line" }, this.reached),
    );
  }

  /** @param probing whether the probe stands in the place of the tensors */
  render(model: InspectorModel, swapped: boolean, probing: boolean): void {
    const files = swapped ? [...model.files].reverse() : model.files;
    const title = files.map(fileName).join(" → ");
    setText(this.name, title);
    this.name.title = files.map(printable).join("\n");
    this.bar.render(actionsOf(model, probing));
    setText(this.recipe, recipeOf(model, swapped));
    const { progress } = model;
    const state = progress?.state ?? "opening";
    const reading = progress !== null && (state === "reading" || state === "cancelled");
    this.progress.hidden = !reading;
    this.reached.parentElement!.hidden = !reading;
    setValue(this.root, model.error ? "failed" : state);
    if (!reading || !progress) return;
    const share = progress.totalBytes > 0 ? progress.readBytes / progress.totalBytes : 0;
    this.progress.dataset.state = state === "reading" ? "running" : "stopped";
    this.progress.setAttribute("aria-valuenow", String(Math.floor(100 * share)));
    this.done.style.width = `${100 * share}%`;
    const tensors = model.sides.reduce((sum, side) => sum + side.tensors.length, 0);
    const known = model.sides.reduce((sum, side) => sum + side.counted, 0);
    const counting =
      known < tensors
        ? t("figures of {0} of {1}", String(known), counted(tensors, "{0} tensor", "{0} tensors"))
        : t("looking for dead units");
    const parts = [
      counting,
      t("{0} of {1}", bytesText(progress.readBytes), bytesText(progress.totalBytes)),
      percent(share, 0),
    ];
    if (state === "cancelled") parts.unshift(t("cancelled"));
    setText(this.reached, parts.join(" · "));
  }
}

/** "ONNX · 24 tensors · 3 layers · 4.2 MB"; of two files both. */
function recipeOf({ sides }: InspectorModel, swapped: boolean): string {
  const known = sides.map(({ opened }) =>
    [
      opened.format,
      counted(opened.tensors, "{0} tensor", "{0} tensors"),
      ...(opened.layers > 0 ? [counted(opened.layers, "{0} layer", "{0} layers")] : []),
      bytesText(opened.fileBytes),
    ].join(" · "),
  );
  return (swapped ? known.reverse() : known).join("   →   ");
}

function actionsOf({ progress, comparing, error }: InspectorModel, probing: boolean): Set<HeaderAction> {
  const actions = new Set<HeaderAction>(["reload", "copyPath"]);
  if (comparing) actions.add("swap");
  else if (!error) actions.add("compareWith").add(probing ? "showTensors" : "showProbe");
  if (error) return actions;
  if (progress?.state === "reading") actions.add("cancel");
  if (progress?.state === "cancelled") actions.add("goOn");
  return actions;
}

function buttons() {
  return [
    {
      action: "cancel",
      label: t("Cancel"),
      icon: "debug-stop",
      tooltip: t("Stop reading; the figures that are there stay"),
      primary: true,
      pending: t("Cancelling…"),
    },
    {
      action: "goOn",
      label: t("Go on"),
      icon: "debug-continue",
      tooltip: t("Read the tensors that are left"),
      primary: true,
    },
    {
      action: "swap",
      label: t("Swap"),
      icon: "arrow-swap",
      tooltip: t("Take the other file for the earlier one"),
    },
    {
      action: "showProbe",
      label: t("Probe…"),
      icon: "pulse",
      tooltip: t("Run a data set through the model, and see what its units do"),
    },
    {
      action: "showTensors",
      label: t("Tensors"),
      icon: "list-flat",
      tooltip: t("Back to what is in the file"),
    },
    {
      action: "compareWith",
      label: t("Compare with…"),
      icon: "compare-changes",
      tooltip: t("Show what is different in another model file"),
    },
    { action: "reload", label: t("Read again"), icon: "refresh", tooltip: t("Read the file again") },
    { action: "copyPath", label: t("Copy path"), icon: "copy", tooltip: t("Copy path"), iconOnly: true },
  ] as const;
}
