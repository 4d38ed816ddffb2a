/** What a sweep is asked while it goes on. */
export type SweepAsked = "goOn" | "stop" | "pause";

export class SweepControl {
  private current: SweepAsked = "goOn";
  private wake: (() => void) | null = null;

  get asked(): SweepAsked {
    return this.current;
  }

  /** The running trials end with a checkpoint, and no other begins. A stopped trial is measured on the test set as well. */
  ask(what: Exclude<SweepAsked, "goOn">): void {
    if (this.current === "stop") return;
    this.current = what;
    this.wake?.();
  }

  /** Resolves when something is asked, or after some time. */
  async wait(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = null;
  }
}
