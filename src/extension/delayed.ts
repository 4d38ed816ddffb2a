/** Runs an action once, some time later, however often it is asked for meanwhile. */
export class Delayed {
  private timer: NodeJS.Timeout | undefined;
  private disposed = false;

  constructor(
    private readonly milliseconds: number,
    private readonly action: () => void,
  ) {}

  /** Runs this long after the last call: for what should wait until things are quiet. */
  restart(): void {
    this.cancel();
    this.ensure();
  }

  /** Runs this long after the first call: for what must not starve while calls keep coming. */
  ensure(): void {
    if (this.disposed || this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.action();
    }, this.milliseconds);
  }

  cancel(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  dispose(): void {
    this.disposed = true;
    this.cancel();
  }
}
