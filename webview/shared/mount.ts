/** Puts a page in its place. To be called with every drawing: the first one is marked. */
export function mount(root: HTMLElement): void {
  if (!root.isConnected) document.getElementById("app")?.replaceChildren(root);
  if (document.documentElement.dataset.firstPaint === undefined) requestAnimationFrame(markFirstPaint);
}

/** Milliseconds from navigation to the frame after the first drawing; tests and budgets read it. */
function markFirstPaint(): void {
  document.documentElement.dataset.firstPaint = performance.now().toFixed(1);
}
