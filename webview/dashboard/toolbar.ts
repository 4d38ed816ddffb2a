/** What can be done with the run. One tab stop; arrow keys move within. */
import "@vscode-elements/elements/dist/vscode-button/index.js";
import type { VscodeButton } from "@vscode-elements/elements/dist/vscode-button/index.js";
import type { DashboardRequest } from "../../src/common/messages.js";
import { element } from "../shared/dom.js";
import { t } from "../shared/l10n.js";

/** Units are asked for by what shows them, not by a button. */
export type Action = Exclude<DashboardRequest["action"], "units">;

interface ButtonWords {
  action: Action;
  label: string;
  icon: string;
  tooltip: string;
  iconOnly?: boolean;
  primary?: boolean;
}

const buttons: ButtonWords[] = [
  {
    action: "pause",
    label: t("Pause"),
    icon: "debug-pause",
    tooltip: t("Pause at the next step; the run can go on from there"),
    primary: true,
  },
  {
    action: "stop",
    label: t("Stop"),
    icon: "debug-stop",
    tooltip: t("Stop at the next step; everything so far is kept"),
  },
  {
    action: "resume",
    label: t("Resume"),
    icon: "debug-continue",
    tooltip: t("Go on from the last checkpoint"),
    primary: true,
  },
  {
    action: "runAgain",
    label: t("Run again"),
    icon: "debug-restart",
    tooltip: t("Start this run's config as a new run"),
  },
  {
    action: "openConfig",
    label: t("Open config"),
    icon: "go-to-file",
    tooltip: t("Open the experiment file of this run"),
  },
  {
    action: "revealFolder",
    label: t("Reveal run folder"),
    icon: "folder-opened",
    tooltip: t("Reveal run folder"),
    iconOnly: true,
  },
  {
    action: "copyPath",
    label: t("Copy path of run folder"),
    icon: "copy",
    tooltip: t("Copy path of run folder"),
    iconOnly: true,
  },
];

/** What takes until the next step, and how that is said meanwhile. */
const pendingWords: Partial<Record<Action, string>> = { stop: t("Stopping…"), pause: t("Pausing…") };

export class Toolbar {
  readonly root = element("div", { class: "toolbar", attributes: { role: "toolbar", "aria-label": t("Run") } });
  private readonly made = new Map<Action, VscodeButton>();
  /** Asked for, and not done yet. */
  private readonly pending = new Set<Action>();

  /** @param ask rejects when the host could not do it; showing why is the caller's matter */
  constructor(private readonly ask: (action: Action) => Promise<void>) {
    for (const words of buttons) {
      const button = this.button(words);
      this.made.set(words.action, button);
      this.root.append(button);
    }
    this.root.addEventListener("keydown", (event) => this.move(event));
    this.root.addEventListener("focusin", (event) => this.rove(event.target as VscodeButton));
  }

  /** @param shown which actions make sense now */
  render(shown: ReadonlySet<Action>): void {
    for (const action of this.pending) if (!shown.has(action)) this.setPending(action, false);
    const runAgain = this.made.get("runAgain");
    if (runAgain) runAgain.secondary = shown.has("resume");
    const hadFocus = this.root.contains(document.activeElement);
    for (const [action, button] of this.made) button.hidden = !shown.has(action);
    const visible = this.visible();
    if (!visible.some((button) => button.tabIndex === 0)) this.rove(visible[0]);
    if (hadFocus && !this.root.contains(document.activeElement)) visible[0]?.focus();
  }

  private button({ action, label, icon, tooltip, iconOnly, primary }: ButtonWords): VscodeButton {
    const button = element("vscode-button", { data: { action }, attributes: { title: tooltip } });
    button.icon = icon;
    button.secondary = !primary;
    button.tabIndex = -1;
    if (iconOnly) {
      button.iconOnly = true;
      button.setAttribute("aria-label", label);
    } else {
      button.textContent = label;
    }
    button.addEventListener("click", () => void this.click(action));
    return button;
  }

  private async click(action: Action): Promise<void> {
    if (this.pending.has(action)) return;
    if (pendingWords[action]) this.setPending(action, true);
    try {
      await this.ask(action);
    } catch {
      this.setPending(action, false);
    }
  }

  /** Stays until the run says that it is so. */
  private setPending(action: Action, pending: boolean): void {
    if (this.pending.has(action) === pending) return;
    if (pending) this.pending.add(action);
    else this.pending.delete(action);
    const button = this.made.get(action);
    const label = buttons.find((words) => words.action === action)?.label ?? "";
    if (!button) return;
    button.textContent = (pending ? pendingWords[action] : undefined) ?? label;
    button.setAttribute("aria-disabled", String(pending));
  }

  private visible(): VscodeButton[] {
    return [...this.made.values()].filter((button) => !button.hidden);
  }

  private rove(current: VscodeButton | undefined): void {
    for (const button of this.made.values()) button.tabIndex = button === current ? 0 : -1;
  }

  private move(event: KeyboardEvent): void {
    const visible = this.visible();
    const at = visible.indexOf(document.activeElement as VscodeButton);
    const last = visible.length - 1;
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last }[event.key];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    visible[(next + visible.length) % visible.length]?.focus();
  }
}
