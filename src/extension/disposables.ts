/** A set of things to dispose together. What is added after the end is disposed at once, so nothing can leak. */
export interface Disposable {
  dispose(): unknown;
}

export class Disposables implements Disposable {
  private readonly items = new Set<Disposable>();
  private ended = false;

  get disposed(): boolean {
    return this.ended;
  }

  add<T extends Disposable>(item: T): T {
    if (this.ended) item.dispose();
    else this.items.add(item);
    return item;
  }

  /** In reverse order of adding. */
  dispose(): void {
    if (this.ended) return;
    this.ended = true;
    for (const item of [...this.items].reverse()) item.dispose();
    this.items.clear();
  }
}
