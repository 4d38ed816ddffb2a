/** `node test/dashboard/checks.mjs`: the dashboard's behaviour in a browser, against invented messages. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { resultsFolder } from "../host/paths.mjs";
import { printResults } from "../host/results.mjs";
import { setTheme, settle, show, withDashboard } from "./served.mjs";

const value = (page, selector) => page.locator(selector).getAttribute("data-value");
const posted = (page) => page.evaluate(() => globalThis.harness.posted);
const send = async (page, message) => {
  await page.evaluate((sent) => globalThis.harness.send(sent), message);
  await settle(page);
};
const field = (name) => `[data-field="${name}"]`;
const action = (name) => `[data-action="${name}"]`;

const checks = {
  "asks for a snapshot, remembers the folder and marks the first paint": async (open) => {
    const page = await open({ state: "running" });
    assert.deepEqual((await posted(page))[0], { type: "ready" });
    assert.match((await page.evaluate(() => globalThis.harness.remembered())).folder, /test-run-7f3a$/);
    assert.ok(Number(await page.evaluate(() => document.documentElement.dataset.firstPaint)) > 0);
  },

  "shows the raw figures behind the shown ones": async (open) => {
    const page = await open({ state: "running" });
    assert.equal(await value(page, field("state")), "running");
    assert.equal(await value(page, field("validation-error")), "0.0185");
    assert.equal(await value(page, field("dead-units")), "14");
    assert.equal(await value(page, 'tr[data-layer="3"] [data-figure="dead"]'), "13");
    const layers = await page.$$eval('[data-figure="sparsity"]', (cells) =>
      cells.map((cell) => Number(cell.dataset.value)),
    );
    const mean = layers.reduce((sum, layer) => sum + layer, 0) / layers.length;
    assert.ok(Math.abs(Number(await value(page, field("mean-sparsity"))) - mean) < 1e-12);
  },

  "leaves undefined figures empty, never 0": async (open) => {
    const page = await open({ state: "tanh" });
    for (const name of ["mean-sparsity", "dead-units"]) assert.equal(await value(page, field(name)), "");
    for (const figure of ["sparsity", "dead", "dying", "rare", "alwaysOn"])
      assert.equal(await value(page, `tr[data-layer="1"] [data-figure="${figure}"]`), "");
    assert.match(await page.locator(field("mean-sparsity")).textContent(), /Near-zero share/);
    assert.match(await page.locator(field("dead-units")).textContent(), /not defined for tanh units/);
  },

  "follows evaluations, frames and the end of the run": async (open) => {
    const page = await open({ state: "running" });
    const { evaluations, run } = await page.evaluate(() => globalThis.harness.messagesOf("running")[0]);
    const line = { ...evaluations.at(-1), step: 50_000, epoch: 10, error: 0.0171 };
    await send(page, { type: "evaluation", line });
    assert.equal(await value(page, field("validation-error")), "0.0171");
    await page.evaluate(
      (progress) => {
        const { lines } = globalThis.harness.messagesOf("finished")[0];
        globalThis.harness.send({ type: "frame", lines, progress });
      },
      { ...run.progress, step: 75_000, epoch: 15 },
    );
    await settle(page);
    assert.equal(await value(page, field("progress")), "0.5");
    await send(page, { type: "run", run: { ...run, state: "stopped" } });
    assert.equal(await value(page, field("state")), "stopped");
    assert.equal(await page.locator(action("stop")).isVisible(), false);
    assert.equal(await page.locator(action("runAgain")).isVisible(), true);
  },

  "sends requests and shows why one could not be done": async (open) => {
    const page = await open({ state: "running" });
    await page.locator(action("stop")).click();
    const request = (await posted(page)).at(-1);
    assert.deepEqual(request, { type: "request", id: request.id, action: "stop" });
    assert.match(await page.locator(action("stop")).textContent(), /Stopping/);
    await page.locator(action("stop")).click({ force: true });
    assert.equal((await posted(page)).length, 2, "a second click on Stop asks again");
    await send(page, { type: "response", id: request.id, ok: false, message: "The worker does not answer." });
    assert.match(await page.locator(field("request-error")).textContent(), /The worker does not answer/);
    assert.match(await page.locator(action("stop")).textContent(), /^Stop$/);
    await page.locator(`${field("request-error")} button`).click();
    assert.equal(await page.locator(field("request-error")).isVisible(), false);
  },

  "is one tab stop with arrow keys in the toolbar, and works by keyboard": async (open) => {
    const page = await open({ state: "finished" });
    const focused = () => page.evaluate(() => document.activeElement?.dataset.action);
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "runAgain");
    await page.keyboard.press("ArrowRight");
    assert.equal(await focused(), "openConfig");
    await page.keyboard.press("End");
    assert.equal(await focused(), "copyPath");
    await page.keyboard.press("Enter");
    assert.equal((await posted(page)).at(-1).action, "copyPath");
    await page.keyboard.press("Tab");
    assert.equal(await focused(), undefined);
    await page.keyboard.press("Shift+Tab");
    assert.equal(await focused(), "copyPath");
  },

  "names every button and chart": async (open) => {
    const page = await open({ state: "running" });
    for (const name of ["Stop", "Open config", "Reveal run folder", "Copy path of run folder"])
      assert.equal(await page.getByRole("button", { name, exact: true }).count(), 1, name);
    assert.match(await page.locator('[data-chart="sparsity"] .plot').getAttribute("aria-label"), /layer 3 84\.1 %/);
    assert.equal(await page.getByRole("progressbar").getAttribute("aria-valuenow"), "31");
  },

  "says at once that a run has ended": async (open) => {
    const page = await open({ state: "running" });
    await show(page, "finished");
    assert.equal(await page.getByRole("status").textContent(), "test-run: Finished");
  },

  "has the figures of a chart as a table": async (open) => {
    const page = await open({ state: "running" });
    await page.locator('[data-chart="dead"] summary').click();
    await settle(page);
    const cells = await page.locator('[data-chart="dead"] tbody tr').last().locator("td").allTextContents();
    assert.deepEqual(cells, ["9", "0 · 0.0 %", "1 · 0.1 %", "13 · 1.3 %"]);
  },

  "repaints charts and bars when the theme changes": async (open) => {
    const page = await open({ state: "running" });
    const painted = () =>
      page.evaluate(() => [...document.querySelectorAll("canvas")].map((canvas) => canvas.toDataURL()).join());
    const colour = () => page.$eval(".bar-filled", (bar) => getComputedStyle(bar).backgroundColor);
    const before = [await painted(), await colour()];
    await setTheme(page, "light");
    await settle(page);
    assert.notEqual(await painted(), before[0]);
    assert.notEqual(await colour(), before[1]);
  },

  "follows the width of its window": async (open) => {
    const page = await open({ state: "running" });
    await page.setViewportSize({ width: 500, height: 800 });
    await settle(page);
    const widths = await page.$$eval(".plot", (plots) =>
      plots.map((plot) => [plot.clientWidth, plot.querySelector(".uplot").clientWidth]),
    );
    for (const [room, chart] of widths) assert.equal(chart, room);
  },

  "takes names as text": async (open) => {
    const page = await open({ state: "long-name" });
    assert.equal(await page.title(), "Dashboard");
    assert.equal(await page.locator("img").count(), 0);
  },

  "recovers when an unreadable folder becomes readable": async (open) => {
    const page = await open({ state: "unreadable" });
    assert.match(await page.locator(field("notice")).textContent(), /cannot be read/);
    assert.equal(await page.locator(".tiles").isVisible(), false);
    await show(page, "running");
    assert.equal(await page.locator(field("notice")).isVisible(), false);
    assert.equal(await page.locator(".uplot").count(), 3);
  },

  "draws 30 frames of 20 layers within their time": async (open) => {
    const page = await open({ state: "twenty-layers" });
    const times = await page.evaluate(async () => {
      const { run } = globalThis.harness.messagesOf("twenty-layers")[0];
      const { lines } = globalThis.harness.messagesOf("finished")[0];
      const taken = [];
      for (let i = 0; i < 30; i++) {
        globalThis.harness.send({ type: "frame", lines, progress: { ...run.progress, step: 47_200 + i } });
        const start = await new Promise((done) => requestAnimationFrame(done));
        await new Promise((done) => setTimeout(done));
        taken.push(performance.now() - start);
      }
      return taken.sort((a, b) => a - b);
    });
    const [median, slowest] = [times[15], times[29]];
    console.log(`      median frame ${median.toFixed(1)} ms, slowest ${slowest.toFixed(1)} ms`);
    assert.ok(median < 50, "at 20 frames a second there are 50 ms for each");
  },
};

const results = { passes: [], failures: [], pending: [] };
const complaints = await withDashboard(async (open) => {
  for (const [title, check] of Object.entries(checks)) {
    const started = performance.now();
    const result = { title, fullTitle: `dashboard ${title}`, err: {} };
    try {
      await check(open);
      results.passes.push(result);
    } catch (error) {
      results.failures.push({ ...result, err: { message: String(error), stack: error.stack } });
    }
    result.duration = performance.now() - started;
  }
});
if (complaints.length > 0) {
  const fullTitle = "dashboard pages write nothing to the console";
  results.failures.push({ title: fullTitle, fullTitle, err: { message: complaints.join("\n") } });
}
mkdirSync(resultsFolder, { recursive: true });
writeFileSync(path.join(resultsFolder, "dashboard.json"), JSON.stringify(results));
printResults(results);
if (results.failures.length > 0) process.exitCode = 1;
