/** Tells screen readers what changed, without talking over itself. */
import { element, setText } from "./dom.js";

const quietMs = 5000;

export class Announcer {
  readonly root = element("div", { class: "visually-hidden", attributes: { role: "status", "aria-live": "polite" } });
  private spokenAt = Number.NEGATIVE_INFINITY;
  private timer: number | undefined;

  /** Said at once when there has been quiet; else the latest words win when it is quiet again. */
  say(words: string): void {
    window.clearTimeout(this.timer);
    const wait = this.spokenAt + quietMs - performance.now();
    if (wait <= 0) this.sayNow(words);
    else this.timer = window.setTimeout(() => this.sayNow(words), wait);
  }

  /** For what must not be dropped, such as the end of a run. */
  sayNow(words: string): void {
    window.clearTimeout(this.timer);
    this.spokenAt = performance.now();
    setText(this.root, words);
  }
}
