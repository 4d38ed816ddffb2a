// Model files, as VS Code's own commands open them.
import * as assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, before, describe, it } from "mocha";
import * as vscode from "vscode";
import { floats, npyFile, safetensorsFile } from "../support/modelFiles.js";
import { activate, until, webviewTabs, workspace } from "./support.js";

const inWorkspace = (name: string) => vscode.Uri.file(path.join(workspace(), name));

/** File name and kind of editor of every custom editor that is open. */
function customTabs(): string[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.flatMap(({ input }) =>
    input instanceof vscode.TabInputCustom ? [`${path.basename(input.uri.fsPath)} ${input.viewType}`] : [],
  );
}

before(async () => {
  await activate();
  const header = { "fc.weight": { dtype: "F32", shape: [2, 2], data_offsets: [0, 16] } };
  for (const name of ["a.safetensors", "b.safetensors"])
    writeFileSync(inWorkspace(name).fsPath, safetensorsFile(header, floats(0, 1, 2, 3)));
  writeFileSync(inWorkspace("c.npy").fsPath, npyFile("'<f4'", "(2,)", floats(0, 1)));
});

afterEach(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

describe("the inspector", () => {
  it("is the editor of safetensors", async () => {
    await vscode.commands.executeCommand("vscode.open", inWorkspace("a.safetensors"));
    await until("the inspector", () => customTabs().includes("a.safetensors rectiscope.inspector"));
  });

  it("opens arrays when it is asked to, by Open With and by its own command", async () => {
    await vscode.commands.executeCommand("vscode.openWith", inWorkspace("c.npy"), "rectiscope.inspector.optional");
    await until("the inspector", () => customTabs().includes("c.npy rectiscope.inspector.optional"));
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await vscode.commands.executeCommand("rectiscope.inspectModel", inWorkspace("c.npy"));
    await until("the inspector", () => customTabs().includes("c.npy rectiscope.inspector"));
  });

  it("compares two files, and the same two only once", async () => {
    const both = [inWorkspace("a.safetensors"), inWorkspace("b.safetensors")];
    for (let i = 0; i < 2; i++) await vscode.commands.executeCommand("rectiscope.compareModels", both[0], both);
    await until("the comparison", () => webviewTabs().length > 0);
    assert.deepEqual(webviewTabs(), ["a.safetensors ↔ b.safetensors"]);
  });
});
