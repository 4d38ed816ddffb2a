// The backward pass of a layer: the dot products of its rows with delta, with the old weights, then their update.
import { blocksOfQuarter } from "./blocks";
import { columnsOfQuarter } from "./columns";
import { countOf, firstPanel, Layer, notesOf, panelColumns, Signal } from "./structures";

/** Where more than this share of the blocks of delta is not zero, whole rows cost less than lists of blocks. */
const denseShare: f32 = 0.7;

/**
 * For each input i: w[i, :] · delta[b, :], a part of ∂L/∂x[b, i], then w[i, :] −= rate · Σ_b x[b, i] · delta[b, :], on the columns of
 * a quarter. An example in which the input is 0 costs nothing if x comes from rectifiers: their derivative is 0 too.
 */
export function backward(layer: Layer, quarter: i32, rate: f32, batch: i32, thread: i32): void {
  const notes = notesOf(layer, thread);
  if (isDense(layer.output, quarter, batch)) columnsOfQuarter(layer, quarter, notes, rate, batch);
  else blocksOfQuarter(layer, quarter, notes, rate, batch);
}

/** Is delta mostly not zero in a quarter? */
function isDense(y: Signal, quarter: i32, batch: i32): bool {
  let blocks: usize = 0;
  for (let b = 0; b < batch; b++) blocks += countOf(y, y.blockCounts, b, quarter);
  const all = batch * (firstPanel(y, quarter + 1) - firstPanel(y, quarter)) * (panelColumns / 4);
  return <f32>blocks > denseShare * <f32>all;
}
