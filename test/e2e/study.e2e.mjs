// A person repeats a table of the paper in small, sees it fill beside the published figures, and lets it go on after a stop.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { after, afterEach, before, describe, it } from "mocha";
import { openSession } from "./session.mjs";
import { inSteps } from "./steps.mjs";
import { SweepPage } from "./sweepPage.mjs";
import { retry } from "./workbench.mjs";

describe("a study of the paper", () => {
  let session;
  let workbench;
  let page;

  before(async () => {
    session = await openSession();
    ({ workbench } = session);
  });
  after(() => session?.close());
  afterEach(async function () {
    if (this.currentTest.state !== "failed") return;
    const name = this.currentTest.title.toLowerCase().replace(/[^a-z0-9]+/g, "-");
    console.log(`    picture: ${await workbench.screenshot(`failed-${name}`)}`);
  });
  inSteps();

  const sweepsFolder = () => path.join(session.workspace, ".rectiscope/sweeps");
  const sweeps = () => readdirSync(sweepsFolder()).sort();
  const record = (name = sweeps()[0]) =>
    JSON.parse(readFileSync(path.join(sweepsFolder(), name, "sweep.json"), "utf8"));
  const section = () => page.locator('[data-field="study"]');
  /** Of a published row: what stands as ours, as a number; null where there is none. */
  const ours = async (row) => {
    const value = await section()
      .locator("tbody tr")
      .filter({ hasText: row })
      .locator('[data-column="ours"]')
      .getAttribute("data-value");
    return value === null ? null : Number(value);
  };

  it("is copied into the workspace from the palette, and offered to be run", async () => {
    await workbench.runCommand("Rectiscope: Run a Study…");
    await workbench.pick("A first look");
    await workbench.notification("first-look is written: 9 trials", { click: "Run Study" });
    const file = path.join(session.workspace, "first-look.sweep.rectiscope.json");
    assert.ok(existsSync(file));
    page = await SweepPage.of(workbench, "first-look");
  });

  it("shows the published figures from the start, and every difference in words", async () => {
    const text = await section().innerText();
    assert.match(text, /Rectifier, tanh and softplus on MNIST/i);
    assert.match(text, /rectifier, without pre-training\s+1\.43 %/);
    for (const words of [
      /mnist-sample with 10,000 examples/,
      /100–100–100 units; the paper's have 1000–1000–1000/,
      /one seed/,
    ])
      assert.match(text, words);
  });

  it("fills while it runs, and stops with what it has", async () => {
    await retry(
      "the first trial of the last round",
      async () => assert.notEqual(await ours("rectifier, without"), null),
      {
        limitMs: 90_000,
      },
    );
    if (record().state === "running") await page.click("stop");
    await retry("an end", () => assert.match(record().state, /stopped|finished/), { limitMs: 30_000 });
    await workbench.screenshot("study-stopped");
  });

  it("goes on to its end: ours are the test errors of the networks chosen by validation error", async () => {
    if (record().state === "stopped") {
      await page.waitForState("stopped");
      await page.click("resume");
    }
    await page.waitForState("finished");
    const { trials } = record();
    assert.equal(trials.length, 9);
    for (const unit of ["rectifier", "tanh", "softplus"]) {
      const [searched, trained] = ["rates", "trained"].map((stage) =>
        trials.filter((trial) => trial.stage === stage && trial.params["network.activation"] === unit),
      );
      const best = searched.reduce((a, b) => (b.result.valid.error < a.result.valid.error ? b : a));
      assert.equal(trained[0].params["training.learningRate"], best.params["training.learningRate"]);
      await retry(`the test error of ${unit}`, async () =>
        assert.equal(await ours(`${unit}, without`), trained[0].result.test.error),
      );
    }
    await workbench.screenshot("study-finished");
  });

  it("trains nothing again when it is run again: finished trials are shared", async () => {
    await page.click("runAgain");
    await retry("a second sweep at its end", () => {
      assert.equal(sweeps().length, 2);
      assert.equal(record(sweeps()[1]).state, "finished");
    });
    const [first, second] = sweeps().map((name) => record(name).trials);
    assert.ok(second.every(({ reused }) => reused));
    assert.deepEqual(
      second.map(({ result }) => result),
      first.map(({ result }) => result),
    );
  });

  it("asks what to train on where the paper's data are not here, and takes a substitute", async () => {
    // the page of the second sweep takes the focus when it opens, which closes a list
    await retry("the study chosen", async () => {
      await workbench.runCommand("Rectiscope: Run a Study…");
      await workbench.pick("From softplus to rectifier, on NORB", { limitMs: 5_000 });
    });
    await workbench.pick("Use MNIST sample instead");
    await workbench.notification("softplus-sharpness is written: 24 trials");
    const text = readFileSync(path.join(session.workspace, "softplus-sharpness.sweep.rectiscope.json"), "utf8");
    assert.match(text, /"dataset": \{\s*"name": "mnist-sample"\s*\}/);
    assert.match(text, /Section 4\.1 of/, "its comments are kept");
  });

  it("has the units' curves at hand", async () => {
    await workbench.runCommand("Rectiscope: Show Units' Curves");
    const curves = await workbench.webview("Units’ curves", { has: ".unit-chart .curve" });
    assert.equal(await curves.locator(".unit-chart").first().locator(".curve").count(), 4);
    await curves.locator('.switch[data-curve="logistic"]').click();
    await retry("a fifth curve", async () =>
      assert.equal(await curves.locator(".unit-chart").first().locator(".curve").count(), 5),
    );
    await workbench.screenshot("units-curves");
  });

  it("has had no uncaught error, and has violated no Content Security Policy", () => {
    assert.deepEqual(workbench.pageErrors, []);
    assert.deepEqual(workbench.policyViolations, []);
  });
});
