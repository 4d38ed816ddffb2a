/** Labels at the line ends: which are shown when there is not room for all, and where. */

export interface EndLabel {
  text: string;
  /** Where the line ends, in pixels from the top. */
  y: number;
}

/** A label with the place it got; `y` no longer is where the line ends. */
export type PlacedLabel<Label extends EndLabel> = Label & { at: number };

/**
 * Moves labels apart, keeping their order, within top…bottom. When there are too many for the height, every second,
 * third, … of the list is shown, the last always, and `keep` (an index) if given.
 */
export function placeLabels<Label extends EndLabel>(
  labels: readonly Label[],
  top: number,
  bottom: number,
  lineHeight: number,
  keep: number | null = null,
): PlacedLabel<Label>[] {
  const room = Math.max(1, Math.floor((bottom - top) / lineHeight) + 1);
  const chosen = choose(labels, room, keep);
  const placed = chosen.map((label) => ({ ...label, at: label.y })).sort((a, b) => a.y - b.y);
  let free = top;
  for (const label of placed) {
    label.at = Math.max(label.at, free);
    free = label.at + lineHeight;
  }
  let limit = bottom;
  for (const label of placed.reverse()) {
    label.at = Math.min(label.at, limit);
    limit = label.at - lineHeight;
  }
  return placed.reverse();
}

function choose<Label>(labels: readonly Label[], room: number, keep: number | null): Label[] {
  const stride = Math.ceil(labels.length / room);
  if (stride <= 1) return [...labels];
  const last = labels.length - 1;
  const regular = labels.filter((_, i) => (last - i) % stride === 0 && i !== keep);
  const kept = keep === null ? undefined : labels[keep];
  if (kept === undefined) return regular;
  return [...(regular.length >= room ? regular.slice(1) : regular), kept];
}
