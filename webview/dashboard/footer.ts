/** Where the figures come from. */
import { element, setText } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { counted, epochNumber } from "../shared/numbers.js";
import type { DashboardModel } from "./model.js";
import type { Moment } from "./time/moment.js";
import { setWords } from "./wording.js";

export class Footer {
  private readonly origin = element("span");
  private readonly folder = element("span", { class: "folder" });
  readonly root = element("footer", {}, this.origin, this.folder);

  render(model: DashboardModel, { evaluation }: Moment): void {
    const origin = originOf(model, evaluation);
    this.origin.hidden = origin === "";
    setText(this.origin, origin);
    setText(this.folder, model.folder);
    this.folder.title = model.folder;
  }
}

function originOf({ run }: DashboardModel, evaluation: Moment["evaluation"]): string {
  if (!run) return "";
  if (!evaluation) return t("No evaluation yet");
  const examples = counted(evaluation.n, "{0} example", "{0} examples");
  const [epoch, set] = [epochNumber(evaluation.epoch), setWords[evaluation.set]];
  return t("Figures of epoch {0}, measured on {1} ({2})", epoch, set, examples);
}
