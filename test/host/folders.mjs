// Throw-away folders: a state for one served VS Code, and a fresh copy of the example workspace.
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { examplesFolder } from "./paths.mjs";

const temporary = [];

/** A new folder that goes away with this process (KEEP=1 keeps it, and says where it is). Short, because sockets go in it. */
export function temporaryFolder(name) {
  const folder = mkdtempSync(path.join(os.tmpdir(), `rs-${name}-`));
  if (temporary.length === 0) process.once("exit", tidyUp);
  temporary.push(folder);
  return folder;
}

function tidyUp() {
  for (const folder of temporary)
    if (process.env.KEEP) console.log(`kept ${folder}`);
    else rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Copies examples/ without the runs made there; with `overwrite: false` files already at the target stay as they are. */
export function copyExamples(target, { overwrite = true } = {}) {
  mkdirSync(target, { recursive: true });
  if (!existsSync(examplesFolder)) return target;
  cpSync(examplesFolder, target, {
    recursive: true,
    force: overwrite,
    filter: (source) => path.basename(source) !== ".rectiscope",
  });
  return target;
}
