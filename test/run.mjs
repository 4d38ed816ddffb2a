// `npm test`: builds, checks, packages and runs every suite, one after the other. A step that fails does not keep the
// next ones from running. The last line alone counts the tests: "N passed, N failed[, N skipped]".
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { resultsFolder, root } from "./host/paths.mjs";
import { countResults, readNotRun, readResults } from "./host/results.mjs";

const unitResults = path.join(resultsFolder, "unit.json");
const unitReport = ["--reporter=default", "--reporter=json", `--outputFile.json=${unitResults}`];

const soakShare = ["--cli", "4", "--worker", "4", "--host", "0", "--seed", "1", "--no-record"];

const steps = [
  { name: "build", command: ["npm", "run", "build", "--", "--tests"] },
  { name: "types and style", command: ["npm", "run", "check"] },
  { name: "unit tests", command: ["npx", "vitest", "run", ...unitReport], count: () => countUnit(unitResults) },
  { name: "a small share of the soak", command: ["node", "test/soak/kills.mjs", ...soakShare] },
  { name: "dashboard in a browser", command: ["node", "test/dashboard/checks.mjs"], count: () => count("dashboard") },
  { name: "sweep page in a browser", command: ["node", "test/sweepPage/checks.mjs"], count: () => count("sweepPage") },
  {
    name: "inspector in a browser",
    command: ["node", "test/inspectorPage/checks.mjs"],
    count: () => count("inspectorPage"),
  },
  {
    name: "data set page in a browser",
    command: ["node", "test/datasetPage/checks.mjs"],
    count: () => count("datasetPage"),
  },
  {
    name: "units' curves in a browser",
    command: ["node", "test/unitCurvesPage/checks.mjs"],
    count: () => count("unitCurvesPage"),
  },
  { name: "unit page in a browser", command: ["node", "test/unitPage/checks.mjs"], count: () => count("unitPage") },
  { name: "tests in VS Code's extension host", command: ["node", "test/vscode/run.mjs"], count: () => count("vscode") },
  { name: "package", command: ["npm", "run", "package"] },
  { name: "end-to-end tests", command: ["node", "test/e2e/run.mjs"], count: () => count("e2e") },
];

// Results of an earlier time must not count, nor suites built from files that are gone.
for (const folder of [resultsFolder, path.join(root, "dist/test")]) rmSync(folder, { recursive: true, force: true });
mkdirSync(resultsFolder, { recursive: true });

const outcomes = steps.map(runStep);
console.log();
for (const { name, good, seconds, counts } of outcomes) {
  console.log(`${good ? "✓" : "✗"} ${name}${counts ? `: ${inWords(counts)}` : ""} (${seconds} s)`);
}
for (const line of readNotRun()) console.log(`- ${line}`);
const total = { passed: 0, failed: 0, skipped: 0 };
for (const { good, counts } of outcomes) {
  for (const key of Object.keys(total)) total[key] += counts?.[key] ?? 0;
  // A step can fail without a test that fails: a build, or a suite that never got to its tests.
  if (!good && !counts?.failed) total.failed += 1;
}
console.log(inWords(total));
process.exitCode = outcomes.every(({ good }) => good) ? 0 : 1;

function runStep({ name, command: [program, ...args], count }) {
  console.log(`\n── ${name} ──`);
  const started = Date.now();
  const { status, error } = spawnSync(program, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32", // npm and npx are scripts there
  });
  if (error) console.error(error.message);
  const seconds = Math.round((Date.now() - started) / 1000);
  const counts = count?.();
  const good = status === 0 && (!count || (counts !== undefined && counts.failed === 0));
  console.log(`── ${name}: ${good ? "passed" : "FAILED"} in ${seconds} s ──`);
  return { name, good, seconds, counts };
}

function count(suite) {
  const results = readResults(path.join(resultsFolder, `${suite}.json`));
  return results && countResults(results);
}

function countUnit(file) {
  if (!existsSync(file)) return undefined;
  const report = JSON.parse(readFileSync(file, "utf8"));
  const broken = report.testResults.filter((suite) => suite.status === "failed" && suite.assertionResults.length === 0);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function inWords({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
