// A unit's page: a network in which units die is trained, a dead one opened from the map; its figures are those of the run folder, its
// connections lead on, what would mend it leads to the config, and a reload of the window brings the page back.
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { Dashboard } from "./dashboard.mjs";
import { lastValidation, readUnitColumn, runFolders } from "./run-folder.mjs";
import { inSteps } from "./steps.mjs";
import { inSession } from "./story.mjs";
import { chooseTheme, themes } from "./themes.mjs";
import { retry } from "./workbench.mjs";

const config = `{
  "dataset": { "name": "mnist-sample" },
  "network": { "hidden": [60, 40] },
  // large enough to kill
  "training": { "learningRate": 0.5, "epochs": 3 },
  "seed": 1
}
`;

describe("the page of a unit", () => {
  const story = inSession();
  inSteps();
  let folder;
  let dead;
  let living;
  /** The visible page, once it is about that unit and everything has been computed. */
  const pageOf = (layer, unit, state = "done") =>
    story.workbench.webview(`Unit ${layer}·${unit} of deaths`, {
      has: `.unit-page[data-layer="${layer}"][data-unit="${unit}"][data-state="${state}"]`,
    });
  const value = async (page, field) => {
    const raw = await page.locator(`[data-field="${field}"]`).getAttribute("data-value");
    return raw === "" ? null : Number(raw);
  };
  const column = (layer, name) => readUnitColumn(folder, lastValidation(folder).step, layer, name);

  it("is asked for on the map of a run in which units died", async () => {
    writeFileSync(path.join(story.workspace, "deaths.rectiscope.json"), config);
    await story.workbench.runCommand("Rectiscope: Train…");
    await story.workbench.pick("deaths");
    const dashboard = await Dashboard.of(story.workbench, "deaths");
    await dashboard.waitForState("finished");
    folder = runFolders(story.workspace, "deaths").at(-1);
    const map = (await dashboard.page()).locator("[data-map]");
    // the layer with most dead units is shown, the dead at the end
    await retry("dead units on the map", async () => {
      assert.ok(Number(await map.getAttribute("data-dead")) > 0);
    });
    await map.focus();
    await map.press("Control+End");
    const tip = (await dashboard.page()).locator("[data-unit-tip]");
    dead = { layer: Number(await map.getAttribute("data-layer")), unit: Number(await tip.getAttribute("data-unit")) };
    await map.press(" ");
    await story.workbench.screenshot("unit-tip");
    await tip.locator('[data-action="openUnit"]').click();
    await pageOf(dead.layer, dead.unit);
  });

  it("says that it is dead, of what, and shows the figures of the run folder", async () => {
    const { layer, unit } = dead;
    const page = await pageOf(layer, unit);
    const { step, n } = lastValidation(folder);
    assert.equal(await page.locator('[data-field="state"]').getAttribute("data-value"), "dead");
    for (const [field, name] of [
      ["firing-frequency", "firingFrequency"],
      ["mean-activation", "meanActivation"],
      ["bias", "bias"],
      ["incoming-norm", "incomingNorm"],
    ]) {
      const [shown, kept] = [await value(page, field), readUnitColumn(folder, step, layer, name)[unit]];
      assert.ok(Math.abs(shown - kept) <= 1e-6 * Math.abs(kept), `${field} ${shown}, in the folder ${kept}`);
    }
    const words = await page.locator('[data-field="measured"]').innerText();
    assert.match(words, new RegExp(`fires on 0 of ${n.toLocaleString("en")} validation examples`));
    const cause = page.locator('[data-field="cause"]');
    assert.match(
      await cause.getAttribute("data-value"),
      /^(neverAlive|largeUpdate|biasDriven|decayed|deadInputs|unknown)$/,
    );
    assert.ok((await cause.locator(".cause-evidence").innerText()).length > 20);
  });

  it("has charts with the history that the folder has, as tables too", async () => {
    const page = await pageOf(dead.layer, dead.unit);
    const chart = page.locator('[data-chart="bias"]');
    await chart.locator("summary").click();
    const rows = await chart.locator("tbody tr").allInnerTexts();
    const steps = rows.map((row) => Number(row.split(/\s+/)[1].replaceAll(",", "")));
    assert.equal(steps.at(-1), lastValidation(folder).step);
    assert.equal(steps[0], 0);
    assert.equal(await page.locator(".weight-picture").count(), 1);
    await chart.locator("summary").click();
  });

  for (const name of Object.keys(themes))
    it(`looks like VS Code in its theme ${name}`, async () => {
      await chooseTheme(story, name);
      await story.workbench.screenshot(`unit-${name}`);
    });

  it("leads along connections to other units, and back", async () => {
    const page = await pageOf(dead.layer, dead.unit);
    const above = dead.layer === 1;
    const link = page.locator(`[data-connections="${above ? "above" : "below"}-positive"] .unit-link`).first();
    const next = await link.evaluate(({ dataset }) => ({ layer: Number(dataset.layer), unit: Number(dataset.unit) }));
    assert.equal(next.layer, above ? 2 : 1);
    await link.click();
    const other = await pageOf(next.layer, next.unit);
    const kept = column(next.layer, "bias")[next.unit];
    assert.ok(Math.abs((await value(other, "bias")) - kept) <= 1e-6 * Math.abs(kept));
    await other.locator('[data-action="back"]').click();
    await pageOf(dead.layer, dead.unit);
  });

  it("shows what excites a living unit, and what it gives on each class", async () => {
    living = column(1, "firingFrequency").findIndex((frequency) => frequency > 0.05 && frequency < 0.9);
    await story.workbench.runCommand("Rectiscope: Open Unit…");
    await story.workbench.pick("Layer 1");
    const input = story.workbench.page.locator(".quick-input-widget:visible .quick-input-filter input").first();
    await retry("the question for the number", async () => {
      assert.match(
        await story.workbench.page.locator(".quick-input-widget:visible").innerText(),
        /Which unit of layer 1/,
      );
    });
    await input.fill(String(living));
    await input.press("Enter");
    const page = await pageOf(1, living);
    assert.equal(await page.locator("canvas.sample").count(), 12);
    assert.equal(await page.locator('[data-section="classes"] tbody tr').count(), 10);
    const counts = await page.locator('[data-section="classes"] tbody tr td:nth-child(4)').allInnerTexts();
    const fired = counts.reduce((sum, words) => sum + Number(words.split(" ")[0].replaceAll(",", "")), 0);
    // of the last evaluation and the last checkpoint, which are of the same step
    const { n } = lastValidation(folder);
    assert.ok(Math.abs(fired / n - column(1, "firingFrequency")[living]) < 0.05, `${fired} of ${n}`);
    await story.workbench.screenshot("unit-alive");
  });

  it("leads from dead unit to dead unit", async () => {
    const all = [1, 2].flatMap((layer) =>
      column(layer, "firingFrequency").flatMap((frequency, unit) => (frequency === 0 ? [{ layer, unit }] : [])),
    );
    const after = all.filter((place) => place.layer > 1 || place.unit > living);
    const here = await pageOf(1, living);
    await here.locator('[data-action="nextDead"]').click();
    dead = after[0] ?? all[0];
    const page = await pageOf(dead.layer, dead.unit);
    assert.equal(await page.locator('[data-field="state"]').getAttribute("data-value"), "dead");
  });

  it("opens the config at the key that would mend it", async () => {
    const page = await pageOf(dead.layer, dead.unit);
    await page.locator('[data-action="revealKey"][data-key="training.learningRate"]').click();
    const { page: window } = story.workbench;
    await window.locator(".tab.active").filter({ hasText: "deaths.rectiscope.json" }).waitFor();
    await retry("the key selected", async () => {
      assert.match(await story.workbench.statusBarText(), /Ln 5.*selected/);
    });
    await story.workbench.screenshot("unit-config");
    await story.workbench.runCommand("View: Close Editor");
  });

  it("is there again after a reload of the window", async () => {
    await story.workbench.openTab("of deaths");
    await pageOf(dead.layer, dead.unit);
    await story.workbench.reloadWindow();
    const page = await pageOf(dead.layer, dead.unit);
    assert.equal(await page.locator('[data-field="state"]').getAttribute("data-value"), "dead");
  });

  it("says what is missing where the checkpoint is gone, and keeps what the folder has", async () => {
    rmSync(path.join(folder, "checkpoints"), { recursive: true });
    const before = await pageOf(dead.layer, dead.unit);
    await before.locator('[data-action="refresh"]').first().click();
    await retry("the reason", async () => {
      const page = await pageOf(dead.layer, dead.unit);
      assert.match(await page.locator('[data-section="weights"]').innerText(), /checkpoint/i);
      assert.equal(await value(page, "firing-frequency"), 0);
    });
    await story.workbench.screenshot("unit-no-checkpoint");
  });

  describe("the window, after all this", () => {
    it("has had no uncaught error", () => assert.deepEqual(story.workbench.pageErrors, []));
    it("has violated no Content Security Policy", () => assert.deepEqual(story.workbench.policyViolations, []));
  });
});
