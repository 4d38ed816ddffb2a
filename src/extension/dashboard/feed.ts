/**
 * Paces what is sent to a view: one message at a time, the next when the view has drawn the last, and not before some time has
 * passed. However much changes meanwhile, it is one message; a view that never draws gets no second one.
 */
import { Delayed } from "../delayed.js";

export class Feed {
  private readonly pause: Delayed;
  private changes = false;
  private drawing = false;
  private resting = false;

  /**
   * @param milliseconds from one message to the next, at least
   * @param send sends what there is to send
   */
  constructor(
    milliseconds: number,
    private readonly send: () => void,
  ) {
    this.pause = new Delayed(milliseconds, () => {
      this.resting = false;
      this.next();
    });
  }

  /** Another view, or one that starts anew: it waits for its first message, and will never say that it drew an older one. */
  begin(): void {
    this.drawing = false;
    this.changed();
  }

  changed(): void {
    this.changes = true;
    this.next();
  }

  drawn(): void {
    this.drawing = false;
    this.next();
  }

  dispose(): void {
    this.pause.dispose();
  }

  private next(): void {
    if (!this.changes || this.drawing || this.resting) return;
    this.changes = false;
    this.drawing = true;
    this.resting = true;
    this.pause.ensure();
    this.send();
  }
}
