/** What is said of units that were revived, and of a target sparsity that a penalty cannot reach. */
import type { ReviveLine } from "../../src/common/run.js";
import { t } from "../shared/l10n.js";
import { counted, epochNumber, integer, percent } from "../shared/numbers.js";
import type { DashboardModel } from "./model.js";
import type { NoticeWords } from "./notice.js";

/** Of the last revival: before, and as soon as it is known after; null where nothing was revived. */
export function revivalNotice(model: DashboardModel): NoticeWords | null {
  const line = model.revivals.at(-1);
  if (!line) return null;
  const at = epochNumber(line.epoch);
  const revived = sum(line.layers.map((layer) => layer.revived));
  const dead = line.criterion === "dead";
  if (revived === 0) {
    const none = dead ? t("No dead units at epoch {0}", at) : t("No dormant units at epoch {0}", at);
    return { kind: "info", title: none, text: [t("There was nothing to revive.")] };
  }
  const units = dead
    ? counted(revived, "{0} dead unit", "{0} dead units")
    : counted(revived, "{0} dormant unit", "{0} dormant units");
  const title = t("Revived {0} at epoch {1}", units, at);
  return { kind: "info", title, text: afterwards(model, line, revived) };
}

/** What the first evaluation after it found. */
function afterwards(model: DashboardModel, line: ReviveLine, revived: number): string[] {
  const next = model.shown.find(({ revival }) => revival?.step === line.step);
  if (!next?.revival) return [model.live ? t("The next evaluation tells what becomes of them.") : ""];
  const again = sum(next.revival.layers.map((layer) => layer.again));
  const before = sum(line.layers.map((layer) => layer.dead ?? 0));
  const after = sum(next.layers.map((layer) => layer.dead ?? 0));
  const examples = counted(next.n, "{0} example", "{0} examples");
  const epoch = epochNumber(next.epoch);
  const whole =
    line.layers[0]?.dead === null
      ? ""
      : t("{0} → {1} dead by epoch {2} ({3}).", integer(before), integer(after), epoch, examples);
  const good = revived - again;
  const own =
    line.criterion === "dead"
      ? t("{0} of the {1} revived fire.", integer(good), integer(revived))
      : t("{0} of the {1} revived are not dormant any more.", integer(good), integer(revived));
  return [[whole, own].filter(Boolean).join(" ")];
}

/** How far beside the target counts as off it. */
const farOff = 0.02;

/** A penalty only makes sparser: what is sparser than the target by itself stays so. Null while all is well. */
export function targetNotice(model: DashboardModel): NoticeWords | null {
  const target = model.run?.config?.training.targetSparsity;
  const { latest } = model;
  if (target === undefined || latest?.l1 !== 0) return null;
  const paused = model.run?.config?.training.revive?.pauseL1Epochs ?? 0;
  const revival = model.revivals.at(-1);
  if (revival && latest.epoch <= revival.epoch + paused) return null;
  const mean = sum(latest.layers.map(({ sparsity }) => sparsity ?? 0)) / latest.layers.length;
  if (mean < target + farOff) return null;
  const title = t("Sparser than its target by itself: {0}, not {1}", percent(mean, 1), percent(target, 1));
  const text = t("λ is 0: a penalty cannot make a network less sparse. A smaller learning rate leaves it less sparse.");
  return { kind: "info", title, text: [text] };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
