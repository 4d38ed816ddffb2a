/** How far a sweep is and how long it will take, from the work that was done and the time that it took. */
export interface WorkState {
  /** Of the whole sweep. */
  total: number;
  done: number;
}

/** The rate of the first moments says little. */
const settledMs = 1_500;

export class SweepClock {
  private first: { at: number; done: number } | null = null;

  /** @param now milliseconds of any clock @returns null until it can be told */
  remainingSeconds({ total, done }: WorkState, now: number): number | null {
    this.first ??= { at: now, done };
    const elapsed = now - this.first.at;
    const gained = done - this.first.done;
    if (elapsed < settledMs || gained <= 0) return null;
    return ((total - done) * elapsed) / gained / 1000;
  }

  /** What was done without training, such as a trial that another sweep had: it says nothing about speed. */
  skip(work: number): void {
    if (this.first) this.first.done += work;
  }
}
