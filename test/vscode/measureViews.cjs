// Runs inside VS Code's extension host for test/bench/views.mjs: trains, and does there what that one asks for meanwhile.
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const { setTimeout: sleep } = require("node:timers/promises");
const vscode = require("vscode");

// Shared with the process that measures: this one writes `folder` with the run's folder, then does what `ask-N` says, a command
// with its arguments, and answers with `done-N`, until it is asked for the end.
const shared = process.env.RECTISCOPE_MEASURE;

async function run() {
  const extension = vscode.extensions.getExtension("rectiscope.rectiscope");
  const api = await extension.activate();
  const config = vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, "watched.rectiscope.json");
  const folder = await vscode.commands.executeCommand("rectiscope.train", config);
  if (!folder) throw new Error("The run has not started.");
  writeFileSync(path.join(shared, "folder"), folder);
  for (let at = 0; ; at++) {
    const ask = path.join(shared, `ask-${at}`);
    while (!existsSync(ask)) await sleep(20);
    const words = JSON.parse(readFileSync(ask, "utf8"));
    if (words === "end") break;
    await vscode.commands.executeCommand(...words);
    writeFileSync(path.join(shared, `done-${at}`), "");
  }
  await vscode.commands.executeCommand("rectiscope.stopRun", folder);
  await api.whenEnded(folder);
}

module.exports = { run };
