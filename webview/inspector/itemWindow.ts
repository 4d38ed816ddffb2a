/** Which items of a long list are in sight: only they are drawn. */

/** Items beyond either edge that are drawn as well, so that scrolling meets no gaps. */
const margin = 8;

/** From the first drawn item to the one after the last. Lengths in pixels. */
export function itemWindow(
  count: number,
  itemLength: number,
  scrolled: number,
  room: number,
): { first: number; end: number } {
  const first = Math.floor(scrolled / itemLength) - margin;
  const end = Math.ceil((scrolled + room) / itemLength) + margin;
  return { first: Math.min(count, Math.max(0, first)), end: Math.max(0, Math.min(count, end)) };
}

/** Where to scroll so that an item is in sight: as it is, where that is so already. */
export function scrollTo(item: number, itemLength: number, scrolled: number, room: number): number {
  const start = item * itemLength;
  if (start < scrolled) return start;
  return start + itemLength > scrolled + room ? start + itemLength - room : scrolled;
}
