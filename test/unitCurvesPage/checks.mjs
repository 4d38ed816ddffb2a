/**
 * `node test/unitCurvesPage/checks.mjs [WORD]` (only checks whose title has the word): the page of units' curves in a browser. Keeps a picture
 * of each theme and width in .cache/screenshots/unitCurvesPage/.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { settle } from "../dashboard/served.mjs";
import { root } from "../host/paths.mjs";
import { runChecks, violationsOf } from "../pages/runChecks.mjs";

const harness = { entry: "webview/unitCurves/main.ts", stub: "test/unitCurvesPage/stub.mjs" };
const axe = readFileSync(path.join(root, "node_modules/axe-core/axe.min.js"), "utf8");
const pictures = path.join(root, ".cache/screenshots/unitCurvesPage");
const field = (name) => `[data-field="${name}"]`;
const curves = (page) =>
  page
    .locator(".unit-chart")
    .first()
    .locator(".curve")
    .evaluateAll((all) => all.map(({ dataset }) => dataset.curve));
const figures = async (page, unit) =>
  await page
    .locator(`tr[data-curve="${unit}"] td[data-value]`)
    .evaluateAll((cells) => cells.map(({ dataset }) => Number(dataset.value)));
const close = (found, expected) => {
  for (const [i, value] of expected.entries())
    assert.ok(Math.abs(found[i] - value) < 1e-9, `${found} is not ${expected}`);
};

const checks = {
  "draws outputs and derivatives, and says both in a table": async (open) => {
    const page = await open({ state: "curves" });
    assert.deepEqual(await curves(page), ["rectifier", "softplus", "tanh", "lif"]);
    assert.equal(await page.locator(".unit-chart").count(), 2);
    close(await figures(page, "rectifier"), [1, 1]);
    close(await figures(page, "tanh"), [Math.tanh(1), 1 - Math.tanh(1) ** 2]);
    close(await figures(page, "lif"), [0, 0]);
  },

  "reads the curves off where the slider, an arrow key or the pointer is": async (open) => {
    const page = await open({ state: "curves" });
    await page.locator(field("input")).fill("-2");
    await settle(page);
    close(await figures(page, "rectifier"), [0, 0]);
    await page.locator(field("input")).focus();
    await page.keyboard.press("End");
    await settle(page);
    close(await figures(page, "rectifier"), [3, 1]);
    const { x, y, width } = await page.locator(".unit-chart svg").first().boundingBox();
    await page.mouse.move(x + 40 + (width - 52) / 2, y + 100);
    await settle(page);
    const [output] = await figures(page, "rectifier");
    assert.ok(Math.abs(output) < 0.06, `in the middle the input is 0, not ${output}`);
  },

  "changes softplus by α and the neuron by its constants, and refuses those that make none": async (open) => {
    const page = await open({ state: "curves" });
    await page.locator(field("sharpness")).fill("6");
    await page.locator(field("sharpness")).press("Enter");
    await page.locator(field("threshold")).fill("0.5");
    await page.locator(field("threshold")).press("Enter");
    await settle(page);
    close(await figures(page, "softplus"), [Math.log1p(Math.exp(6)) / 6, 1 / (1 + Math.exp(-6))]);
    const [rate] = await figures(page, "lif");
    assert.ok(Math.abs(rate - 2 / (2 + 20 * Math.LN2)) < 1e-12);
    await page.locator(field("reset")).fill("9");
    await page.locator(field("reset")).press("Enter");
    assert.match(await page.locator(field("problem")).innerText(), /V_reset below V_th/);
    assert.equal((await figures(page, "lif"))[0], rate, "the last curve that there was stays");
    await page.locator('[data-action="defaults"]').click();
    await settle(page);
    assert.equal(await page.locator(field("problem")).isVisible(), false);
    close(await figures(page, "lif"), [0, 0]);
  },

  "shows the units that are chosen, and remembers them over a reload": async (open) => {
    const page = await open({ state: "curves" });
    await page.locator('.switch[data-curve="lif"]').click();
    await page.locator('.switch[data-curve="logistic"]').click();
    await settle(page);
    assert.deepEqual(await curves(page), ["rectifier", "softplus", "tanh", "logistic"]);
    assert.equal(await page.locator(".neuron").isVisible(), false);
    assert.equal(await page.locator('.switch[data-curve="lif"]').getAttribute("aria-pressed"), "false");
    await page.reload();
    await settle(page);
    assert.deepEqual(await curves(page), ["rectifier", "softplus", "tanh", "logistic"]);
  },

  "has no fault that axe sees, and is no wider than its window, in any theme and width": async (open) => {
    mkdirSync(pictures, { recursive: true });
    for (const theme of ["dark", "light", "contrast-dark", "contrast-light"]) {
      for (const width of theme === "dark" ? [320, 1220, 2000] : [1220]) {
        const page = await open({ state: "curves", theme, width, bypassCSP: true });
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(overflow <= 0, `${overflow} px too wide at ${width}`);
        await page.screenshot({ path: path.join(pictures, `${theme}-${width}.png`), fullPage: true });
        await page.evaluate(axe);
        assert.deepEqual(await violationsOf(page), [], `${theme} at ${width}`);
        await page.close();
      }
    }
  },
};

await runChecks("units' curves", "unitCurvesPage", checks, harness);
