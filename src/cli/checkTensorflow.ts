/** `rectiscope check-tensorflow`: whether TensorFlow's native library loads, and what would install it. */
import { english } from "../common/language.js";
import { tensorflowReport } from "../common/tensorflow.js";
import { checkTensorflow } from "../engine/tensorflow/remoteEngine.js";
import { exitCodes } from "./exitCodes.js";

/** @param folder where it is looked for; undefined for the usual one @returns 0 where it loads, else 1 */
export async function checkTensorflowCommand(
  folder: string | undefined,
  assets: string,
  json: boolean,
): Promise<number> {
  const found = await checkTensorflow(folder ?? null, assets);
  const lines = json ? [JSON.stringify(found)] : tensorflowReport(found, english);
  process.stdout.write(`${lines.join("\n")}\n`);
  return found.state === "ready" ? exitCodes.done : exitCodes.runFailed;
}
