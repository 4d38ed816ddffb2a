// Runs inside VS Code's extension host for test/bench/budgets.mjs: takes the times that only can be taken there.
const { existsSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const { monitorEventLoopDelay } = require("node:perf_hooks");
const { setTimeout: sleep } = require("node:timers/promises");
const vscode = require("vscode");

// RECTISCOPE_MEASURE names a folder shared with the process that watches the page: this one writes host.json there,
// that one a file `painted-N` when it has seen the N-th dashboard painted.
const folder = process.env.RECTISCOPE_MEASURE;
const OPENINGS = 5;

async function run() {
  const extension = vscode.extensions.getExtension("rectiscope.rectiscope");
  const api = await extension.activate();
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();

  const config = vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, "quick.rectiscope.json");
  const commandTimes = [Date.now()];
  const runFolder = await vscode.commands.executeCommand("rectiscope.train", config);
  await api.whenEnded(runFolder);
  delay.disable();
  await painted(0);

  for (let opening = 1; opening <= OPENINGS; opening++) {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await sleep(1_000);
    commandTimes.push(Date.now());
    await vscode.commands.executeCommand("rectiscope.openDashboard", runFolder);
    await painted(opening);
  }

  const measured = {
    vscode: vscode.version,
    node: process.version,
    activationMs: api.activationMs,
    longestBlockMs: api.longestBlockMs?.() ?? null,
    longestDelayMs: delay.max / 1e6,
    commandTimes,
  };
  writeFileSync(path.join(folder, "host.json"), JSON.stringify(measured));
}

async function painted(opening) {
  const deadline = Date.now() + 30_000;
  while (!existsSync(path.join(folder, `painted-${opening}`))) {
    if (Date.now() > deadline) throw new Error(`Dashboard ${opening} has not been painted.`);
    await sleep(20);
  }
}

module.exports = { run };
