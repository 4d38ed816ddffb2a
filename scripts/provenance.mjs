/** Where figures of a run come from: for files in docs/results. */
import { execFileSync } from "node:child_process";
import os from "node:os";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const git = (...args) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();

/** Of this repository, and whether the sources have been changed since. */
export function commitOfSources() {
  return git("rev-parse", "HEAD") + (git("status", "--porcelain", "--", "src") ? " with changes" : "");
}

/** @param record the run's run.json */
export function provenanceOf(record) {
  return {
    versions: record.versions,
    commit: commitOfSources(),
    date: record.created.slice(0, 10),
    machine: {
      cpu: os.cpus()[0]?.model,
      cores: os.cpus().length,
      threads: record.host.threads,
      platform: record.host.platform,
    },
  };
}
