/** Lets so many runs go on at once; the others wait, first come, first served. */
interface Waiting {
  readonly folder: string;
}

export class RunQueue<T extends Waiting> {
  private readonly waiting: T[] = [];
  private started = 0;

  constructor(
    /** How many may go on at once; asked anew every time. */
    private readonly slots: () => number,
    private readonly start: (item: T) => void,
  ) {}

  /** Those that wait, the next one first. */
  get items(): readonly T[] {
    return this.waiting;
  }

  /** @returns true when it was started at once, false when it waits */
  add(item: T): boolean {
    this.waiting.push(item);
    this.fill();
    return !this.waiting.includes(item);
  }

  /** Takes one out that waits. */
  remove(folder: string): T | undefined {
    const index = this.waiting.findIndex((item) => item.folder === folder);
    return index < 0 ? undefined : this.waiting.splice(index, 1)[0];
  }

  /** One that was started is over. */
  release(): void {
    this.started--;
    this.fill();
  }

  /** Starts what there is room for: call it when there may be more slots. */
  fill(): void {
    while (this.started < this.slots()) {
      const next = this.waiting.shift();
      if (!next) return;
      this.started++;
      this.start(next);
    }
  }
}
