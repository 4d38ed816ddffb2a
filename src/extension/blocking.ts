/** Measures the longest time that the extension host's event loop was blocked. Costs a timer, so it starts with the first run. */
import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";

const resolutionMs = 10;

export class Blocking {
  private histogram: IntervalHistogram | undefined;

  start(): void {
    if (this.histogram) return;
    this.histogram = monitorEventLoopDelay({ resolution: resolutionMs });
    this.histogram.enable();
  }

  /** Milliseconds; 0 before the start. Includes other extensions of the same host. */
  longest(): number {
    const { histogram } = this;
    return histogram && histogram.max > 0 ? Math.max(0, histogram.max / 1e6 - resolutionMs) : 0;
  }

  dispose(): void {
    this.histogram?.disable();
  }
}
