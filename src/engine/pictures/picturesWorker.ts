/** Worker entry: reads and computes the pictures of a run, which takes too long for the extension host. Bundled as pictures.js. */
import { parentPort, workerData } from "node:worker_threads";
import type { Pictures } from "../../common/pictures.js";
import { readPictures } from "./readPictures.js";

export interface PicturesInput {
  /** Run folder, absolute. */
  folder: string;
  from: number;
}

/** `pictures` is null where the inputs are no images. */
export type PicturesAnswer = { pictures: Pictures | null } | { error: string };

function answer({ folder, from }: PicturesInput): PicturesAnswer {
  try {
    return { pictures: readPictures(folder, from) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.postMessage(answer(workerData as PicturesInput));
