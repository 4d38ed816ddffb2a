/** The network of a run as one of its checkpoints has it: of any program's runs whose checkpoints have the names of docs/run-folder.md. */
import fs from "node:fs";
import type { RunRecord } from "../../common/run.js";
import type { CheckpointUsed, Missing, Moment } from "../../common/unitReport.js";
import { FormatError } from "../formats/formatError.js";
import type { NetworkArrays } from "../network/networkArrays.js";
import { arraysInFile, checkpointFile } from "../runs/runCheckpoint.js";
import { RunFolderError } from "../runs/runFolderError.js";
import { TensorFile } from "../runs/tensorFile.js";
import { momentAt } from "./causeOfDeath.js";

export interface RunNetwork {
  checkpoint: CheckpointUsed;
  /** The softmax layer last. */
  arrays: NetworkArrays;
  sharpness: number;
  /** Of a hidden layer, counted from 0; null where the file has none, which then flips none. */
  signs(layer: number): Float32Array | null;
  /** Differs when the file does. */
  stamp: string;
}

/** That which fits to the run's last evaluation: `last`, or `best` where there is no other. */
export function openRunNetwork(
  folder: string,
  run: Pick<RunRecord, "layers" | "progress">,
  moments: readonly Moment[],
): RunNetwork | Missing {
  const name = (["last", "best"] as const).find((one) => fs.existsSync(checkpointFile(folder, one)));
  if (!name)
    return {
      missing: "noCheckpoint",
      message: `The run ${folder} has no checkpoint: neither ${checkpointFile(folder, "last")} nor best.safetensors is there. It has one after its first evaluation.`,
    };
  const file = checkpointFile(folder, name);
  const damaged = (what: string): Missing => ({
    missing: "damaged",
    message: `The checkpoint ${file} is damaged: ${what.replace(/\.+$/, "")}. Run its config again.`,
  });
  const lost = (why: string) =>
    new RunFolderError(`The checkpoint ${file} cannot be read: ${why}. Ask again.`, { code: "noCheckpoint", file });
  try {
    const { ino, size, mtimeMs } = fs.statSync(file);
    const opened = TensorFile.open(file, lost);
    const hidden = run.layers.slice(0, -1);
    const layers = run.layers.map(({ inputs, units }, l) => ({ inputs, units, hidden: l < hidden.length }));
    for (const [l, { inputs, units }] of layers.entries())
      for (const [tensor, length] of [
        ["weights", inputs * units],
        ["biases", units],
      ] as const)
        if (!opened.has(`layer${l + 1}.${tensor}`, "F32", length))
          return damaged(`layer${l + 1}.${tensor} is not there with ${length} values of type F32`);
    const step = Number(opened.metadata.step ?? run.progress.step);
    if (!(Number.isInteger(step) && step >= 0)) return damaged("it does not say of which step it is");
    const sharpness = Number(opened.metadata.sharpness ?? 1);
    const epoch = Number(opened.metadata.epoch);
    const at = epoch >= 0 ? { step, epoch } : moments.length > 0 ? momentAt(step, moments) : { step, epoch: 0 };
    const signs = (layer: number) => {
      const { units } = layers[layer] as { units: number };
      const tensor = `layer${layer + 1}.signs`;
      return opened.has(tensor, "F32", units) ? opened.array(tensor, "F32") : null;
    };
    return {
      checkpoint: { name, ...at },
      arrays: {
        ...arraysInFile(opened, layers),
        signs: (layer) => signs(layer) ?? new Float32Array(layers[layer]?.units ?? 0).fill(1),
      },
      sharpness: sharpness > 0 && sharpness < Number.POSITIVE_INFINITY ? sharpness : 1,
      signs,
      stamp: `${name} ${ino} ${size} ${mtimeMs}`,
    };
  } catch (error) {
    if (error instanceof FormatError) return damaged(error.message);
    return {
      missing: "damaged",
      message: error instanceof RunFolderError ? error.message : lost((error as Error).message).message,
    };
  }
}
