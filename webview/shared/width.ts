/** Tells the width of an element, in whole pixels, at first and whenever it changes. */
export function onWidth(root: HTMLElement, changed: (width: number) => void): void {
  let width = 0;
  new ResizeObserver(() => {
    const now = Math.floor(root.clientWidth);
    if (now === width) return;
    width = now;
    changed(width);
  }).observe(root);
}
