/**
 * Keeps an element at the top of the window while the page takes its shape: what is above gets its height little by little, and what is in
 * the element comes later. Ends when the person scrolls.
 */
export class HeldInSight {
  private held = false;
  private timer: number | undefined;
  private readonly observer = new ResizeObserver(() => this.scroll());
  private readonly end = () => this.release();

  constructor(private readonly root: HTMLElement) {}

  hold(): void {
    this.held = true;
    window.clearTimeout(this.timer);
    this.timer = undefined;
    this.observer.observe(document.body);
    for (const event of ownScrolling) window.addEventListener(event, this.end, { passive: true });
  }

  /** @param growing more of the element is to come */
  rendered(growing: boolean): void {
    if (!this.held) return;
    this.scroll();
    if (!growing) this.timer ??= window.setTimeout(this.end, settlingMs);
  }

  private scroll(): void {
    if (this.held) this.root.scrollIntoView({ block: "start" });
  }

  private release(): void {
    this.held = false;
    window.clearTimeout(this.timer);
    this.timer = undefined;
    this.observer.disconnect();
    for (const event of ownScrolling) window.removeEventListener(event, this.end);
  }
}

/** By which a person scrolls. */
const ownScrolling = ["wheel", "touchstart", "pointerdown", "keydown"];
const settlingMs = 3000;
