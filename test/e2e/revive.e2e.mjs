// Dead units are given fresh weights: by the dashboard's button while the run trains, by the palette once it has stopped; before and
// after stand in the dashboard as they do in the run folder.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { Dashboard } from "./dashboard.mjs";
import { lastValidation, readMetrics, readRun, runFolders } from "./run-folder.mjs";
import { inSteps } from "./steps.mjs";
import { inSession } from "./story.mjs";
import { chooseTheme, themes } from "./themes.mjs";
import { retry } from "./workbench.mjs";

const config = {
  dataset: { name: "mnist-sample" },
  network: { hidden: [60, 40] },
  // a penalty that kills
  training: { learningRate: 0.1, epochs: 20_000, l1: 0.03 },
  seed: 1,
};

describe("dead units that are revived", () => {
  const story = inSession();
  inSteps();
  const folder = () => runFolders(story.workspace, "revival").at(-1);
  const dashboardOf = () => Dashboard.of(story.workbench, "revival");
  const revivals = () => readMetrics(folder()).filter(({ kind }) => kind === "revive");
  const sum = (layers, key) => layers.reduce((total, layer) => total + layer[key], 0);

  it("are there, under a large penalty", async () => {
    writeFileSync(path.join(story.workspace, "revival.rectiscope.json"), JSON.stringify(config));
    await story.workbench.runCommand("Rectiscope: Train…");
    await story.workbench.pick("revival");
    await (await dashboardOf()).waitForState("running");
    await retry("dead units", () => assert.ok(sum(lastValidation(folder()).layers, "dead") > 0), { limitMs: 90_000 });
  });

  it("are revived by the dashboard's button, and the dashboard says how many, and what became of them", async () => {
    const dashboard = await dashboardOf();
    await dashboard.click("revive");
    const line = await retry("the revival in the run folder", () => {
      const [first] = revivals();
      assert.ok(first);
      return first;
    });
    assert.ok(line.requested);
    const revived = sum(line.layers, "revived");
    assert.ok(revived > 0);
    assert.equal(revived, sum(line.layers, "dead"));
    const next = await retry("the evaluation after it", () => {
      const found = readMetrics(folder()).find(({ revival }) => revival?.step === line.step);
      assert.ok(found);
      return found;
    });
    const fire = revived - sum(next.revival.layers, "again");
    const before = `${revived} dead unit${revived === 1 ? "" : "s"}`;
    const after = `${revived} → ${sum(next.layers, "dead")} dead`;
    await retry("before and after in the dashboard", async () => {
      const words = await dashboard.text("revival");
      for (const part of [before, after, `${fire} of the ${revived} revived fire`])
        assert.ok(words.includes(part), `${words}: ${part}`);
    });
    const button = (await dashboard.page()).locator('[data-action="revive"]');
    assert.equal((await button.textContent()).trim(), "Revive dead units", "it can be asked for again");
  });

  it("are revived by the palette in a run that was stopped, which goes on with it", async () => {
    const dashboard = await dashboardOf();
    await dashboard.stop();
    await dashboard.waitForState("stopped");
    for (const theme of Object.keys(themes)) {
      await chooseTheme(story, theme);
      await dashboard.waitForTheme(themes[theme].webview);
      await story.workbench.screenshot(`revived-${theme}`);
    }
    // the only run there is: nothing to choose
    await story.workbench.runCommand("Rectiscope: Revive Dead Units");
    await dashboard.waitForState("running");
    await retry("a second revival", () => assert.equal(revivals().length, 2));
    await dashboard.stop();
    await dashboard.waitForState("stopped");
    assert.equal(readRun(folder()).state, "stopped");
  });

  it("leave no error and no breach of the policy behind", () => {
    assert.deepEqual(story.workbench.pageErrors, []);
    assert.deepEqual(story.workbench.policyViolations, []);
  });
});
