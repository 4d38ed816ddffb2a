/** What runs through the model: an experiment's data set, which part of it, and how many examples. */
import type { ProbeAsked, ProbeChoice, ProbeChoices } from "../../../src/common/inspectorMessages.js";
import { printable } from "../../../src/common/printable.js";
import { type SetName, setNames } from "../../../src/common/run.js";
import { setWords } from "../../dashboard/wording.js";
import { ButtonBar } from "../../shared/buttonBar.js";
import { element, setText } from "../../shared/dom.js";
import { t } from "../../shared/l10n.js";
import type { ProbeChoice as Chosen } from "../viewState.js";
import { configOf, countOf } from "./chosen.js";

export type ProbeAction = "run" | "cancel";

export class ProbeForm {
  readonly root: HTMLFormElement;
  private readonly experiment = element("select", { class: "picker", data: { field: "probe-config" } });
  private readonly set = element("select", { class: "picker", data: { field: "probe-set" } });
  private readonly count = element("input", {
    class: "filter probe-count",
    data: { field: "probe-n" },
    attributes: { type: "number", min: "1", step: "1", inputmode: "numeric", placeholder: t("all") },
  });
  private readonly problem = element("p", { class: "probe-problem", attributes: { role: "alert" } });
  private readonly bar: ButtonBar<ProbeAction>;
  private drawn: ProbeChoices | null = null;
  private chosen: Chosen | null = null;

  /**
   * @param choose what was chosen has changed
   * @param start rejects when it could not be done, after showing why
   */
  constructor(
    private readonly choose: (change: Partial<Chosen>) => void,
    browse: () => void,
    private readonly start: (asked: ProbeAsked) => Promise<void>,
    cancel: () => Promise<void>,
  ) {
    this.set.append(...setNames.map((name) => element("option", { attributes: { value: name } }, setWords[name])));
    const other = element("button", { class: "link-button", attributes: { type: "button" } }, t("Other…"));
    other.dataset.action = "browseExperiment";
    other.title = t("Choose an experiment file from anywhere");
    other.addEventListener("click", browse);
    this.bar = new ButtonBar<ProbeAction>(t("Probe"), buttons(), (action) =>
      action === "run" ? this.run() : cancel(),
    );
    this.experiment.addEventListener("change", () => choose({ config: this.experiment.value }));
    this.set.addEventListener("change", () => choose({ set: this.set.value as SetName }));
    this.count.addEventListener("input", () => choose({ n: this.count.value }));
    this.root = element(
      "form",
      { class: "probe-form", attributes: { novalidate: "" } },
      element("label", { class: "probe-field" }, element("span", {}, t("Data set of")), this.experiment),
      other,
      element("label", { class: "probe-field" }, element("span", {}, t("Set")), this.set),
      element("label", { class: "probe-field" }, element("span", {}, t("Examples")), this.count),
      this.bar.root,
      this.problem,
    );
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.run().catch(() => {});
    });
    this.problem.hidden = true;
  }

  render(choices: ProbeChoices, chosen: Chosen, running: boolean): void {
    this.chosen = chosen;
    if (choices !== this.drawn) this.offer(choices);
    const config = configOf(choices, chosen);
    if (config !== null && this.experiment.value !== config) this.experiment.value = config;
    if (this.set.value !== chosen.set) this.set.value = chosen.set;
    if (this.count.value !== chosen.n && document.activeElement !== this.count) this.count.value = chosen.n;
    this.bar.render(new Set<ProbeAction>([running ? "cancel" : "run"]));
  }

  focus(): void {
    this.experiment.focus();
  }

  private offer(choices: ProbeChoices): void {
    this.drawn = choices;
    const group = (label: string, of: readonly ProbeChoice[]) =>
      of.length === 0 ? [] : [element("optgroup", { attributes: { label } }, ...of.map(optionOf))];
    this.experiment.replaceChildren(
      ...group(
        t("Experiments"),
        choices.experiments.filter(({ packed }) => !packed),
      ),
      ...group(
        t("Packed with Rectiscope"),
        choices.experiments.filter(({ packed }) => packed),
      ),
    );
  }

  private async run(): Promise<void> {
    const n = countOf(this.count.value, this.count.validity.badInput);
    this.problem.hidden = n !== undefined;
    this.count.setAttribute("aria-invalid", String(n === undefined));
    if (n === undefined) {
      setText(this.problem, t("Examples have to be a whole number of at least 1, or empty for all of the set."));
      this.count.focus();
      throw new RangeError("not a count");
    }
    const { set } = this.chosen!;
    const config = this.experiment.value;
    this.choose({ config });
    await this.start({ config, set, n });
  }
}

function optionOf({ file, name, dataset }: ProbeChoice): HTMLOptionElement {
  const words =
    dataset === null ? t("{0} (to be mended)", printable(name)) : `${printable(name)} · ${printable(dataset)}`;
  const option = element("option", { attributes: { value: file, title: printable(file) } }, words);
  option.disabled = dataset === null;
  return option;
}

function buttons() {
  return [
    { action: "run", label: t("Run"), icon: "play", tooltip: t("Run the data through the model"), primary: true },
    {
      action: "cancel",
      label: t("Cancel"),
      icon: "debug-stop",
      tooltip: t("End the probe"),
      primary: true,
      pending: t("Cancelling…"),
    },
  ] as const;
}
