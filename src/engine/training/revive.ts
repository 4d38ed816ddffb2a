/**
 * Reviving units (ReDo, Sokar et al. 2023, 'The Dormant Neuron Phenomenon in Deep Reinforcement Learning', section 4): a unit that does
 * nothing gets fresh incoming weights, the bias 0 and outgoing weights 0, so that what the network computes changes by no more than the unit
 * gave; what the optimizer keeps of these weights is cleared, and the unit's history begins anew.
 */
import type { ReviveCriterion } from "../../common/revive.js";
import type { RevivalOutcome } from "../../common/run.js";
import type { Backend } from "../backends/backend.js";
import { changeArrays, type RowChange } from "../backends/backendArrays.js";
import type { UnitHistory } from "../kernels/kernels.js";
import type { KeptArray } from "../kernels/optimizerState.js";
import { initialBound } from "../network/initialise.js";
import { layerSizes, type NetworkShape } from "../network/network.js";
import { type ArrayName, layersOf } from "../network/networkArrays.js";
import { Random } from "../network/random.js";
import { isDormant } from "../sparsity/layerFigures.js";
import type { LayerStatistics } from "../sparsity/layerStatistics.js";
import { positionOf, type Schedule } from "./schedule.js";
import type { Revived } from "./trainingState.js";

/** Units of a layer, from 0, by what they gave on a set. @param threshold τ, of dormant ones */
export function unitsToRevive(statistics: LayerStatistics, criterion: ReviveCriterion, threshold: number): number[] {
  const meets =
    criterion === "dead" ? (unit: number) => statistics.firings[unit] === 0 : isDormant(statistics, threshold);
  return Array.from({ length: statistics.units }, (_, unit) => unit).filter(meets);
}

/** What has become of revived units by an evaluation. @param statistics of the hidden layers */
export function outcomeOf(
  { step, criterion, units }: Revived,
  statistics: readonly LayerStatistics[],
  { dormantThreshold }: { dormantThreshold: number },
  schedule: Schedule,
): RevivalOutcome {
  return {
    step: positionOf(schedule, step).step,
    layers: units.map((layer, l) => {
      const again = new Set(unitsToRevive(statistics[l]!, criterion, dormantThreshold));
      return { revived: layer.length, again: layer.filter((unit) => again.has(unit)).length };
    }),
  };
}

/**
 * Revives between two steps.
 * @param kept what the optimizer keeps
 * @param units of each hidden layer, rising
 * @param step of the training, which with the seed says what is drawn
 */
export async function reviveUnits(
  backend: Backend,
  shape: NetworkShape,
  kept: readonly KeptArray[],
  units: readonly (readonly number[])[],
  { seed, step }: { seed: number; step: number },
): Promise<void> {
  if (units.every((layer) => layer.length === 0)) return;
  const sizes = layersOf(shape);
  await changeArrays(backend, shape, kept, (l, array) => {
    const own = units[l] ?? [];
    const below = units[l - 1] ?? [];
    if (own.length === 0 && below.length === 0) return null;
    const { inputs, units: width } = sizes[l]!;
    return freshRows(array, own, below, inputs, width, drawer(shape, l, seed, step));
  });
  const history = await backend.readHistory();
  units.forEach((layer, l) => {
    for (const unit of layer) forget(history[l]!, unit);
  });
  await backend.loadHistory(history);
}

/** Writes what the revived units of a layer, and of the one below, begin with. Rows come in their order. */
function freshRows(
  array: ArrayName,
  own: readonly number[],
  below: readonly number[],
  inputs: number,
  width: number,
  draw: () => number,
): RowChange {
  const cut = new Set(below);
  return (rows, first) => {
    for (let row = first, at = 0; at < rows.length; row++, at += width) {
      const fresh = array === "weights" && row < inputs;
      for (const unit of own) rows[at + unit] = fresh ? draw() : 0;
      if (cut.has(row)) rows.fill(0, at, at + width);
    }
  };
}

/** Weights as at the beginning, from a stream of their own. */
function drawer(shape: NetworkShape, l: number, seed: number, step: number): () => number {
  const random = Random.stream(seed, `revival/${step}/${l + 1}`);
  const bound = initialBound(layerSizes(shape)[l]!);
  return () => (2 * random.uniform() - 1) * bound;
}

/** What the unit has been through was another's: as it is now it has never fired, nor been updated. */
function forget(history: UnitHistory, unit: number): void {
  history.lastFiredStep[unit] = -1;
  history.maxUpdate[unit] = 0;
  history.maxUpdateStep[unit] = -1;
}
