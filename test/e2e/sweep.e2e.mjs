// A person at a sweep: starts it from the palette, watches, stops, resumes, opens a trial from the scatter; then the same by command line.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, afterEach, before, describe, it } from "mocha";
import { root } from "../host/paths.mjs";
import { Dashboard } from "./dashboard.mjs";
import { readRun } from "./run-folder.mjs";
import { openSession } from "./session.mjs";
import { inSteps } from "./steps.mjs";
import { SweepPage } from "./sweepPage.mjs";
import { chooseTheme, themes } from "./themes.mjs";
import { retry } from "./workbench.mjs";

const axe = readFileSync(path.join(root, "node_modules/axe-core/axe.min.js"), "utf8");

describe("sweeps", () => {
  let session;
  let workbench;

  before(async () => {
    session = await openSession();
    workbench = session.workbench;
  });
  after(() => session?.close());
  afterEach(async function () {
    if (this.currentTest.state !== "failed") return;
    const name = this.currentTest.title.toLowerCase().replace(/[^a-z0-9]+/g, "-");
    console.log(`    picture: ${await workbench.screenshot(`failed-${name}`)}`);
  });

  /** The workspace's sweep folders of one config, oldest first. */
  function sweepFolders(name) {
    const sweeps = path.join(session.workspace, ".rectiscope", "sweeps");
    if (!existsSync(sweeps)) return [];
    const folders = readdirSync(sweeps)
      .sort()
      .map((folder) => path.join(sweeps, folder));
    return folders.filter((folder) => existsSync(path.join(folder, "sweep.json")) && readSweep(folder).name === name);
  }
  const readSweep = (folder) => JSON.parse(readFileSync(path.join(folder, "sweep.json"), "utf8"));
  const folderOf = (name) => sweepFolders(name).at(-1);
  const statesOf = (name) => readSweep(folderOf(name)).trials.map(({ state }) => state);

  /** Six trials, long enough to be disturbed. */
  function writeSweep(name, epochs, change = {}) {
    const base = {
      dataset: { name: "mnist-sample" },
      network: { hidden: [60, 40] },
      training: { learningRate: 0.1, epochs },
    };
    const sweep = { base, axes: { "training.l1": [0, 0.001, 0.01] }, seeds: 2, ...change };
    writeFileSync(path.join(session.workspace, `${name}.sweep.rectiscope.json`), JSON.stringify(sweep, null, 2));
  }

  describe("the quick sweep, from the palette", () => {
    inSteps();
    let page;

    it("says above its file how many trials it makes and about how long they take", async () => {
      await workbench.openFile("quick.sweep.rectiscope.json");
      const lenses = workbench.page.locator(".codelens-decoration");
      await retry("the estimate", async () =>
        assert.match((await lenses.allTextContents()).join(" "), /Run Sweep.*6 trials · about \d+ s/),
      );
      await workbench.screenshot("sweep-codelens");
      await workbench.closeTabs();
    });

    it("trains its six trials and shows them as they come", async () => {
      await workbench.runCommand("Rectiscope: Run Sweep…");
      await workbench.pick("quick");
      page = await SweepPage.of(workbench, "quick");
      await retry("a first mark while others are trained", async () => {
        assert.ok((await page.marks().count()) > 0);
        assert.ok((await page.rows()).some(({ state }) => state !== "finished"));
      });
      await workbench.screenshot("sweep-running");
      assert.match(await workbench.statusBar(), /^$/);
      await page.waitForState("finished");
      const rows = await page.rows();
      const { trials } = readSweep(folderOf("quick"));
      assert.deepEqual(
        rows.map(({ trial, state, testError, validError, sparsity }) => [
          trial,
          state,
          testError,
          validError,
          sparsity,
        ]),
        trials.map(({ number, result }) => [
          number,
          "finished",
          result.test.error,
          result.valid.error,
          result.sparsity.mean,
        ]),
      );
      for (const { run, result } of trials) {
        const { summary } = readRun(path.join(folderOf("quick"), run));
        assert.equal(result.test.error, summary.test.error);
      }
      assert.equal(await page.marks("trial").count(), 6);
      assert.equal(await page.marks("mean").count(), 3);
      await workbench.screenshot("sweep-finished");
    });

    it("sorts and filters its trials", async () => {
      await page.sortBy("testError");
      const { trials } = readSweep(folderOf("quick"));
      const errors = trials.map(({ result }) => result.test.error).sort((a, b) => a - b);
      const shown = async () => (await page.rows()).map(({ testError }) => testError);
      await retry("rows from the lowest error on", async () => assert.deepEqual(await shown(), errors));
      await page.sortBy("testError");
      await retry("rows from the highest error on", async () => assert.deepEqual(await shown(), [...errors].reverse()));
      await page.filter("l1 0.01 seed 2");
      await retry("one row", async () =>
        assert.deepEqual(
          (await page.rows()).map(({ trial }) => trial),
          [6],
        ),
      );
      assert.match(await page.text("trials-shown"), /^1 of 6 trials/);
      await page.filter("");
      await page.choose("x", "axis:training.l1");
      await retry("another axis", async () =>
        assert.match(await page.locator(".scatter").getAttribute("aria-label"), /Test error against l1/),
      );
      await page.choose("x", "sparsity");
    });

    it("opens the run of a mark, and of a row by the keyboard", async () => {
      await page.openMark(5);
      const dashboard = await Dashboard.of(workbench, "quick #5");
      await dashboard.waitForState("finished");
      const { trials } = readSweep(folderOf("quick"));
      assert.equal(await dashboard.number("test-error"), trials[4].result.test.error);
      await workbench.openTab("quick");
      page = await SweepPage.of(workbench, "quick");
      // what was chosen before is still so
      assert.ok((await page.rows())[0].testError >= (await page.rows())[5].testError);
      await page.sortBy("number");
      await retry("rows in their order", async () =>
        assert.deepEqual(
          (await page.rows()).map(({ trial }) => trial),
          [1, 2, 3, 4, 5, 6],
        ),
      );
      await page.locator(".trials tbody tr").first().focus();
      await workbench.page.keyboard.press("ArrowDown");
      await workbench.page.keyboard.press("Enter");
      await (await Dashboard.of(workbench, "quick #2")).waitForState("finished");
    });

    it("stands in the Experiments view, and in the Runs view with its trials", async () => {
      const row = await workbench.runRow("quick", /finished · 6 trials/);
      await row.locator(".monaco-tl-twistie").click();
      await workbench.runRow("l1 0.01 · seed 2", "% zeros");
      const experiments = workbench.page.locator('.pane:has(.pane-header[aria-label^="Experiments"])');
      await experiments
        .locator(".monaco-list-row")
        .filter({ hasText: /quick\s*sweep, 6 trials/ })
        .waitFor();
      await workbench.screenshot("sweep-in-runs-view");
      await row.locator(".monaco-tl-twistie").click();
    });

    it("is the same by command line, bit for bit", () => {
      const out = path.join(session.workspace, "by-command-line");
      const config = path.join(session.workspace, "quick.sweep.rectiscope.json");
      const ended = spawnSync(
        process.execPath,
        [path.join(root, "dist/cli.js"), "sweep", config, "--out", out, "--jobs", "1", "--json"],
        { encoding: "utf8" },
      );
      assert.equal(ended.status, 0, ended.stderr);
      const { trials } = JSON.parse(ended.stdout);
      const here = readSweep(folderOf("quick")).trials;
      assert.deepEqual(
        trials.map(({ params, test, valid, sparsity }) => ({ params, test, valid, sparsity })),
        here.map(({ params, result: { test, valid, sparsity } }) => ({
          params,
          test: { error: test.error },
          valid: { error: valid.error },
          sparsity,
        })),
      );
      for (const [i, { run }] of trials.entries())
        for (const file of ["metrics.jsonl", "checkpoints/best.safetensors"])
          assert.ok(
            readFileSync(path.join(run, file)).equals(readFileSync(path.join(folderOf("quick"), here[i].run, file))),
            file,
          );
    });
  });

  describe("a sweep that is disturbed", () => {
    inSteps();
    let page;

    it("stops from its page, with everything so far kept", async () => {
      writeSweep("disturbed", 25);
      await workbench.runCommand("Rectiscope: Run Sweep…");
      await workbench.pick("disturbed");
      page = await SweepPage.of(workbench, "disturbed");
      await retry("trials in progress", async () =>
        assert.ok((await page.rows()).some(({ state }) => state === "running")),
      );
      await retry("progress of them", async () =>
        assert.match((await page.locator('tr[data-state="running"]').allTextContents()).join(), /running [1-9]\d? ?%/),
      );
      await page.click("stop");
      await page.waitForState("stopped");
      const states = statesOf("disturbed");
      assert.ok(states.includes("stopped") && states.includes("pending") && !states.includes("running"), states.join());
      await workbench.runRow("disturbed", /stopped · \d\/6 trials/);
      await workbench.screenshot("sweep-stopped");
    });

    it("resumes from the Runs view and is paused by a reload of the window", async () => {
      await workbench.rowAction(await workbench.runRow("disturbed", /stopped · \d\/6 trials/), "Resume Sweep");
      await page.waitForState("running");
      await retry("trials in progress", async () =>
        assert.ok((await page.rows()).some(({ state }) => state === "running")),
      );
      await workbench.reload();
      // the tab may be back, or not: the workbench keeps its layout only now and then
      await workbench.openRow(() => workbench.runRow("disturbed", "6 trials"), "disturbed");
      page = await SweepPage.of(workbench, "disturbed");
      await retry("a sweep at rest", () => assert.match(readSweep(folderOf("disturbed")).state, /paused/));
      await page.waitForState("paused");
      assert.equal(sweepFolders("disturbed").length, 1);
    });

    it("resumes from the notification to the end, every trial once", async () => {
      await workbench.notification("The sweep disturbed was interrupted", { click: "Resume" });
      await page.waitForState("finished");
      assert.deepEqual(statesOf("disturbed"), Array(6).fill("finished"));
      assert.deepEqual(readdirSync(path.join(folderOf("disturbed"), "runs")).sort(), [
        "0001",
        "0002",
        "0003",
        "0004",
        "0005",
        "0006",
      ]);
    });

    it("goes on when a trial's process is killed, says so, and retries it alone", async () => {
      writeSweep("crashing", 12);
      await workbench.runCommand("Rectiscope: Run Sweep…");
      await workbench.pick("crashing");
      page = await SweepPage.of(workbench, "crashing");
      await retry("the second trial in progress", () => {
        const run = path.join(folderOf("crashing"), "runs/0002");
        assert.ok(existsSync(path.join(run, "checkpoints/last.safetensors")));
        process.kill(JSON.parse(readFileSync(path.join(run, "lock"), "utf8")).pid, "SIGKILL");
      });
      await page.waitForState("finished");
      assert.deepEqual(statesOf("crashing"), ["finished", "failed", "finished", "finished", "finished", "finished"]);
      assert.match(await page.text("notice"), /1 trial failed.*Trial 2: .*ended by SIGKILL/);
      await workbench.screenshot("sweep-failed");
      await page.click("retry");
      await retry("six finished trials", () => assert.deepEqual(statesOf("crashing"), Array(6).fill("finished")), {
        limitMs: 60_000,
      });
      await page.waitForState("finished");
    });
  });

  describe("a mistake in a sweep", () => {
    it("is shown where it is, and the sweep does not start", async () => {
      writeSweep("mistaken", 1, { axes: { "training.learnRate": [0.1] } });
      await workbench.runCommand("Rectiscope: Run Sweep…");
      await workbench.pick("mistaken");
      await workbench.notification('Did you mean "training.learningRate"?', { click: "Open Config" });
      await retry("a mark in the file", async () =>
        assert.ok((await workbench.page.locator(".squiggly-error").count()) > 0),
      );
      assert.deepEqual(sweepFolders("mistaken"), []);
    });
  });

  describe("deleting", () => {
    it("takes a sweep away with its runs, after a question", async () => {
      const folder = folderOf("crashing");
      await workbench.contextMenu(await workbench.runRow("crashing", "6 trials"), "Delete Sweep");
      assert.match(
        await workbench.answer("Move to Trash"),
        /Delete the sweep crashing with the runs of its 6 trials\?/,
      );
      assert.match(await workbench.answer("Delete Permanently"), /There is no trash/);
      await retry("the folder gone", () => assert.ok(!existsSync(folder)));
    });
  });

  describe("the page, after all this", () => {
    it("has had no uncaught error", () => assert.deepEqual(workbench.pageErrors, []));
    it("has violated no Content Security Policy", () => assert.deepEqual(workbench.policyViolations, []));
  });
});

describe("the sweep page, to axe", () => {
  let session;
  let page;

  before(async () => {
    // axe measures with styles and code of its own, which the page's policy would not let in
    session = await openSession({ page: { bypassCSP: true } });
    await session.workbench.runCommand("Rectiscope: Run Sweep…");
    await session.workbench.pick("quick");
    page = await SweepPage.of(session.workbench, "quick");
    await page.waitForState("finished");
  });
  after(() => session?.close());

  for (const name of Object.keys(themes)) {
    it(`has no fault in ${name}`, async () => {
      await chooseTheme(session, name);
      await page.waitForTheme(themes[name].webview);
      await sleep(300); // colours change gradually
      await session.workbench.screenshot(`sweep-${name}`);
      const frame = await page.page();
      await frame.evaluate(axe);
      const violations = await frame.evaluate(async () => {
        const found = await globalThis.axe.run(document, { resultTypes: ["violations"] });
        return found.violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join("\n")}`,
        );
      });
      assert.deepEqual(violations, []);
    });
  }
});
