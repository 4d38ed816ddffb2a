/** Where tfjs-node is installed, as far as files tell, and what would install it. Loads nothing of it. */
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { type TensorflowFound, tensorflowVersion } from "../../common/tensorflow.js";
import { userTensorflowFolder } from "../data/downloadFolder.js";

/** The first that is there is taken: who has installed the one for GPUs means it. */
const packages = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"];

/** @param named null for the usual folder @returns `broken` where everything is there, until it has loaded */
export function lookForTensorflow(named: string | null): TensorflowFound {
  const folder = named ?? userTensorflowFolder();
  const installed = packageIn(folder);
  const found = {
    folder,
    named: named !== null,
    package: installed,
    library: null,
    provided: [],
    problem: null,
    host: thisHost(),
  };
  if (!installed)
    return { ...found, state: "notInstalled", command: npm("install", folder, `${packages[1]}@${tensorflowVersion}`) };
  const command = npm("rebuild", folder, installed.name);
  return hasLibrary(installed.folder)
    ? { ...found, state: "broken", command }
    : { ...found, state: "noLibrary", command };
}

/** Of the package that was found: what loads it. */
export function requireFrom(folder: string): NodeJS.Require {
  return createRequire(path.join(folder, "package.json"));
}

function packageIn(folder: string): TensorflowFound["package"] {
  for (const name of packages)
    try {
      const file = fs.realpathSync(requireFrom(folder).resolve(`${name}/package.json`));
      const { version } = JSON.parse(fs.readFileSync(file, "utf8")) as { version?: unknown };
      return { name, version: String(version), folder: path.dirname(file) };
    } catch {
      // not there, or not a package
    }
  return null;
}

/** What its installation downloads or builds: lib/napi-v8/tfjs_binding.node and the like. */
function hasLibrary(folder: string): boolean {
  try {
    return fs
      .readdirSync(path.join(folder, "lib"))
      .some((name) => fs.existsSync(path.join(folder, "lib", name, "tfjs_binding.node")));
  } catch {
    return false;
  }
}

function npm(what: "install" | "rebuild", folder: string, name: string): string {
  return `npm ${what} --prefix ${quoted(folder)} ${name}`;
}

/** As the shells of the platform take it. */
function quoted(folder: string): string {
  if (/^[\w@%+=:,./\\-]+$/.test(folder)) return folder;
  return process.platform === "win32" ? `"${folder}"` : `'${folder.replaceAll("'", "'\\''")}'`;
}

function thisHost(): string {
  return `Node ${process.versions.node}, ${process.platform} ${process.arch}`;
}
