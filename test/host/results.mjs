// Test results as mocha's JSON reporter writes them: read, counted and printed. And what was not run, with the reason.
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { resultsFolder } from "./paths.mjs";

const notRunFile = path.join(resultsFolder, "not-run.txt");

/** Says, now and at the end of `npm test`, that something was not run. */
export function notRun(what, reason) {
  const line = `${what}: not run (${reason})`;
  console.log(line);
  mkdirSync(resultsFolder, { recursive: true });
  appendFileSync(notRunFile, `${line}\n`);
}

export function readNotRun() {
  return existsSync(notRunFile) ? readFileSync(notRunFile, "utf8").trim().split("\n") : [];
}

/** @returns what a results file says, or undefined where a suite wrote none */
export function readResults(file) {
  if (!existsSync(file)) return undefined;
  const { passes, failures, pending } = JSON.parse(readFileSync(file, "utf8"));
  return { passes, failures, pending };
}

export function countResults({ passes, failures, pending }) {
  return { passed: passes.length, failed: failures.length, skipped: pending.length };
}

export function printResults({ passes, failures, pending }) {
  for (const test of passes) console.log(`  ✓ ${test.fullTitle} (${Math.round(test.duration ?? 0)} ms)`);
  for (const test of pending) console.log(`  - ${test.fullTitle} (skipped)`);
  for (const test of failures) console.log(`  ✗ ${test.fullTitle}\n${test.err.stack ?? test.err.message}`);
}
