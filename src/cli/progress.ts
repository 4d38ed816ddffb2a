/** Progress on stderr: a bar with the remaining time on a terminal, one line per evaluation anywhere else. */
import { duration, epochInProgress, integer, percent, significant } from "../common/format.js";
import type { EvalLine, Progress, ReconstructionLine, ReviveLine } from "../common/run.js";
import { epochName, examplesOf } from "./tables.js";
import { terminalBar } from "./terminalBar.js";

export interface ProgressDisplay {
  update(progress: Progress): void;
  evaluation(line: EvalLine): void;
  reconstruction(line: ReconstructionLine): void;
  revival(line: ReviveLine): void;
  /** Leaves the terminal as it was found. */
  end(): void;
}

export function progressDisplay(stream: NodeJS.WriteStream): ProgressDisplay {
  return stream.isTTY ? barDisplay(stream) : lineDisplay(stream);
}

function barDisplay(stream: NodeJS.WriteStream): ProgressDisplay {
  const bar = terminalBar(stream, "{share} · epoch {epoch} of {epochs} · {speed} examples/s · {remaining} · {figures}");
  let figures = "";
  let started = false;
  return {
    update(progress) {
      const shown = { ...shownProgress(progress), figures };
      if (started) bar.update(progress.step, shown);
      else bar.start(progress.totalSteps, progress.step, shown);
      started = true;
    },
    evaluation(line) {
      figures = figuresOf(line);
      if (started) bar.update({ figures });
    },
    reconstruction(line) {
      figures = reconstructionOf(line);
      if (started) bar.update({ figures });
    },
    revival(line) {
      figures = revivalOf(line);
      if (started) bar.update({ figures });
    },
    end() {
      if (started) bar.stop();
      started = false;
    },
  };
}

function lineDisplay(stream: NodeJS.WriteStream): ProgressDisplay {
  let latest: Progress | null = null;
  const tell = (line: EvalLine | ReconstructionLine, figures: string) => {
    const rest = latest && line.set === "valid" ? shownProgress(latest) : null;
    const parts = [`${epochName(line.epoch)}${rest ? ` of ${rest.epochs}` : ""}`, `${figures} (${examplesOf(line)})`];
    if (rest && latest?.remainingSeconds) parts.push(`${rest.speed} examples/s`, rest.remaining);
    stream.write(`${parts.join(" · ")}\n`);
  };
  return {
    update(progress) {
      latest = progress;
    },
    evaluation(line) {
      tell(line, figuresOf(line));
    },
    reconstruction(line) {
      tell(line, reconstructionOf(line));
    },
    revival(line) {
      stream.write(`${epochName(line.epoch)} · ${revivalOf(line)}\n`);
    },
    end() {},
  };
}

function shownProgress(progress: Progress) {
  const { step, totalSteps, epochs, samplesPerSecond, remainingSeconds } = progress;
  return {
    share: percent(step / totalSteps, 0).padStart(5),
    epoch: epochInProgress(progress, true),
    epochs,
    speed: integer(samplesPerSecond),
    remaining: remainingSeconds === null ? "…" : `${duration(remainingSeconds)} left`,
  };
}

/** Error, zeros and dead units over all hidden layers, as far as the units have them. */
function figuresOf({ error, set, l1, revival, layers }: EvalLine): string {
  const parts = [`${set === "test" ? "test" : "validation"} error ${percent(error, 2)}`];
  const zeros = layers.flatMap(({ sparsity }) => (sparsity === null ? [] : [sparsity]));
  if (zeros.length > 0) parts.push(`zeros ${percent(zeros.reduce((sum, share) => sum + share, 0) / zeros.length, 1)}`);
  const dead = layers.flatMap((layer) => (layer.dead === null ? [] : [layer.dead]));
  if (dead.length > 0) parts.push(`dead ${integer(dead.reduce((sum, units) => sum + units, 0))}`);
  if (l1 !== undefined) parts.push(`λ ${significant(l1)}`);
  if (revival) {
    const sum = (of: "revived" | "again") => revival.layers.reduce((total, layer) => total + layer[of], 0);
    parts.push(`${integer(sum("again"))} of ${integer(sum("revived"))} revived again as they were`);
  }
  return parts.join(" · ");
}

function revivalOf({ criterion, layers }: ReviveLine): string {
  const revived = layers.reduce((sum, layer) => sum + layer.revived, 0);
  return `revived ${integer(revived)} ${criterion} ${revived === 1 ? "unit" : "units"}`;
}

function reconstructionOf({ layer, loss, figures }: ReconstructionLine): string {
  const parts = [`pre-training, layer ${layer}`, `reconstruction error ${significant(loss)}`];
  if (figures.sparsity !== null) parts.push(`zeros ${percent(figures.sparsity, 1)}`);
  if (figures.dead !== null) parts.push(`dead ${integer(figures.dead)}`);
  return parts.join(" · ");
}
