// The real webview in VS Code's own themes, seen by axe.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { before, describe, it } from "mocha";
import { root } from "../host/paths.mjs";
import { Dashboard } from "./dashboard.mjs";
import { InspectorPage } from "./inspectorPage.mjs";
import { onnx } from "./modelFiles.mjs";
import { writeExperiment } from "./run-folder.mjs";
import { inSession } from "./story.mjs";
import { chooseTheme, themes } from "./themes.mjs";

const axe = readFileSync(path.join(root, "node_modules/axe-core/axe.min.js"), "utf8");

describe("the dashboard, to axe", () => {
  // axe measures with styles and code of its own, which the page's policy would not let in
  const story = inSession({ page: { bypassCSP: true } });
  let dashboard;

  before(async () => {
    writeExperiment(story.workspace, "seen", { hidden: [40, 30], epochs: 2 });
    await story.workbench.runCommand("Rectiscope: Train…");
    await story.workbench.pick("seen");
    dashboard = await Dashboard.of(story.workbench, "seen");
    await dashboard.waitForState("finished");
  });

  for (const name of Object.keys(themes)) {
    it(`has no fault in ${name}`, async () => {
      await chooseTheme(story, name);
      await dashboard.waitForTheme(themes[name].webview);
      await sleep(300); // colours change gradually
      assert.deepEqual(await faultsOf(await dashboard.page()), []);
    });
  }
});

describe("the inspector, to axe", () => {
  const story = inSession({ page: { bypassCSP: true } });
  let inspector;

  before(async () => {
    const { workspace, workbench } = story;
    writeFileSync(path.join(workspace, "network.onnx"), onnx());
    await workbench.openFile("network.onnx");
    inspector = await InspectorPage.of(workbench, "network.onnx");
    await inspector.waitForState("done");
    await inspector.locator(".card").first().click();
    await inspector.locator(".grid-row").first().dblclick();
    await inspector.locator(".details-pane").waitFor();
  });

  for (const name of Object.keys(themes)) {
    it(`has no fault in ${name}`, async () => {
      await chooseTheme(story, name);
      await inspector.waitForTheme(themes[name].webview);
      await sleep(300);
      assert.deepEqual(await faultsOf(await inspector.page()), []);
    });
  }
});

async function faultsOf(page) {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const found = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join("\n")}`);
  });
}
