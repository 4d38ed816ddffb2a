// What stands in the text of a config, as a person sees it: figures while it trains, the hover, problems and their mend, completion.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { lastValidation, readRun, runFolders } from "./run-folder.mjs";
import { inSteps } from "./steps.mjs";
import { inSession } from "./story.mjs";
import { chooseTheme, themes } from "./themes.mjs";
import { retry } from "./workbench.mjs";

const name = "dying";
const file = `${name}.rectiscope.json`;
const text = `{
  "dataset": { "name": "mnist-sample" },
  "network": {
    "hidden": [
      200, // the first layer
      100,
    ],
  },
  "training": { "learningRate": 0.6, "batchSize": 10, "epochs": 20000 }, // far too fast
  "seed": 1,
}
`;

describe("the text of a config", () => {
  const story = inSession();
  inSteps();
  const editor = () => story.workbench.page.locator(".editor-instance:visible").first();
  const lines = async () => (await editor().locator(".view-lines").textContent()).replaceAll(/\s/g, " ");

  async function goTo(line, column) {
    const { page } = story.workbench;
    await story.workbench.openTab(file);
    await editor().locator(".view-line").first().click();
    await page.keyboard.press("Control+g");
    await page.keyboard.type(`${line}:${column}`);
    await page.keyboard.press("Enter");
  }

  it("has figures behind the widths while it trains", async () => {
    const { workbench, workspace } = story;
    writeFileSync(path.join(workspace, file), text);
    await workbench.openFile(file);
    await workbench.runCommand("Rectiscope: Train…");
    const folder = await retry("a run", () => {
      const found = runFolders(workspace, name).at(-1);
      assert.ok(found);
      return found;
    });
    await workbench.openTab(file);
    await retry("figures of the run in progress", async () => {
      assert.match(await lines(), /200[ \d.]*% zeros · [\d. %]+dead/);
      assert.equal(readRun(folder).state, "running");
    });
    await workbench.screenshot("language-training");
  });

  it("has those of the last evaluation once it has stopped, and the result above", async () => {
    const { workbench, workspace } = story;
    const folder = runFolders(workspace, name).at(-1);
    await retry("dead units", () => assert.ok(lastValidation(folder).layers[0].dead > 20), { limitMs: 90_000 });
    await workbench.runCommand("Rectiscope: Stop");
    await retry("the stop", () => assert.equal(readRun(folder).state, "stopped"));
    const [{ sparsity, dead }] = lastValidation(folder).layers;
    const expected = [sparsity, dead / 200].map((value) => (value * 100).toFixed(1));
    await retry("the last figures", async () => {
      const [, zeros, share] = /200 ?([\d.]+) % zeros · ([\d.]+) % dead/.exec(await lines()) ?? [];
      assert.deepEqual([zeros, share], expected);
    });
    const lens = editor().locator(".codelens-decoration").first();
    await retry("the lens", async () => assert.match(await lens.textContent(), /Last run: stopped.*Open Dashboard/));
  });

  it("is told of in the Problems panel", async () => {
    const { workbench } = story;
    await workbench.runCommand("Problems: Focus on Problems View");
    const rows = workbench.page.locator(".markers-panel .monaco-list-row").filter({ hasText: "units are dead" });
    await rows.first().waitFor();
    assert.match(await rows.first().textContent(), /Hidden layer \d: \d+ of \d+ units are dead \(validation, 2,000/);
  });

  for (const theme of Object.keys(themes))
    it(`shows a layer's figures and their development at the pointer: ${theme}`, async () => {
      const { workbench } = story;
      await chooseTheme(story, theme);
      const hover = workbench.page.locator(".monaco-hover:visible").filter({ hasText: "Hidden layer 1" }).first();
      await retry("the hover", async () => {
        await goTo(5, 8);
        await workbench.runCommand("Show or Focus Hover");
        await hover.waitFor({ timeout: 4_000 });
      });
      const picture = hover.locator("img").first();
      await retry("its picture", async () => assert.ok((await picture.evaluate((img) => img.naturalWidth)) > 100));
      await workbench.screenshot(`language-hover-${theme}`);
      await workbench.page.keyboard.press("Escape");
    });

  it("completes values", async () => {
    const { workbench } = story;
    await goTo(9, 33);
    await workbench.runCommand("Trigger Suggest");
    const suggestions = workbench.page.locator(".suggest-widget:visible .monaco-list-row");
    await retry("the rates", async () => assert.match((await suggestions.allTextContents()).join(" "), /0\.03/));
    await workbench.screenshot("language-completion");
    await workbench.page.keyboard.press("Escape");
  });

  it("is mended by a quick fix, which takes the problem away", async () => {
    const { workbench } = story;
    const { page } = workbench;
    const fix = page.locator(".action-widget:visible .monaco-list-row").filter({ hasText: "from 0.6 to 0.2" });
    await retry("the quick fixes", async () => {
      await goTo(5, 8);
      await page.keyboard.press("Control+.");
      await fix.first().waitFor({ timeout: 4_000 });
    });
    await workbench.screenshot("language-fixes");
    await fix.first().click();
    await retry("the change", async () => assert.match(await lines(), /"learningRate": 0\.2/));
    await retry("no problem", async () =>
      assert.equal(await page.locator(".markers-panel .monaco-list-row").filter({ hasText: "are dead" }).count(), 0),
    );
  });

  it("has had no uncaught error", () => assert.deepEqual(story.workbench.pageErrors, []));
});
