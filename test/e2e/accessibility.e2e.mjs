// The real webview in VS Code's own themes, seen by axe.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, afterEach, before, describe, it } from "mocha";
import { root } from "../host/paths.mjs";
import { Dashboard } from "./dashboard.mjs";
import { writeExperiment } from "./run-folder.mjs";
import { openSession } from "./session.mjs";
import { chooseTheme, themes } from "./themes.mjs";

const axe = readFileSync(path.join(root, "node_modules/axe-core/axe.min.js"), "utf8");

describe("the dashboard, to axe", () => {
  let session;
  let dashboard;

  before(async () => {
    // axe measures with styles and code of its own, which the page's policy would not let in
    session = await openSession({ page: { bypassCSP: true } });
    writeExperiment(session.workspace, "seen", { hidden: [40, 30], epochs: 2 });
    await session.workbench.runCommand("Rectiscope: Train…");
    await session.workbench.pick("seen");
    dashboard = await Dashboard.of(session.workbench, "seen");
    await dashboard.waitForState("finished");
  });
  after(() => session?.close());
  afterEach(async function () {
    if (this.currentTest.state === "failed")
      console.log(`    picture: ${await session.workbench.screenshot(`failed-axe-${this.currentTest.title}`)}`);
  });

  for (const name of Object.keys(themes)) {
    it(`has no fault in ${name}`, async () => {
      await chooseTheme(session, name);
      await dashboard.waitForTheme(themes[name].webview);
      await sleep(300); // colours change gradually
      const page = await dashboard.page();
      await page.evaluate(axe);
      const violations = await page.evaluate(async () => {
        const found = await globalThis.axe.run(document, { resultTypes: ["violations"] });
        return found.violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join("\n")}`,
        );
      });
      assert.deepEqual(violations, []);
    });
  }
});
