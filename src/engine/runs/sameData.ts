/** Whether the data are those that a run was trained on. */
import type { RunRecord } from "../../common/run.js";
import type { Dataset } from "../data/dataset.js";
import { RunFolderError } from "./runFolderError.js";

/** @throws RunFolderError where they are not */
export function checkSameData({ dataset: then }: RunRecord, now: Dataset, folder: string): void {
  if (!then || then.sha256 === now.sha256) return;
  throw new RunFolderError(
    `The run ${folder} was trained on other data: ${then.name} from ${then.origin} is not what is now in ${now.origin}. Put the data back, or run the config again.`,
    { code: "otherData", file: now.origin },
  );
}
