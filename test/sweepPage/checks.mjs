/** `node test/sweepPage/checks.mjs [WORD]` (only checks whose title has the word): the sweep page's behaviour in a browser, against invented messages. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { setTheme, settle, show } from "../dashboard/served.mjs";
import { runChecks, violationsOf } from "../pages/runChecks.mjs";
import { harness, root } from "./harness.mjs";

const axe = readFileSync(path.join(root, "node_modules/axe-core/axe.min.js"), "utf8");
const field = (name) => `[data-field="${name}"]`;
const action = (name) => `[data-action="${name}"]`;
const posted = (page) => page.evaluate(() => globalThis.harness.posted);
const send = async (page, message) => {
  await page.evaluate((sent) => globalThis.harness.send(sent), message);
  await settle(page);
};
const numbers = (page) =>
  page.locator(".trials tbody tr").evaluateAll((rows) => rows.map((row) => Number(row.dataset.trial)));
const visibleActions = (page) =>
  page.locator(".toolbar vscode-button:visible").evaluateAll((buttons) => buttons.map(({ dataset }) => dataset.action));

const checks = {
  "asks for the sweep, remembers its folder and marks the first paint": async (open) => {
    const page = await open({ state: "running" });
    assert.deepEqual((await posted(page))[0], { type: "ready" });
    assert.match((await page.evaluate(() => globalThis.harness.remembered())).folder, /penalties-7f3a$/);
    assert.ok(Number(await page.evaluate(() => document.documentElement.dataset.firstPaint)) > 0);
  },

  "offers what makes sense in each state": async (open) => {
    const always = ["openConfig", "revealFolder", "copyPath"];
    const expected = {
      running: ["pause", "stop", ...always],
      paused: ["resume", "runAgain", ...always],
      stopped: ["resume", "runAgain", ...always],
      interrupted: ["resume", "runAgain", ...always],
      finished: ["runAgain", ...always],
      failures: ["retry", "runAgain", ...always],
      broken: ["resume", "runAgain", ...always],
      unreadable: ["revealFolder", "copyPath"],
    };
    const page = await open({ state: "running" });
    for (const [state, actions] of Object.entries(expected)) {
      await show(page, state);
      assert.deepEqual(await visibleActions(page), actions, state);
      const notice = await page.locator(field("notice")).isVisible();
      assert.equal(notice, ["interrupted", "failures", "broken", "unreadable"].includes(state), `notice when ${state}`);
    }
    await show(page, "failures");
    assert.match(await page.locator(field("notice")).textContent(), /3 trials failed.*Trial 2: .*and 1 more/);
  },

  "says how far it is, and how long it will take": async (open) => {
    const page = await open({ state: "running" });
    assert.equal(await page.locator(field("reached")).textContent(), "7 of 15 trials · 2 running");
    assert.equal(await page.locator(field("pace")).textContent(), "2 at once · about 19 min 0 s left");
    assert.equal(await page.getByRole("progressbar").getAttribute("aria-valuenow"), "52");
    assert.match(await page.locator('tr[data-trial="8"]').textContent(), /running 44 %/);
    const { progress } = await page.evaluate(() => globalThis.harness.messagesOf("running")[0]);
    await send(page, { type: "progress", progress: { ...progress, share: 0.75, remainingSeconds: null } });
    assert.equal(await page.getByRole("progressbar").getAttribute("aria-valuenow"), "75");
    assert.match(await page.locator(field("pace")).textContent(), /estimating/);
  },

  "fills while it runs": async (open) => {
    const page = await open({ state: "empty" });
    assert.equal(await page.locator(".mark").count(), 0);
    assert.match(await page.locator(".scatter-empty").textContent(), /No trial has these figures yet/);
    await show(page, "running");
    assert.equal(await page.locator(".mark-trial").count(), 7);
    assert.equal(await page.locator(".mark-mean").count(), 3);
    await show(page, "finished");
    assert.equal(await page.locator(".mark-trial").count(), 15);
    assert.equal(await page.locator(".scatter-empty").isVisible(), false);
  },

  "draws any figure against any other, with or without means": async (open) => {
    const page = await open({ state: "finished" });
    const title = () => page.locator(".scatter").getAttribute("aria-label");
    assert.equal(await title(), "Test error against Sparsity");
    await page.locator(field("y")).selectOption("validError");
    await page.locator(field("x")).selectOption("axis:training.l1");
    await settle(page);
    assert.equal(await title(), "Validation error against l1");
    await page.locator(action("means")).click();
    await settle(page);
    assert.equal(await page.locator(".mark-mean").count(), 0);
    assert.equal(await page.locator(action("means")).getAttribute("aria-pressed"), "false");
    await page.reload();
    await setTheme(page, "dark");
    await show(page, "finished");
    assert.equal(await title(), "Validation error against l1", "choices outlast a reload");
    assert.equal(await page.locator(".mark-mean").count(), 0);
  },

  "tells series apart by colour and shape, and has no mark for a figure that is not defined": async (open) => {
    const page = await open({ state: "units" });
    assert.equal(await page.locator(".mark").count(), 8, "tanh units have no sparsity");
    await page.locator(field("x")).selectOption("axis:training.learningRate");
    await settle(page);
    assert.equal(await page.locator(".mark").count(), 12);
    const ticks = await page.locator(".scatter text").allTextContents();
    assert.ok(
      ["0.001", "0.01", "0.1"].every((tick) => ticks.includes(tick)),
      `a logarithmic axis: ${ticks}`,
    );
    const fills = await page
      .locator(".mark > :last-child")
      .evaluateAll((shapes) => shapes.map((shape) => `${shape.tagName} ${shape.getAttribute("fill")}`));
    assert.equal(new Set(fills).size, 3);
    assert.deepEqual(await page.locator(".legend .key").allTextContents(), [
      "activation rectifier",
      "activation tanh",
      "activation softplus",
      "lowest validation error, or selected",
    ]);
  },

  "opens a trial from its mark or its row, by mouse and by keyboard, and shows why not": async (open) => {
    const page = await open({ state: "running" });
    const asked = async () => {
      const { action: what, number } = (await posted(page)).at(-1);
      return [what, number];
    };
    await page.locator('.mark-trial[data-trial="4"] > :last-child').click();
    assert.deepEqual(await asked(), ["openTrial", 4]);
    await page.locator('tr[data-trial="2"]').click();
    assert.deepEqual(await asked(), ["openTrial", 2]);
    await page.locator(".mark[tabindex='0']").focus();
    await page.keyboard.press("End");
    assert.match(
      await page.locator(".scatter-words").textContent(),
      /^l1 0\.001: Sparsity .*, Test error .* \(mean of 1\)$/,
    );
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    // the one with the fewest zeros
    const first = await page.evaluate(() => document.activeElement.getAttribute("data-trial"));
    assert.equal(first, "3");
    assert.deepEqual(await asked(), ["openTrial", Number(first)]);
    await page.locator('tr[tabindex="0"]').focus();
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    assert.deepEqual(await asked(), ["openTrial", 15]);
    const { id } = (await posted(page)).at(-1);
    await send(page, { type: "response", id, ok: false, message: "Trial 15 has not begun." });
    assert.match(await page.locator(field("request-error")).textContent(), /Trial 15 has not begun/);
  },

  "keeps the focus of a row and of a mark while trials come in": async (open) => {
    const page = await open({ state: "running" });
    await page.locator('tr[data-trial="1"]').focus();
    await page.keyboard.press("ArrowDown");
    await show(page, "finished");
    assert.equal(await page.evaluate(() => document.activeElement.dataset.trial), "2");
    await page.locator(".mark").first().focus();
    const before = await page.evaluate(() => document.activeElement.getAttribute("data-trial"));
    await show(page, "running");
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("data-trial")), before);
  },

  "sorts by any column, undefined figures last, and says so": async (open) => {
    const page = await open({ state: "units" });
    const sort = async (column) => {
      await page.locator(`[data-sort="${column}"]`).click();
      await settle(page);
    };
    await sort("sparsity");
    const undefinedOnes = [5, 6, 7, 8];
    assert.deepEqual((await numbers(page)).slice(-4), undefinedOnes);
    await sort("sparsity");
    assert.deepEqual((await numbers(page)).slice(-4), undefinedOnes);
    assert.equal(await page.locator('th:has([data-sort="sparsity"])').getAttribute("aria-sort"), "descending");
    await sort("axis:network.activation");
    assert.deepEqual((await numbers(page)).slice(0, 4), [1, 2, 3, 4]);
    assert.equal((await page.evaluate(() => globalThis.harness.remembered())).sort.column, "axis:network.activation");
  },

  "filters by words of values and states": async (open) => {
    const page = await open({ state: "running" });
    const filter = async (text) => {
      await page.locator(field("filter")).fill(text);
      await settle(page);
      return numbers(page);
    };
    assert.deepEqual(await filter("running"), [8, 9]);
    assert.deepEqual(await filter("l1 0.002 seed 3"), [12]);
    assert.deepEqual(await filter("nothing like it"), []);
    assert.match(await page.locator(".trials-panel .instead").textContent(), /No trial fits/);
    assert.equal((await filter("")).length, 15);
  },

  "names stages, selections and p-values": async (open) => {
    const page = await open({ state: "stages" });
    assert.match(await page.locator(".groups").textContent(), /search: learningRate 0\.1/);
    assert.equal(await page.locator(".groups .codicon-check").count(), 1);
    assert.match(await page.locator(field("trials-shown")).textContent(), /11 trials/);
    await show(page, "finished");
    assert.match(await page.locator(".groups thead").textContent(), /p \(t-test\)p \(Wilcoxon\)/);
  },

  "stands beside the paper: published and ours, what was chosen, and every difference in words": async (open) => {
    const page = await open({ state: "running" });
    const section = page.locator(field("study"));
    assert.equal(await section.isVisible(), false, "a sweep that repeats nothing of the paper");
    const rows = () =>
      section
        .locator("tbody tr")
        .evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.innerText.trim())));
    await show(page, "study-begun");
    assert.match(await section.innerText(), /Table 1 of the paper/i);
    assert.deepEqual((await rows()).map((row) => row.slice(0, 3)).slice(2, 5), [
      ["softplus, with pre-training", "1.17 %", "not in this sweep"],
      ["rectifier, without pre-training", "1.43 %", "not run"],
      ["tanh, without pre-training", "1.57 %", "not run"],
    ]);
    await show(page, "study");
    const [, , , rectifier, tanh] = await rows();
    assert.match(rectifier[2], /^1\.\d\d %$/);
    assert.equal(tanh[2], "not run");
    const differences = await section.locator(field("deviations")).innerText();
    for (const words of [
      /mnist-sample with 10,000 examples/,
      /200–200–200 units; the paper's have 1000–1000–1000/,
      /Trained for 5 epochs/,
      /compared after 1 epoch/,
      /among 0\.1, 0\.01; in the paper among 0\.1, 0\.01, 0\.001, 0\.0001/,
      /one seed/,
    ])
      assert.match(differences, words);
    assert.match(
      await section.locator(".strip").nth(3).getAttribute("aria-label"),
      /^published 1\.43 %, ours 1\.\d\d %$/,
    );
    await show(page, "study-bands");
    assert.deepEqual(
      (await rows()).map(([name, published]) => [name, published]),
      [
        ["rectifier, fewer than 70 % zeros", "no number given"],
        ["rectifier, 70 % to 85 % zeros", "about the same error"],
        ["rectifier, 85 % zeros or more", "the error grows"],
      ],
    );
    assert.equal(await section.locator(".strip").count(), 0, "nothing to draw where the paper gives no number");
    await show(page, "running");
    assert.equal(await section.isVisible(), false);
  },

  "copies the table as it is shown": async (open) => {
    const page = await open({ state: "running" });
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.locator('[data-sort="validError"]').click();
    await page.locator(action("copyCsv")).click();
    const lines = (await page.evaluate(() => navigator.clipboard.readText())).split("\n");
    assert.equal(lines[0], "#,l1,seed,State,Validation error,Test error,Sparsity,Dead units,Time");
    assert.equal(lines.length, 17);
    assert.equal(Number(lines[1].split(",")[0]), (await numbers(page))[0]);
  },

  "has no fault that axe sees, in any theme or state": async (open) => {
    for (const theme of ["dark", "light", "contrast-dark", "contrast-light"]) {
      const page = await open({ state: "running", theme, bypassCSP: true });
      await page.evaluate(axe);
      for (const state of ["running", "empty", "failures", "stages", "units", "study", "unreadable"]) {
        await show(page, state);
        const violations = await violationsOf(page);
        assert.deepEqual(violations, [], `${state} in ${theme}`);
      }
      await page.close();
    }
  },

  "shows a thousand trials": async (open) => {
    const page = await open({ state: "thousand" });
    assert.equal(await page.locator(".mark").count(), 900);
    assert.equal(await page.locator(".trials tbody tr").count(), 1000);
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    assert.ok(height < 1200, `the tables scroll, not the page: ${height} px`);
  },
};

await runChecks("sweep page", "sweepPage", checks, harness);
