/**
 * `node test/unitPage/checks.mjs [WORD]` (only checks whose title has the word): the page of a unit in a browser, against invented
 * messages. Keeps a picture of each state in .cache/screenshots/unitPage/.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTheme, settle, show } from "../dashboard/served.mjs";
import { runChecks, violationsOf } from "../pages/runChecks.mjs";
import { harness, root } from "./harness.mjs";

const axe = readFileSync(path.join(root, "node_modules/axe-core/axe.min.js"), "utf8");
const pictures = path.join(root, ".cache/screenshots/unitPage");
const themes = ["dark", "light", "contrast-dark", "contrast-light"];
const causes = ["killed", "never-alive", "bias-driven", "decayed", "dead-inputs", "unknown"];
const parts = [
  "rare",
  "always-on",
  "first",
  "last-layer",
  "texts",
  "tanh",
  "opening",
  "computing",
  "cancelled",
  "failed",
];
const states = [
  "alive",
  ...causes,
  ...parts,
  "no-data",
  "no-checkpoint",
  "pretraining",
  "twenty-layers",
  "long",
  "unreadable",
];
const field = (name) => `[data-field="${name}"]`;
const section = (name) => `[data-section="${name}"]`;
const posted = (page) => page.evaluate(() => globalThis.harness.posted);
const asked = async (page) => {
  const { id: _, type: __, ...request } = (await posted(page)).at(-1);
  return request;
};
const send = async (page, message) => {
  await page.evaluate((sent) => globalThis.harness.send(sent), message);
  await settle(page);
};
const actions = (page) =>
  page.locator(".toolbar vscode-button:visible").evaluateAll((buttons) => buttons.map(({ dataset }) => dataset.action));

const checks = {
  "asks for the unit that it remembers": async (open) => {
    const page = await open({ state: "killed" });
    assert.deepEqual((await posted(page))[0], { type: "ready", trail: null });
    const { trail, folder } = await page.evaluate(() => globalThis.harness.remembered());
    assert.deepEqual(trail.here, { layer: 2, unit: 417 });
    assert.match(folder, /test-run/);
    await page.reload();
    await page.waitForFunction(() => globalThis.harness?.posted.length > 0);
    assert.deepEqual((await posted(page))[0], { type: "ready", trail });
  },

  "names the unit, its condition, and what that was measured on": async (open) => {
    const page = await open({ state: "killed" });
    assert.equal(await page.locator("h1").innerText(), "Unit 2·417");
    const expected = { killed: "Dead", alive: "Alive", rare: "Rare", "always-on": "Always on", tanh: "No exact zeros" };
    for (const [state, words] of Object.entries(expected)) {
      await show(page, state);
      assert.equal((await page.locator(field("state")).innerText()).trim(), words, state);
    }
    await show(page, "killed");
    assert.match(await page.locator(field("measured")).innerText(), /fires on 0 of 10,000 validation examples \(0 %\)/);
    assert.match(await page.locator(field("identity")).innerText(), /layer 2 of 3.*1,000 units.*output negated/);
  },

  "says first what a dead unit died of, with figures, and leads to what would mend it": async (open) => {
    const page = await open({ state: "alive" });
    assert.equal(await page.locator(field("cause")).isVisible(), false);
    const titles = {
      killed: /Killed within one step.*18\.3 %.*17\.4 ×/s,
      "never-alive": /Never alive.*9,600/s,
      "bias-driven": /Bias driven down.*−0\.12 → −2\.4/s,
      decayed: /Decayed.*4\.2 → 0\.011/s,
      "dead-inputs": /Inputs are dead.*97\.1 %.*961 of 1,000/s,
      unknown: /Unknown cause/,
    };
    for (const [state, words] of Object.entries(titles)) {
      await show(page, state);
      assert.match(await page.locator(field("cause")).innerText(), words, state);
    }
    await show(page, "killed");
    const tops = await page.$$eval(".cause, .tiles, .columns", (found) =>
      found.map((one) => one.getBoundingClientRect().top),
    );
    assert.deepEqual(
      tops,
      tops.toSorted((a, b) => a - b),
    );
    await page.locator('[data-action="revealKey"]').first().click();
    assert.deepEqual(await asked(page), { action: "revealKey", key: "training.learningRate" });
  },

  "leads to connected and similar units, with one tab stop a list, and marks the dead": async (open) => {
    const page = await open({ state: "alive" });
    const list = page.locator('[data-connections="below-positive"]');
    assert.equal(await list.locator(".unit-link").count(), 8);
    assert.equal(await list.locator('.unit-link[tabindex="0"]').count(), 1);
    assert.equal(await list.locator(".unit-mark").count(), 2);
    await list.locator(".unit-link").first().focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    assert.deepEqual(await asked(page), { action: "openUnit", layer: 1, unit: 138 });
    await page
      .locator(`${section("similar")} .unit-link`)
      .first()
      .click();
    assert.deepEqual(await asked(page), { action: "openUnit", layer: 2, unit: 3 });
    await show(page, "last-layer");
    const classes = page.locator('[data-connections="above-positive"]');
    assert.equal(await classes.locator(".unit-link").count(), 0);
    assert.match(await classes.innerText(), /class 7/);
  },

  "offers what makes sense, in one tab stop": async (open) => {
    const page = await open({ state: "killed" });
    const all = ["previous", "next", "nextDead", "openDashboard", "openConfig", "refresh", "copyJson"];
    assert.deepEqual(await actions(page), ["back", ...all]);
    await page.keyboard.press("Tab");
    await page.keyboard.press("End");
    assert.equal(await page.evaluate(() => document.activeElement.dataset.action), "copyJson");
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    assert.deepEqual(await asked(page), { action: "back" });
    await show(page, "twenty-layers");
    assert.ok(!(await actions(page)).includes("next"), "the last unit of its layer has no next one");
    await show(page, "tanh");
    assert.ok(!(await actions(page)).includes("nextDead"));
    await show(page, "unreadable");
    assert.deepEqual(await actions(page), ["openDashboard"]);
  },

  "tells how far it is, can be cancelled, and tried again": async (open) => {
    const page = await open({ state: "computing" });
    assert.match(await page.locator(field("work")).innerText(), /43 %/);
    assert.equal(await page.getByRole("progressbar").getAttribute("aria-valuenow"), "81");
    assert.equal(await page.locator(field("cause")).isVisible(), true, "what the folder says is there already");
    await page.locator('[data-action="cancel"]').click();
    assert.deepEqual(await asked(page), { action: "cancel" });
    await send(page, { type: "work", work: { state: "cancelled" } });
    assert.equal(await page.locator(field("work")).isVisible(), false);
    await page.locator('.link-button[data-action="refresh"]').click();
    assert.deepEqual(await asked(page), { action: "refresh" });
    await show(page, "failed");
    assert.match(await page.locator(field("notice")).innerText(), /ended with code 134/);
    const { id } = (await posted(page)).at(-1);
    await send(page, { type: "response", id, ok: false, message: "No." });
    assert.match(await page.locator(field("request-error")).innerText(), /No\./);
  },

  "says why a part is missing": async (open) => {
    const page = await open({ state: "no-data" });
    assert.match(await page.locator(section("examples")).innerText(), /not on this machine.*download/s);
    await show(page, "no-checkpoint");
    assert.match(await page.locator(section("weights")).innerText(), /no checkpoint/i);
    assert.match(await page.locator('[data-chart="bias"]').innerText(), /after the first evaluation/);
    assert.equal(await page.locator(".tiles").isVisible(), false);
    await show(page, "tanh");
    assert.match(await page.locator('[data-chart="firing-frequency"]').innerText(), /Not defined for tanh/i);
    assert.match(await page.locator(section("classes")).innerText(), /mean activation/i);
  },

  "has the figures of every drawing as a table": async (open) => {
    const page = await open({ state: "alive" });
    const charts = ['[data-chart="firing-frequency"]', '[data-chart="bias"]', '[data-chart="norms"]'];
    for (const drawing of [...charts, '[data-histogram="activation"]', section("weights"), section("examples")]) {
      await page.locator(`${drawing} summary`).click();
      await settle(page);
      assert.ok((await page.locator(`${drawing} tbody tr`).count()) >= 12, drawing);
    }
    const last = page.locator('[data-chart="firing-frequency"] tbody tr').last();
    assert.match(await last.innerText(), /^12\s+9,600\s+1 %/);
    const top = page.locator(`${section("examples")} tbody tr`).first();
    assert.deepEqual(await top.locator("td").allInnerTexts(), ["12", "7", "4.21"]);
    assert.deepEqual(await page.locator('[data-class="7"] td').allInnerTexts(), ["", "85.2 %", "810 of 951", "0.91"]);
  },

  "draws weights in the theme's colours, anew in another": async (open) => {
    const page = await open({ state: "first" });
    const painted = () => page.locator(".weight-picture").evaluate((canvas) => canvas.toDataURL());
    const before = await painted();
    await setTheme(page, "light");
    await settle(page);
    assert.notEqual(await painted(), before);
    assert.equal(await page.locator("canvas.sample").count(), 12);
  },

  "zooms all charts together, and out again": async (open) => {
    const page = await open({ state: "alive" });
    await page.locator('[data-chart="bias"] .plot').focus();
    await page.keyboard.press("+");
    await settle(page);
    await page.locator('[data-action="unzoom"]').click();
    await settle(page);
    assert.equal(await page.locator('[data-action="unzoom"]').isVisible(), false);
  },

  "takes names as text": async (open) => {
    const page = await open({ state: "long" });
    for (const state of ["long", "texts"]) {
      await show(page, state);
      assert.equal(await page.title(), "Dashboard");
      assert.equal(await page.locator("img").count(), 0);
    }
  },

  "is translated": async (open) => {
    const page = await open({ state: "killed", language: "de" });
    assert.match(await page.locator("main").innerText(), /Todesursache[\s\S]*Stärkste Verbindungen/i);
  },

  "fits into any window, in every state and theme": async (open) => {
    mkdirSync(pictures, { recursive: true });
    for (const width of [320, 1440]) {
      for (const [k, theme] of themes.entries()) {
        const page = await open({ state: "alive", width, theme });
        for (const state of states.filter((_, at) => at % themes.length === k)) {
          await show(page, state);
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          if (width > 320 || state === "killed")
            await page.screenshot({ path: path.join(pictures, `${state}-${width}-${theme}.png`), fullPage: true });
          assert.ok(overflow <= 0, `${state} at ${width}: ${overflow} px wider than the window`);
        }
        await page.close();
      }
    }
  },

  "has no fault that axe sees, in any theme or state": async (open) => {
    for (const [k, theme] of themes.entries()) {
      const page = await open({ state: "alive", theme, bypassCSP: true });
      await page.evaluate(axe);
      // every state in one theme, the richest in all
      for (const state of ["killed", "alive", ...states.filter((_, at) => at % themes.length === k)]) {
        await show(page, state);
        assert.deepEqual(await violationsOf(page), [], `${state} in ${theme}`);
      }
      await page.close();
    }
  },
};

await runChecks("unit page", "unitPage", checks, harness);
