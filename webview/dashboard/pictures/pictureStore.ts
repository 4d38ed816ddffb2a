/**
 * The pictures of a run, asked of the host when they are wanted: one request at a time, and while the run goes on not before some time
 * has passed, since each one costs the host a thread's work.
 */
import type { Pictures } from "../../../src/common/pictures.js";

const pauseMs = 3000;

export class PictureStore {
  /** Undefined until there was an answer; null where the inputs are no images. */
  private answer: Pictures | null | undefined;
  private shown = "";
  private asking = false;
  private failed: { key: string; words: string } | null = null;
  private answeredAt = Number.NEGATIVE_INFINITY;
  private timer: number | undefined;
  /** Answers to requests from before a reset are dropped. */
  private era = 0;

  /**
   * @param ask resolves to the pictures with the filters from a unit on
   * @param changed an answer or an error came, or it is time to ask again
   */
  constructor(
    private readonly ask: (from: number) => Promise<Pictures | null>,
    private readonly changed: () => void,
  ) {}

  /**
   * The pictures if there are any; older ones until those that are wanted have come.
   * @param moment differs when the pictures do
   * @param from the filter to begin with
   */
  want(moment: string, from: number): Pictures | null | undefined {
    const key = `${moment} ${from}`;
    if (this.asking || key === this.shown || key === this.failed?.key || this.answer === null) return this.answer;
    const turned = this.answer && this.answer.filters.from !== from;
    const wait = turned ? 0 : this.answeredAt + pauseMs - performance.now();
    window.clearTimeout(this.timer);
    if (wait > 0) this.timer = window.setTimeout(() => this.changed(), wait);
    else void this.fetch(key, from);
    return this.answer;
  }

  /** Why what was last wanted could not be had. */
  get error(): string | null {
    return this.failed?.words ?? null;
  }

  /** Forgets an error, so that the next want asks again. */
  retry(): void {
    this.failed = null;
    this.answeredAt = Number.NEGATIVE_INFINITY;
    this.changed();
  }

  forgetErrors(): void {
    this.failed = null;
  }

  /** Another run. */
  reset(): void {
    this.era++;
    window.clearTimeout(this.timer);
    this.answer = undefined;
    this.shown = "";
    this.asking = false;
    this.failed = null;
    this.answeredAt = Number.NEGATIVE_INFINITY;
  }

  private async fetch(key: string, from: number): Promise<void> {
    const { era } = this;
    this.asking = true;
    try {
      const answer = await this.ask(from);
      if (era !== this.era) return;
      this.answer = answer;
      this.shown = key;
      this.failed = null;
    } catch (error) {
      if (era !== this.era) return;
      this.failed = { key, words: error instanceof Error ? error.message : String(error) };
    }
    this.asking = false;
    this.answeredAt = performance.now();
    this.changed();
  }
}
