/** Where, when and of what the results are. */
import { execFileSync } from "node:child_process";
import os from "node:os";
import { root } from "./places.js";

export function machine() {
  return {
    cpu: os.cpus()[0]?.model.trim() ?? "unknown",
    cores: os.cpus().length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    platform: `${os.platform()}-${os.arch()}`,
    node: process.versions.node,
    v8: process.versions.v8,
    /** Of the minute before; on two cores, anything near 1 or above means that others were at work. */
    load: os.loadavg()[0],
  };
}

/** The commit measured; "+" says that files differed from it. */
export function commit(): string | null {
  try {
    const git = (...args: string[]) =>
      execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return git("rev-parse", "--short", "HEAD").trim() + (git("status", "--porcelain").trim() ? "+" : "");
  } catch {
    return null;
  }
}
