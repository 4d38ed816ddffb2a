/** Where the figures come from. */
import { element, setText } from "../shared/dom.js";
import { counted, epochNumber } from "../shared/numbers.js";
import type { DashboardModel } from "./model.js";
import { setWords } from "./wording.js";

export class Footer {
  private readonly origin = element("span");
  private readonly folder = element("span", { class: "folder" });
  readonly root = element("footer", {}, this.origin, this.folder);

  render(model: DashboardModel): void {
    const origin = originOf(model);
    this.origin.hidden = origin === "";
    setText(this.origin, origin);
    setText(this.folder, model.folder);
    this.folder.title = model.folder;
  }
}

function originOf({ latest, run }: DashboardModel): string {
  if (!run) return "";
  if (!latest) return "No evaluation yet";
  const examples = counted(latest.n, "example", "examples");
  return `Figures of epoch ${epochNumber(latest.epoch)}, measured on ${setWords[latest.set]} (${examples})`;
}
