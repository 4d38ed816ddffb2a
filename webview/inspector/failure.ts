/** What stands in place of everything when there is nothing else to show. */
import "@vscode-elements/elements/dist/vscode-button/index.js";
import type { InspectionError } from "../../src/common/inspectorMessages.js";
import { printable } from "../../src/common/printable.js";
import { element, icon } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { fileName } from "./wording.js";

export type FailureAction = "reload" | "showLog";

/** These are no fault of the file: the log says more. */
const unexpected = ["crashed", "unexpected"];

export class Failure {
  readonly root = element("div", { class: "failure", attributes: { role: "alert" }, data: { field: "failure" } });
  private drawn: InspectionError | null = null;

  constructor(private readonly act: (action: FailureAction) => void) {}

  render(error: InspectionError | null): void {
    this.root.hidden = error === null;
    if (!error || error === this.drawn) return;
    this.drawn = error;
    this.root.dataset.code = error.code;
    const buttons = element("div", { class: "failure-actions" }, this.button("reload", t("Try again"), false));
    if (unexpected.includes(error.code)) buttons.append(this.button("showLog", t("Show log"), true));
    this.root.replaceChildren(
      element("div", { class: "failure-icon" }, icon("error")),
      element("h1", {}, t("{0} cannot be read", fileName(error.file))),
      element("p", { class: "failure-message" }, printable(withoutFile(error))),
      element("p", { class: "note failure-file" }, printable(error.file)),
      buttons,
    );
  }

  private button(action: FailureAction, label: string, secondary: boolean): HTMLElement {
    const button = element("vscode-button", { data: { action } }, label);
    button.secondary = secondary;
    button.addEventListener("click", () => this.act(action));
    return button;
  }
}

/** The path stands below the message. */
function withoutFile({ file, message }: InspectionError): string {
  return message.startsWith(`${file}: `) ? message.slice(file.length + 2) : message;
}
