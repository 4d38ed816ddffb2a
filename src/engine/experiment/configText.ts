/** The text of a config file, read with care: a workspace may hold anything under that name. */
import { constants } from "node:fs";
import { open } from "node:fs/promises";

const maxBytes = 4_000_000;

/** A config cannot be read; the message says which file and why. */
export class ConfigReadError extends Error {
  override readonly name = "ConfigReadError";
  readonly code = "configUnreadable";

  constructor(
    message: string,
    readonly file: string,
  ) {
    super(message);
  }
}

/** @throws ConfigReadError */
export async function readConfigText(file: string): Promise<string> {
  try {
    // without waiting: a named pipe in the file's place must not hold the reader up
    const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const found = await handle.stat();
      if (!found.isFile())
        throw new ConfigReadError(
          `${file} is not a file. Name a config, such as examples/quick.rectiscope.json.`,
          file,
        );
      if (found.size > maxBytes)
        throw new ConfigReadError(
          `${file} has ${found.size} bytes; a config is much smaller. Check that it is the right file.`,
          file,
        );
      return await handle.readFile("utf8");
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof ConfigReadError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ConfigReadError(
      code === "ENOENT"
        ? `There is no config ${file}. Check the path.`
        : `The config ${file} cannot be read: ${message}.`,
      file,
    );
  }
}
