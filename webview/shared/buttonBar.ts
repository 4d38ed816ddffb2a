/** Buttons for what can be done now. One tab stop; arrow keys move within. */
import "@vscode-elements/elements/dist/vscode-button/index.js";
import type { VscodeButton } from "@vscode-elements/elements/dist/vscode-button/index.js";
import { element } from "./dom.js";

export interface ButtonWords<Action extends string> {
  action: Action;
  label: string;
  icon: string;
  tooltip: string;
  iconOnly?: boolean;
  primary?: boolean;
  /** What it says until it is done, where that takes a while. */
  pending?: string;
}

export class ButtonBar<Action extends string> {
  readonly root: HTMLElement;
  protected readonly made = new Map<Action, VscodeButton>();
  /** Asked for, and not done yet. */
  private readonly pending = new Set<Action>();

  /** @param ask rejects when it could not be done; showing why is the caller's matter */
  constructor(
    label: string,
    private readonly buttons: readonly ButtonWords<Action>[],
    private readonly ask: (action: Action) => Promise<void>,
  ) {
    this.root = element("div", { class: "toolbar", attributes: { role: "toolbar", "aria-label": label } });
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
    const hadFocus = this.root.contains(document.activeElement);
    for (const [action, button] of this.made) button.hidden = !shown.has(action);
    const visible = this.visible();
    if (!visible.some((button) => button.tabIndex === 0)) this.rove(visible[0]);
    if (hadFocus && !this.root.contains(document.activeElement)) visible[0]?.focus();
  }

  /** It has been done, and may be asked for again. */
  settle(action: Action): void {
    this.setPending(action, false);
  }

  private button({ action, label, icon, tooltip, iconOnly, primary }: ButtonWords<Action>): VscodeButton {
    const button = element("vscode-button", { data: { action }, attributes: { title: tooltip } });
    button.icon = icon;
    button.secondary = !primary;
    button.tabIndex = -1;
    if (iconOnly) {
      button.iconOnly = true;
      button.setAttribute("aria-label", label);
    } else button.textContent = label;
    button.addEventListener("click", () => void this.click(action));
    return button;
  }

  private async click(action: Action): Promise<void> {
    if (this.pending.has(action)) return;
    if (this.wordsOf(action)?.pending) this.setPending(action, true);
    try {
      await this.ask(action);
    } catch {
      this.setPending(action, false);
    }
  }

  /** Stays until the action makes no sense any more, or is settled. */
  private setPending(action: Action, pending: boolean): void {
    if (this.pending.has(action) === pending) return;
    if (pending) this.pending.add(action);
    else this.pending.delete(action);
    const button = this.made.get(action);
    const words = this.wordsOf(action);
    if (!button || !words) return;
    button.textContent = (pending ? words.pending : undefined) ?? words.label;
    button.setAttribute("aria-disabled", String(pending));
  }

  private wordsOf(action: Action): ButtonWords<Action> | undefined {
    return this.buttons.find((words) => words.action === action);
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
