/** However often it is asked for, `draw` runs at most once a frame, and not at all while the view is hidden. */
export function coalesced(draw: () => void): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}
