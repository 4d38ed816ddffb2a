/** Runs an action once, some time after the last call: many events, one refresh. */
export class Delayed {
  private timer: NodeJS.Timeout | undefined;
  private disposed = false;

  constructor(
    private readonly milliseconds: number,
    private readonly action: () => void,
  ) {}

  /** @param milliseconds instead of the usual delay */
  schedule(milliseconds = this.milliseconds): void {
    if (this.disposed) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(this.action, milliseconds);
  }

  cancel(): void {
    clearTimeout(this.timer);
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
  }
}
