/** Folders of the benchmark. It runs in the repository's root. */
import path from "node:path";

export const root = process.cwd();
export const dist = path.join(root, "dist");
export const cache = path.join(root, ".cache/bench");
export const source = path.join(root, "test/bench/speed");
export const program = path.join(cache, "program");
