/** vocabulary.json of a run on texts: what its inputs and classes stand for, also where the data are not on this machine. */
import fs from "node:fs";
import path from "node:path";
import { z } from "zod";
import { limits } from "../../common/experiment.js";
import { runFiles } from "../runs/runFolder.js";
import { RunFolderError } from "../runs/runFolderError.js";

const maxBytes = 64 * 2 ** 20;
const vocabularySchema = z.object({
  terms: z.array(z.string()).max(limits.vocabulary),
  classes: z.array(z.string()).max(limits.classes).nullish(),
});

/** @returns null for runs on other data @throws RunFolderError where it is damaged */
export function readVocabulary(folder: string): { terms: string[]; classes: string[] | null } | null {
  const file = path.join(folder, runFiles.vocabulary);
  try {
    const found = fs.statSync(file, { throwIfNoEntry: false });
    if (!found) return null;
    if (!found.isFile() || found.size > maxBytes) throw new Error(`it is no file of at most ${maxBytes} bytes`);
    const { terms, classes = null } = vocabularySchema.parse(JSON.parse(fs.readFileSync(file, "utf8")));
    return { terms, classes };
  } catch (error) {
    const what = error instanceof z.ZodError ? (error.issues[0]?.message ?? "") : (error as Error).message;
    throw new RunFolderError(`${file} is damaged: ${what.replace(/\.+$/, "")}. Run its config again.`, {
      code: "damaged",
      file,
    });
  }
}
