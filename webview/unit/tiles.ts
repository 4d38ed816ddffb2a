/** The figures of a unit that matter first, at the last evaluation. */
import { definitions } from "../../src/common/metrics.js";
import type { UnitState } from "../../src/common/unitReport.js";
import { firings } from "../dashboard/units/unitKinds.js";
import { setWords } from "../dashboard/wording.js";
import { element } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { compact, epochNumber, integer, noFigure, smallPercent } from "../shared/numbers.js";
import { Tile } from "../shared/tile.js";
import { signed } from "./wording.js";

export class UnitTiles {
  readonly root = element("dl", { class: "tiles", attributes: { "aria-label": t("Key figures") } });
  private readonly fires = new Tile("firing-frequency", t(definitions.firingFrequency.text));
  private readonly mean = new Tile("mean-activation", t("Mean output of the unit, sign mask included."));
  private readonly bias = new Tile("bias", t("What is added to the weighted inputs."));
  private readonly norms = new Tile(
    "incoming-norm",
    t("‖w‖₂ of the weights that lead to the unit, and of those that leave it."),
  );
  private readonly last = new Tile("last-fired", t("The last training step in which the unit fired on any example."));

  constructor() {
    const { fires, mean, bias, norms, last } = this;
    this.root.append(...[fires, mean, bias, norms, last].map((tile) => tile.root));
  }

  /** @param activation of the layer */
  render(now: UnitState | null, activation: string): void {
    this.root.hidden = now === null;
    if (!now) return;
    const { set, n, firingFrequency: frequency, maxUpdate, lastFired } = now;
    const examples = (count: number) => t("{0} of {1} {2} examples", integer(count), integer(n), setWords[set]);
    this.fires.show(t("Fires on"), frequency, frequency === null ? noFigure : smallPercent(firings(frequency, n) / n), [
      frequency === null ? t("not defined for {0} units", activation) : examples(firings(frequency, n)),
    ]);
    this.mean.show(t("Mean activation"), now.meanActivation, signed(now.meanActivation), [
      t("largest |h| {0}", compact(now.maximum)),
    ]);
    this.bias.show(t("Bias"), now.bias, signed(now.bias), [t("epoch {0}", epochNumber(now.epoch))]);
    this.norms.show(
      t("‖w‖ in · out"),
      now.incomingNorm,
      `${compact(now.incomingNorm)} · ${compact(now.outgoingNorm)}`,
      [
        maxUpdate
          ? t("largest update {0} at epoch {1}", compact(maxUpdate.size), epochNumber(maxUpdate.at.epoch))
          : t("no update yet"),
      ],
    );
    const never = frequency === null ? t("not defined for {0} units", activation) : t("never in training");
    this.last.show(
      t("Last fired"),
      lastFired?.step ?? null,
      lastFired ? t("epoch {0}", epochNumber(lastFired.epoch)) : noFigure,
      [lastFired ? t("step {0}", integer(lastFired.step)) : never, ...traitsOf(now)],
    );
  }
}

function traitsOf({ dying, dormant, dead }: UnitState): string[] {
  return [...(dying && !dead ? [t("dying")] : []), ...(dormant && !dead ? [t("dormant")] : [])];
}
