/** By firing frequency or by position: two choices, one tab stop. */
import { element, setText } from "../../shared/dom.js";
import { t } from "../../shared/l10n.js";
import type { UnitOrder } from "../viewState.js";

const words: Record<UnitOrder, string> = { frequency: t("by firing frequency"), position: t("by position") };
const orders: UnitOrder[] = ["frequency", "position"];

export class SortSwitch {
  readonly root = element("div", {
    class: "choices",
    attributes: { role: "radiogroup", "aria-label": t("Order of the units") },
  });
  private readonly buttons = new Map<UnitOrder, HTMLElement>();

  constructor(choose: (order: UnitOrder) => void) {
    for (const order of orders) {
      const button = element("button", { attributes: { type: "button", role: "radio" }, data: { sort: order } });
      setText(button, words[order]);
      button.addEventListener("click", () => choose(order));
      button.addEventListener("keydown", (event) => {
        if (!event.key.startsWith("Arrow")) return;
        event.preventDefault();
        const other = order === "frequency" ? "position" : "frequency";
        choose(other);
        this.buttons.get(other)?.focus();
      });
      this.buttons.set(order, button);
      this.root.append(button);
    }
  }

  render(chosen: UnitOrder): void {
    for (const [order, button] of this.buttons) {
      button.setAttribute("aria-checked", String(order === chosen));
      button.tabIndex = order === chosen ? 0 : -1;
    }
  }
}
