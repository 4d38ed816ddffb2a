/** Where a long check says how far it is, lets others have a turn, and ends when it is asked to. */
import type { ClaimName, ClaimsProgress } from "../../common/claims.js";

const turnMs = 40;

/** About how long each claim takes beside the others. */
const weights: Record<ClaimName, number> = {
  zerosAtStart: 1,
  linearity: 4,
  patterns: 1,
  gradients: 2,
  overlap: 2,
  activeUnits: 1,
  separability: 8,
  meanActivation: 1,
  rescaling: 4,
};

export class Pace {
  private claim: ClaimName | null = null;
  private done = 0;
  private lastTurn = Number.NEGATIVE_INFINITY;
  private readonly whole: number;

  constructor(
    private readonly claims: readonly ClaimName[],
    private readonly tell: (progress: ClaimsProgress) => void,
    private readonly signal?: AbortSignal,
  ) {
    this.whole = claims.reduce((sum, name) => sum + weights[name], 0);
  }

  /** @throws what the signal was aborted with */
  async begin(claim: ClaimName | null): Promise<void> {
    if (this.claim !== null) this.done += weights[this.claim];
    this.claim = claim;
    this.lastTurn = Number.NEGATIVE_INFINITY;
    await this.turn(0);
  }

  /** @param share of the claim that is done @throws what the signal was aborted with */
  async turn(share: number): Promise<void> {
    if (performance.now() - this.lastTurn < turnMs) return;
    const { claim } = this;
    const part = claim !== null && this.claims.includes(claim) ? weights[claim] * share : 0;
    this.tell({ claim, share: Math.min(1, (this.done + part) / this.whole) });
    await new Promise((resolve) => setImmediate(resolve));
    this.signal?.throwIfAborted();
    this.lastTurn = performance.now();
  }
}
