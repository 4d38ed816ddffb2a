/** What commands that take long share: where they write, how they are ended, and how their hints are written. */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { exitCodes, InputError } from "./exitCodes.js";

/** @throws InputError unless the folder is absent or empty */
export async function checkOut(folder: string): Promise<void> {
  const details = { file: folder, key: "--out", value: folder };
  try {
    if ((await readdir(folder)).length === 0) return;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return;
    const what = code === "ENOTDIR" ? `${folder} is a file, or lies in one` : `${folder} cannot be read: ${message}`;
    throw new InputError("out", `--out has to be a folder that is empty or absent: ${what}. Name another.`, details);
  }
  throw new InputError(
    "out",
    `--out has to be a folder that is empty or absent: ${folder} is not empty. Name another.`,
    details,
  );
}

/** The first SIGINT or SIGTERM calls `stop` and then `told`; the second ends the process at once. */
export function watchSignals(stop: () => void, told: () => void) {
  const codes = { SIGINT: exitCodes.interrupted, SIGTERM: exitCodes.terminated } as const;
  let code: number | null = null;
  const listener = (signal: NodeJS.Signals) => {
    if (code !== null) process.exit(codes[signal as keyof typeof codes]);
    code = codes[signal as keyof typeof codes];
    stop();
    told();
  };
  process.on("SIGINT", listener).on("SIGTERM", listener);
  return {
    exitCode: () => code,
    end: () => process.off("SIGINT", listener).off("SIGTERM", listener),
  };
}

/** A path as one would type it: relative where that is shorter to read. */
export function fromHere(target: string): string {
  const relative = path.relative("", target);
  return relative === "" || relative.startsWith("..") ? target : relative;
}

export function shellQuoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
