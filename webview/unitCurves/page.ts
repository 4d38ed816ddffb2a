/** The curves, the controls above them, and the table beside them. */
import {
  type CurveName,
  curveAt,
  curveNames,
  type NeuronConstants,
  neuronDefaults,
  usableNeuron,
} from "../../src/common/unitCurves.js";
import { element, setText } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { locale } from "../shared/numbers.js";
import { svg } from "../shared/svg.js";
import { Chart, colourOf, dashes } from "./chart.js";
import { initialViewState, inputRange, isWithin, sharpnessRange, type UnitCurvesViewState } from "./viewState.js";

export class Page {
  readonly root = element("div", { class: "page" });
  private readonly output: Chart;
  private readonly derivative: Chart;
  private readonly switches = new Map<CurveName, HTMLButtonElement>();
  private readonly slider = element("input", {
    class: "input-slider",
    attributes: {
      type: "range",
      min: String(inputRange.min),
      max: String(inputRange.max),
      step: String(inputRange.step),
      "aria-label": t("Input a"),
    },
    data: { field: "input" },
  });
  private readonly read = element("output", { class: "caption", data: { field: "read" } });
  private readonly sharpness = numberField("sharpness", t("α, the sharpness of softplus"), sharpnessRange.min);
  private readonly neuron = new Map<keyof NeuronConstants, ReturnType<typeof numberField>>();
  private readonly problem = element("p", {
    class: "problem",
    attributes: { role: "alert" },
    data: { field: "problem" },
  });
  private readonly body = element("tbody");
  private readonly neuronBox: HTMLElement;

  constructor(private readonly choose: (change: Partial<UnitCurvesViewState>) => void) {
    const point = (input: number) => this.choose({ input: Math.round(input / inputRange.step) * inputRange.step });
    this.output = new Chart("output", t("Output"), { min: -1.2, max: 3 }, point);
    this.derivative = new Chart("derivative", t("Derivative"), { min: -0.1, max: 1.5 }, point);
    this.slider.addEventListener("input", () => this.choose({ input: Number(this.slider.value) }));
    this.sharpness.input.addEventListener("change", () => {
      const value = this.sharpness.input.valueAsNumber;
      const fits = isWithin(value, sharpnessRange);
      this.complain(fits ? "" : t("α has to be a number from {0} to {1}.", sharpnessRange.min, sharpnessRange.max));
      if (fits) this.choose({ sharpness: value });
    });
    for (const [name, label] of neuronLabels()) {
      const field = numberField(name, label);
      field.input.addEventListener("change", () => this.takeNeuron());
      this.neuron.set(name, field);
    }
    const again = element(
      "button",
      { class: "link-button", attributes: { type: "button" }, data: { action: "defaults" } },
      t("Defaults"),
    );
    again.addEventListener("click", () => {
      this.complain("");
      this.choose({ neuron: neuronDefaults, sharpness: initialViewState().sharpness });
    });
    this.neuronBox = element(
      "fieldset",
      { class: "neuron" },
      element("legend", {}, t("Constants of the neuron (LIF)")),
      ...[...this.neuron.values()].map(({ root }) => root),
      again,
    );
    this.root.append(
      element(
        "header",
        {},
        element(
          "div",
          { class: "title-row" },
          element("div", { class: "title" }, element("h1", {}, t("Units’ curves"))),
        ),
        element(
          "p",
          { class: "recipe" },
          t(
            "Figure 1 of the paper, with derivatives: what each unit makes of its input a, and the firing rate of a leaky integrate-and-fire neuron over its input current.",
          ),
        ),
      ),
      element(
        "div",
        { class: "unit-tools" },
        element(
          "div",
          { class: "unit-switches", attributes: { role: "group", "aria-label": t("Units") } },
          ...this.makeSwitches(),
        ),
        this.sharpness.root,
      ),
      this.problem,
      element("div", { class: "unit-charts" }, this.output.root, this.derivative.root),
      element("label", { class: "slider-row" }, element("span", {}, t("Input a")), this.slider, this.read),
      element(
        "div",
        { class: "scroller", attributes: { tabindex: "0", role: "region", "aria-label": t("At this input") } },
        element(
          "table",
          { class: "unit-table", attributes: { "aria-label": t("At this input") } },
          element(
            "thead",
            {},
            element(
              "tr",
              {},
              ...[t("Unit"), t("Output"), t("Derivative"), t("Formula")].map((label) =>
                element("th", { attributes: { scope: "col" } }, label),
              ),
            ),
          ),
          this.body,
        ),
      ),
      this.neuronBox,
      element(
        "p",
        { class: "note" },
        t(
          "The rectifier’s derivative at 0 is 0 here. The neuron’s rate is a share of its highest, 1 ÷ t_ref, and its slope where it begins to fire has no bound: it is cut off. The paper’s figure does not name its constants; these are Rectiscope’s defaults, and yours to change.",
        ),
      ),
    );
    this.complain("");
  }

  render(state: UnitCurvesViewState): void {
    this.output.render(state);
    this.derivative.render(state);
    for (const [name, button] of this.switches) button.setAttribute("aria-pressed", String(state.shown.includes(name)));
    this.slider.value = String(state.input);
    setText(this.read, number(state.input, 2));
    this.slider.setAttribute("aria-valuetext", number(state.input, 2));
    show(this.sharpness.input, state.sharpness);
    for (const [name, { input }] of this.neuron) show(input, state.neuron[name]);
    this.neuronBox.hidden = !state.shown.includes("lif");
    this.sharpness.root.hidden = !state.shown.includes("softplus");
    this.body.replaceChildren(
      ...state.shown.map((name) => {
        const { output, derivative } = curveAt(name, state.input, state);
        return element(
          "tr",
          { data: { curve: name } },
          element("th", { attributes: { scope: "row" } }, sample(name), curveLabel(name)),
          element("td", { data: { value: String(output) } }, number(output, 4)),
          element("td", { data: { value: String(derivative) } }, number(derivative, 4)),
          element("td", { class: "formula" }, formulas[name]),
        );
      }),
    );
  }

  private makeSwitches(): HTMLButtonElement[] {
    for (const name of curveNames) {
      const button = element(
        "button",
        { class: "switch", attributes: { type: "button" }, data: { curve: name } },
        curveLabel(name),
      );
      button.addEventListener("click", () => {
        const on = [...this.switches].filter(
          ([other, { ariaPressed }]) => (ariaPressed === "true") !== (other === name),
        );
        this.choose({ shown: on.map(([other]) => other) });
      });
      this.switches.set(name, button);
    }
    return [...this.switches.values()];
  }

  private takeNeuron(): void {
    const entries = [...this.neuron].map(([name, { input }]) => [name, input.valueAsNumber]);
    const neuron = usableNeuron(Object.fromEntries(entries) as NeuronConstants);
    this.complain(
      neuron ? "" : t("There is no such neuron: t_ref, τ and R have to be above 0, and V_reset below V_th."),
    );
    if (neuron) this.choose({ neuron });
  }

  private complain(words: string): void {
    setText(this.problem, words);
    this.problem.hidden = words === "";
  }
}

const formulas: Record<CurveName, string> = {
  rectifier: "max(0, a)",
  softplus: "log(1 + e^(αa)) ÷ α",
  tanh: "tanh(a)",
  logistic: "1 ÷ (1 + e^−a)",
  lif: "t_ref ÷ (t_ref + τ·ln((V_rest + R·a − V_reset) ÷ (V_rest + R·a − V_th)))",
};

function curveLabel(name: CurveName): string {
  return name === "lif" ? t("neuron (LIF)") : name;
}

function neuronLabels(): [keyof NeuronConstants, string][] {
  return [
    ["refractory", t("t_ref, refractory time, ms")],
    ["timeConstant", t("τ, membrane time constant, ms")],
    ["resistance", t("R, resistance")],
    ["threshold", t("V_th, threshold")],
    ["rest", t("V_rest, at rest")],
    ["reset", t("V_reset, after a spike")],
  ];
}

function numberField(name: string, label: string, least?: number) {
  const input = element("input", {
    class: "filter number",
    attributes: { type: "number", step: "any", ...(least !== undefined && { min: String(least) }) },
    data: { field: name },
  });
  return { root: element("label", { class: "number-field" }, element("span", {}, label), input), input };
}

/** Not while it is being typed. */
function show(input: HTMLInputElement, value: number): void {
  if (document.activeElement !== input) input.value = String(value);
}

function sample(name: CurveName): SVGElement {
  const box = svg("svg", { class: "sample", width: 26, height: 10, viewBox: "0 0 26 10", "aria-hidden": "true" });
  box.append(
    svg("line", {
      x1: 0,
      x2: 26,
      y1: 5,
      y2: 5,
      stroke: colourOf(name),
      "stroke-width": 2,
      "stroke-dasharray": dashes[name],
    }),
  );
  return box;
}

function number(value: number, digits: number): string {
  return (Math.abs(value) < 1e-12 ? 0 : value).toLocaleString(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
