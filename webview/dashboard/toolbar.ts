/** What can be done with the run. One tab stop; arrow keys move within. */
import "@vscode-elements/elements/dist/vscode-button/index.js";
import type { VscodeButton } from "@vscode-elements/elements/dist/vscode-button/index.js";
import type { DashboardRequest } from "../../src/common/messages.js";
import { element } from "../shared/dom.js";

type Action = DashboardRequest["action"];

interface ButtonWords {
  action: Action;
  label: string;
  icon: string;
  tooltip: string;
  iconOnly?: boolean;
  primary?: boolean;
}

const buttons: ButtonWords[] = [
  { action: "stop", label: "Stop", icon: "debug-stop", tooltip: "Stop at the next step; everything so far is kept" },
  {
    action: "runAgain",
    label: "Run again",
    icon: "debug-restart",
    tooltip: "Start this run's config as a new run",
    primary: true,
  },
  { action: "openConfig", label: "Open config", icon: "go-to-file", tooltip: "Open the experiment file of this run" },
  {
    action: "revealFolder",
    label: "Reveal run folder",
    icon: "folder-opened",
    tooltip: "Reveal run folder",
    iconOnly: true,
  },
  {
    action: "copyPath",
    label: "Copy path of run folder",
    icon: "copy",
    tooltip: "Copy path of run folder",
    iconOnly: true,
  },
];

export class Toolbar {
  readonly root = element("div", { class: "toolbar", attributes: { role: "toolbar", "aria-label": "Run" } });
  private readonly made = new Map<Action, VscodeButton>();
  private stopping = false;

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
    if (!shown.has("stop")) this.setStopping(false);
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
    if (action === "stop") {
      if (this.stopping) return;
      this.setStopping(true);
    }
    try {
      await this.ask(action);
    } catch {
      if (action === "stop") this.setStopping(false);
    }
  }

  /** Stays until the run says that it has ended. */
  private setStopping(stopping: boolean): void {
    if (this.stopping === stopping) return;
    this.stopping = stopping;
    const button = this.made.get("stop");
    if (!button) return;
    button.textContent = stopping ? "Stopping…" : "Stop";
    button.setAttribute("aria-disabled", String(stopping));
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
