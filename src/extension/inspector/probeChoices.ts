/** The experiments that a probe can take its data from: those of the workspace, those that are packed, and what a person named. */
import { readdir } from "node:fs/promises";
import path from "node:path";
import type { ProbeChoice } from "../../common/inspectorMessages.js";
import { loadConfigText, loadExperimentFile } from "../engine.js";
import type { ExperimentIndex } from "../experiments/experimentIndex.js";
import { experimentName, isExperiment } from "../experiments/experimentPattern.js";
import { configFileOf } from "../runs/configOfRun.js";
import { readRecord } from "../runs/readModel.js";

/**
 * @param packedFolder of the examples that come with Rectiscope
 * @param named experiments from anywhere else
 */
export async function probeChoices(
  experiments: ExperimentIndex,
  packedFolder: string,
  named: Iterable<string>,
): Promise<ProbeChoice[]> {
  const choices = (await experiments.list()).map(
    ({ file, name, experiment }): ProbeChoice => ({
      file,
      name,
      dataset: experiment?.dataset.name ?? null,
      packed: false,
    }),
  );
  const has = (file: string) => choices.some((choice) => choice.file === file);
  for (const file of named) if (!has(file)) choices.push(await choiceOf(file, false));
  // a copy of the examples is worked on, and shown alone
  const names = new Set(choices.map(({ file }) => path.basename(file)));
  const packed = (await readdir(packedFolder).catch(() => [])).filter((name) => isExperiment(name) && !names.has(name));
  for (const name of packed.sort()) choices.push(await choiceOf(path.join(packedFolder, name), true));
  return choices;
}

/** The config of the run that wrote a checkpoint; null where the file is none, or the config is gone. */
export async function configOfCheckpoint(model: string): Promise<string | null> {
  const folder = path.resolve(path.dirname(model), "..");
  try {
    const config = await configFileOf({ folder, record: await readRecord(folder) });
    return isExperiment(config) ? config : null;
  } catch {
    return null; // most model files are no checkpoints of a run
  }
}

async function choiceOf(file: string, packed: boolean): Promise<ProbeChoice> {
  const { readExperiment } = await loadExperimentFile();
  const { readConfigText } = await loadConfigText();
  const { experiment } = readExperiment(await readConfigText(file).catch(() => ""), file);
  return { file, name: experiment?.name ?? experimentName(file), dataset: experiment?.dataset.name ?? null, packed };
}
