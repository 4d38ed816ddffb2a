/**
 * `node test/datasetPage/checks.mjs [WORD]` (only checks whose title has the word): the data set page in a browser, against invented
 * messages. Keeps a picture of each state in .cache/screenshots/datasetPage/.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { settle, show } from "../dashboard/served.mjs";
import { root } from "../host/paths.mjs";
import { runChecks, violationsOf } from "../pages/runChecks.mjs";

const harness = { entry: "webview/dataset/main.ts", stub: "test/datasetPage/stub.mjs" };
const axe = readFileSync(path.join(root, "node_modules/axe-core/axe.min.js"), "utf8");
const pictures = path.join(root, ".cache/screenshots/datasetPage");
const themes = ["dark", "light", "contrast-dark", "contrast-light"];
const states = ["reading", "missing", "failed", "pictures", "stereo", "colours", "table", "texts", "many", "long"];
const posted = (page) => page.evaluate(() => globalThis.harness.posted);
const visibleActions = (page) =>
  page.locator(".toolbar vscode-button:visible").evaluateAll((buttons) => buttons.map(({ dataset }) => dataset.action));

const checks = {
  "asks for the data set": async (open) => {
    const page = await open({ state: "pictures" });
    assert.deepEqual((await posted(page))[0], { type: "ready" });
  },

  "offers what makes sense in each state": async (open) => {
    const page = await open({ state: "pictures" });
    const here = ["refresh", "revealFolder", "copyPath"];
    const expected = {
      reading: [],
      missing: ["download", "refresh"],
      failed: ["openConfig", "refresh"],
      pictures: here,
      table: ["train", "openConfig", ...here],
    };
    for (const [state, actions] of Object.entries(expected)) {
      await show(page, state);
      assert.deepEqual(await visibleActions(page), actions, state);
      const notice = await page.locator('[data-field="notice"]').isVisible();
      assert.equal(notice, ["missing", "failed"].includes(state), `notice when ${state}`);
    }
  },

  "asks the host for what a button says, and shows why it could not": async (open) => {
    const page = await open({ state: "missing" });
    await page.locator('[data-action="download"]').click();
    const { id, ...request } = (await posted(page)).at(-1);
    assert.deepEqual(request, { type: "request", action: "download" });
    const answer = { type: "response", id, ok: false, message: "No connection." };
    await page.evaluate((sent) => globalThis.harness.send(sent), answer);
    await settle(page);
    assert.match(await page.locator('[data-field="request-error"]').innerText(), /No connection\./);
  },

  "shows classes, their balance, and files as they are": async (open) => {
    const page = await open({ state: "pictures" });
    const row = page.locator('tr[data-class="9"]');
    assert.deepEqual(await row.locator("td").allInnerTexts(), ["", "10.6 %", "109", "10", "20"]);
    const widths = await page.locator(".balance-done").evaluateAll((bars) => bars.map(({ style }) => style.width));
    assert.equal(widths.filter((width) => width === "100%").length, 1);
    const files = await page.locator(".files tbody tr").allInnerTexts();
    assert.match(files[0], /47\.0 MB.*as published/s);
    assert.match(files[1], /28,881 bytes.*other bytes than published/s);
    assert.match(files[2], /1 byte.*unverified/s);
    assert.equal(await page.locator('[data-field="zeros"] strong').innerText(), "80.8 %");
  },

  "draws stereo pairs side by side, and colours as colours": async (open) => {
    const page = await open({ state: "stereo" });
    const size = () =>
      page
        .locator("canvas.sample")
        .first()
        .evaluate(({ width, height }) => [width, height]);
    assert.deepEqual(await size(), [64, 32]);
    assert.match(await page.locator('[data-field="facts"]').innerText(), /pictures of 2 × 32 × 32/);
    await show(page, "colours");
    assert.deepEqual(await size(), [2, 2]);
    const pixel = await page
      .locator("canvas.sample")
      .first()
      .evaluate((canvas) => [...canvas.getContext("2d").getImageData(1, 0, 1, 1).data]);
    // of three planes of 2 × 2 with the values 4 × k: the second pixel of each
    assert.deepEqual(pixel, [4, 20, 36, 255]);
    assert.match(await page.locator(".samples-row").nth(1).innerText(), /none/);
  },

  "shows names as text, whatever is in them": async (open) => {
    const page = await open({ state: "long" });
    assert.equal(await page.locator("img").count(), 0);
    assert.match(await page.locator("table").first().innerText(), /<img src=x/);
    await show(page, "texts");
    assert.match(await page.locator('[data-section="terms"]').innerText(), /good.*<img src=x/s);
    assert.match(await page.locator('[data-field="train"]').innerText(), /50,000 unlabelled/);
  },

  "fits into any window, in every state and theme": async (open) => {
    mkdirSync(pictures, { recursive: true });
    for (const width of [320, 700, 1500])
      for (const [k, state] of states.entries()) {
        const theme = themes[k % themes.length];
        const page = await open({ state, width, theme });
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        await page.screenshot({ path: path.join(pictures, `${state}-${width}-${theme}.png`), fullPage: true });
        assert.ok(overflow <= 0, `${state} at ${width}: ${overflow} px wider than the window`);
        await page.close();
      }
  },

  "is translated": async (open) => {
    const page = await open({ state: "pictures", language: "de" });
    assert.match(await page.locator("main").innerText(), /Nullen[\s\S]*Klassen[\s\S]*Beispiele[\s\S]*Quelle/i);
  },

  "has no fault that axe sees, in any theme or state": async (open) => {
    for (const theme of themes) {
      const page = await open({ state: "pictures", theme, bypassCSP: true });
      await page.evaluate(axe);
      for (const state of states) {
        await show(page, state);
        const violations = await violationsOf(page);
        assert.deepEqual(violations, [], `${state} in ${theme}`);
      }
      await page.close();
    }
  },
};

await runChecks("data set page", "datasetPage", checks, harness);
