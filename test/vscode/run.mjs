// Runs the extension-host suite (dist/test/vscode, built by `node esbuild.mjs --tests`): in the desktop VS Code where
// there is one, in the served VS Code otherwise. `--served` skips the desktop one.
import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { copyExamples, temporaryFolder } from "../host/folders.mjs";
import { runInHost } from "../host/in-host.mjs";
import { resultsFolder, root } from "../host/paths.mjs";
import { countResults, notRun, printResults, readResults } from "../host/results.mjs";
import { runOnDesktop, whyNoDesktop } from "./desktop.mjs";

const testModule = path.join(root, "dist/test/vscode/index.js");
const resultsFile = path.join(resultsFolder, "vscode.json");

/** Prints every test's outcome. @returns true if there were tests and all passed */
async function main() {
  rmSync(resultsFile, { force: true });
  if (!existsSync(testModule)) throw new Error("No built suite: run `node esbuild.mjs --tests` first.");
  const state = temporaryFolder("vscode");
  const run = {
    state,
    testModule,
    workspace: copyExamples(path.join(state, "workspace")),
    environment: { RECTISCOPE_TEST_RESULTS: resultsFile, ...(process.env.CI ? { CI: process.env.CI } : {}) },
  };
  const reason = process.argv.includes("--served") ? "not asked for" : await whyNoDesktop();
  if (reason) notRun("desktop VS Code", reason);
  console.log(`${reason ? "served" : "desktop"} VS Code:`);
  const good = reason ? await runInHost({ ...run, extension: root }) : await runOnDesktop(run);

  const results = readResults(resultsFile);
  if (!results) throw new Error("The suite ended without results.");
  printResults(results);
  const { passed, failed } = countResults(results);
  return good && failed === 0 && passed > 0;
}

process.exitCode = (await main()) ? 0 : 1;
