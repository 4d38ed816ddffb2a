// Runs inside VS Code's extension host for test/bench/synthetic.mjs: starts the synthetic runs, and takes the host's own figures.
const { existsSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const { monitorEventLoopDelay } = require("node:perf_hooks");
const { setTimeout: sleep } = require("node:timers/promises");
const vscode = require("vscode");

// Shared with the process that watches the page: this one writes `begun-NAME` when a run has begun and NAME.json when it has
// ended, that one `seen-NAME` when it has measured.
const folder = process.env.RECTISCOPE_MEASURE;
const names = process.env.RECTISCOPE_RUNS.split(",");
const resolutionMs = 5;

async function run() {
  const extension = vscode.extensions.getExtension("rectiscope.rectiscope");
  const api = await extension.activate();
  const workspace = vscode.workspace.workspaceFolders[0].uri;
  for (const name of names) {
    const config = vscode.Uri.joinPath(workspace, `${name}.rectiscope.json`);
    const runFolder = await vscode.commands.executeCommand("rectiscope.train", config);
    if (!runFolder) throw new Error(`${name} has not started.`);
    writeFileSync(path.join(folder, `begun-${name}`), "");
    await sleep(2_000);
    const atStart = memory();
    const delay = monitorEventLoopDelay({ resolution: resolutionMs });
    delay.enable();
    const state = await api.whenEnded(runFolder);
    delay.disable();
    const figures = { state, atStart, atEnd: memory(), longestDelayMs: delay.max / 1e6 - resolutionMs };
    writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(figures));
    while (!existsSync(path.join(folder, `seen-${name}`))) await sleep(50);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  }
}

/** Of the whole extension host, in MiB. */
function memory() {
  const { rss, heapUsed } = process.memoryUsage();
  return { rss: rss / 2 ** 20, heap: heapUsed / 2 ** 20 };
}

module.exports = { run };
