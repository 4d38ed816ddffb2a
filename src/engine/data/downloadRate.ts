/** How fast bytes come, and how long the rest will take. */

/** What happened before counts no more: connections get faster and slower. */
const windowMs = 5_000;
/** Before that nothing can be told. */
const leastMs = 500;

export class DownloadRate {
  private readonly seen: { at: number; received: number }[] = [];

  /** @returns seconds until everything is there; null while that cannot be told */
  remainingSeconds(received: number, total: number, now = performance.now()): number | null {
    const { seen } = this;
    // a file that had to start anew
    if (received < (seen.at(-1)?.received ?? 0)) seen.length = 0;
    seen.push({ at: now, received });
    while (seen.length > 2 && now - (seen[1]?.at ?? now) > windowMs) seen.shift();
    const first = seen[0];
    if (!first || now - first.at < leastMs || received === first.received) return null;
    return ((total - received) * (now - first.at)) / (received - first.received) / 1000;
  }
}
