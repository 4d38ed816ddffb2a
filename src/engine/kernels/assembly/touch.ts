// Reads ahead. The reads do not wait for one another, as those of sums would, and so bring weights in at the speed of the memory, not of
// its latency.
import { Layer, Notes, panelRow } from "./structures";

/** Where more than one row in two is needed, it costs less to read all of them ahead, one after the other: the processor sees what comes next. */
// @ts-ignore: decorator
@inline
export function needsAll(layer: Layer, needed: i32, rows: i32): bool {
  return layer.strip == 1 && 2 * needed > rows;
}

/** Reads a word of each row of a panel from `from` to `end`, a list of their offsets; in strips, of all panels of the strip that begins there. */
// @ts-ignore: decorator
@inline
export function touch(layer: Layer, panel: usize, from: usize, end: usize, notes: Notes): void {
  let any: u32 = 0;
  if (layer.strip == 1) for (let at = from; at < end; at += 4) any |= load<u32>(panel + <usize>load<u32>(at));
  else
    for (let at = from; at < end; at += 4) {
      const row = panel + <usize>load<u32>(at);
      any |= load<u32>(row) | load<u32>(row, 64) | load<u32>(row, 128) | load<u32>(row, 192);
      any |= load<u32>(row, 256) | load<u32>(row, 320) | load<u32>(row, 384) | load<u32>(row, 448);
    }
  keep(any, notes);
}

/** Reads a word of each of so many rows of a panel, which has a strip to itself. */
// @ts-ignore: decorator
@inline
export function touchAll(panel: usize, rows: i32, notes: Notes): void {
  let any: u32 = 0;
  for (let at = panel, end = panel + <usize>rows * panelRow; at < end; at += panelRow) any |= load<u32>(at);
  keep(any, notes);
}

/** So that no compiler drops the reads. */
// @ts-ignore: decorator
@inline
function keep(any: u32, notes: Notes): void {
  store<u32>(notes.examples, any);
}
