/**
 * The units of each evaluation, asked of the host when they are wanted: never more than one request at a time, of those wanted
 * meanwhile only the newest, and the last few answers kept.
 */
import { type UnitFigures, unpackUnits } from "../../../src/common/unitFrames.js";
import type { MomentKey } from "../viewState.js";

const kept = 8;

export class UnitStore {
  /** By evaluation, the least recently used first. */
  private readonly answers = new Map<MomentKey, readonly UnitFigures[]>();
  private readonly errors = new Map<MomentKey, string>();
  private asked: MomentKey | null = null;
  private next: MomentKey | null = null;
  /** Answers to requests from before a reset are dropped. */
  private era = 0;

  /**
   * @param ask resolves to a frame of common/unitFrames
   * @param changed an answer or an error came
   */
  constructor(
    private readonly ask: (step: MomentKey) => Promise<ArrayBuffer>,
    private readonly changed: () => void,
  ) {}

  /** The units at a step if they are there; else null, and they are asked for. */
  want(step: MomentKey): readonly UnitFigures[] | null {
    const answer = this.answers.get(step);
    if (answer) {
      this.answers.delete(step);
      this.answers.set(step, answer);
      this.next = null;
      return answer;
    }
    if (this.errors.has(step)) return null;
    if (this.asked === null) void this.fetch(step);
    else this.next = this.asked === step ? null : step;
    return null;
  }

  errorAt(step: MomentKey): string | null {
    return this.errors.get(step) ?? null;
  }

  /** Forgets an error, so that the next want asks again. */
  retry(step: MomentKey): void {
    this.errors.delete(step);
    this.changed();
  }

  forgetErrors(): void {
    this.errors.clear();
  }

  /** Another run, or the same one anew. */
  reset(): void {
    this.era++;
    this.answers.clear();
    this.errors.clear();
    this.asked = null;
    this.next = null;
  }

  private async fetch(step: MomentKey): Promise<void> {
    const { era } = this;
    this.asked = step;
    try {
      const layers = unpackUnits(await this.ask(step));
      if (era === this.era) this.keep(step, layers);
    } catch (error) {
      if (era === this.era) this.errors.set(step, error instanceof Error ? error.message : String(error));
    }
    if (era !== this.era) return;
    this.asked = null;
    const { next } = this;
    this.next = null;
    if (next !== null && !this.answers.has(next) && !this.errors.has(next)) void this.fetch(next);
    this.changed();
  }

  private keep(step: MomentKey, layers: readonly UnitFigures[]): void {
    this.answers.set(step, layers);
    for (const oldest of this.answers.keys()) {
      if (this.answers.size <= kept) break;
      this.answers.delete(oldest);
    }
  }
}
