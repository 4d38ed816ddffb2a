/** Pictures of a run, read and computed in a thread of their own. */
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { Pictures } from "../../common/pictures.js";
import type { PicturesAnswer, PicturesInput } from "../../engine/pictures/picturesWorker.js";

/**
 * @param assets folder with pictures.js
 * @returns null where the run's inputs are no images
 * @throws Error with the reason where there are none
 */
export async function picturesOf(assets: string, folder: string, from: number): Promise<Pictures | null> {
  const workerData: PicturesInput = { folder, from };
  const worker = new Worker(path.join(assets, "pictures.js"), {
    workerData,
    execArgv: [],
    name: "rectiscope pictures",
  });
  const answer = await new Promise<PicturesAnswer>((resolve) => {
    worker.once("message", resolve);
    worker.once("error", (error) => resolve({ error: String(error) }));
    worker.once("exit", (code) => resolve({ error: `The thread that draws pictures ended with code ${code}.` }));
  });
  if ("error" in answer) throw new Error(answer.error);
  return answer.pictures;
}
