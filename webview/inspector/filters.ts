/** What narrows the table down: a search, a role, a type, zeros only; and what is done with what it lists. */
import { printable } from "../../src/common/printable.js";
import { roleTexts, type TensorRole } from "../../src/common/tensors.js";
import { element, icon } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { noFilter, type TensorFilter } from "./viewState.js";

export type TableAction = "copy" | "csv" | "json";

export interface FilterRequests {
  filter(change: Partial<TensorFilter>): void;
  group(grouped: boolean): void;
  act(action: TableAction): void;
}

export class Filters {
  readonly root = element("div", { class: "head-tools" });
  readonly search = element("input", {
    class: "filter",
    attributes: {
      type: "search",
      placeholder: t("Search names"),
      "aria-label": t("Search names"),
      title: t("Search names (Ctrl+F)"),
      spellcheck: "false",
    },
    data: { field: "search" },
  });
  private readonly role = picker("role", t("Role"));
  private readonly dtype = picker("dtype", t("Type"));
  private readonly zeros = toggle("onlyZeros", t("With zeros"), t("Only tensors that have zeros"));
  private readonly different = toggle("onlyDifferent", t("Different"), t("Only tensors that are not the same"));
  private readonly group = toggle("group", t("By layer"), t("Group tensors by layer"));
  private readonly layer = element("button", {
    class: "chip",
    attributes: { type: "button", title: t("Show the tensors of all layers") },
    data: { action: "allLayers" },
  });
  private offered = "";

  constructor(requests: FilterRequests) {
    this.search.addEventListener("input", () => requests.filter({ search: this.search.value }));
    this.role.addEventListener("change", () => requests.filter({ role: this.role.value }));
    this.dtype.addEventListener("change", () => requests.filter({ dtype: this.dtype.value }));
    this.layer.addEventListener("click", () => requests.filter({ layer: null }));
    onToggle(this.zeros, (on) => requests.filter({ onlyZeros: on }));
    onToggle(this.different, (on) => requests.filter({ onlyDifferent: on }));
    onToggle(this.group, (on) => requests.group(on));
    const action = (name: TableAction, label: string, title: string) => {
      const button = element(
        "button",
        { class: "link-button", attributes: { type: "button", title }, data: { action: name } },
        label,
      );
      button.addEventListener("click", () => requests.act(name));
      return button;
    };
    this.root.append(
      this.layer,
      this.search,
      this.role,
      this.dtype,
      this.zeros,
      this.different,
      this.group,
      action("copy", t("Copy"), t("Copy the selected rows, or all that are listed, as tab-separated values")),
      action("csv", "CSV…", t("Save what is listed as CSV")),
      action("json", "JSON…", t("Save what is listed as JSON")),
    );
  }

  /** @param layer name of the one that is chosen */
  render(
    filter: TensorFilter,
    {
      grouped,
      layer,
      comparing,
      roles,
      dtypes,
    }: {
      grouped: boolean;
      layer: string | null;
      comparing: boolean;
      roles: readonly TensorRole[];
      dtypes: readonly string[];
    },
  ): void {
    const key = JSON.stringify([roles, dtypes]);
    if (key !== this.offered) {
      this.offered = key;
      offer(
        this.role,
        t("All roles"),
        roles.map((role) => [role, t(roleTexts[role].label)]),
      );
      offer(
        this.dtype,
        t("All types"),
        dtypes.map((dtype) => [dtype, printable(dtype)]),
      );
    }
    if (this.search.value !== filter.search && document.activeElement !== this.search)
      this.search.value = filter.search;
    this.role.value = filter.role;
    this.dtype.value = filter.dtype;
    this.zeros.setAttribute("aria-pressed", String(filter.onlyZeros));
    this.different.setAttribute("aria-pressed", String(filter.onlyDifferent));
    this.different.hidden = !comparing;
    this.group.setAttribute("aria-pressed", String(grouped));
    this.layer.hidden = layer === null;
    if (layer !== null) this.layer.replaceChildren(element("span", {}, printable(layer)), icon("close"));
  }
}

/** Whether anything is left out; a comparison leaves out what is the same unless it is told not to. */
export function isFiltering(filter: TensorFilter, comparing: boolean): boolean {
  const { onlyDifferent, ...rest } = filter;
  const { onlyDifferent: _, ...none } = noFilter;
  return JSON.stringify(rest) !== JSON.stringify(none) || (comparing && onlyDifferent);
}

function picker(field: string, label: string): HTMLSelectElement {
  return element("select", { class: "picker", attributes: { "aria-label": label, title: label }, data: { field } });
}

function offer(select: HTMLSelectElement, all: string, options: readonly (readonly [string, string])[]): void {
  select.replaceChildren(
    ...[["", all] as const, ...options].map(([value, label]) => element("option", { attributes: { value } }, label)),
  );
  select.hidden = options.length < 2;
}

function toggle(action: string, label: string, title: string): HTMLButtonElement {
  return element("button", { class: "switch", attributes: { type: "button", title }, data: { action } }, label);
}

function onToggle(button: HTMLButtonElement, changed: (on: boolean) => void): void {
  button.addEventListener("click", () => changed(button.getAttribute("aria-pressed") !== "true"));
}
