// A person in charge of runs: pauses, resumes, reloads the page, queues, deletes, and uses nothing but the keyboard.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, afterEach, before, describe, it } from "mocha";
import { Dashboard } from "./dashboard.mjs";
import { lastValidation, readMetrics, readRun, runFolders, writeExperiment } from "./run-folder.mjs";
import { openSession } from "./session.mjs";
import { inSteps } from "./steps.mjs";
import { retry } from "./workbench.mjs";

describe("runs under a person's control", () => {
  let session;
  let workbench;

  before(async () => {
    session = await openSession({ settings: { "rectiscope.concurrentRuns": 1 } });
    workbench = session.workbench;
  });
  after(() => session?.close());
  afterEach(async function () {
    if (this.currentTest.state !== "failed") return;
    const name = this.currentTest.title.toLowerCase().replace(/[^a-z0-9]+/g, "-");
    console.log(`    picture: ${await workbench.screenshot(`failed-${name}`)}`);
  });

  const folderOf = (name) => runFolders(session.workspace, name).at(-1);
  const stateOf = (name) => readRun(folderOf(name)).state;

  async function launch(name, shape) {
    writeExperiment(session.workspace, name, shape);
    await workbench.runCommand("Rectiscope: Train…");
    await workbench.pick(name);
  }

  /** A few figures of the dashboard, which must be those of the last evaluation in the folder. */
  async function assertFigures(name) {
    const dashboard = await Dashboard.of(workbench, name);
    const { error, layers } = lastValidation(folderOf(name));
    await retry(`${name}'s figures`, async () => {
      assert.equal(await dashboard.number("validation-error"), error);
      const { dead, dormant } = layers[0];
      assert.deepEqual(await dashboard.layer(1, ["dead", "dormant"]), { dead, dormant });
    });
    return dashboard;
  }

  describe("a run that is paused, resumed and cut off by a reload", () => {
    inSteps();
    let pausedAt;

    it("pauses from the Runs view, and everything says so", async () => {
      await launch("steady", { hidden: [400, 400], epochs: 24 });
      const dashboard = await Dashboard.of(workbench, "steady");
      await dashboard.waitForState("running");
      await workbench.rowAction(await workbench.runRow("steady", "running"), "Pause");
      await dashboard.waitForState("paused");
      await workbench.runRow("steady", "paused");
      assert.match(await workbench.statusBar(), /steady: paused/);
      assert.equal(stateOf("steady"), "paused");
      pausedAt = readRun(folderOf("steady")).progress.step;
    });

    it("resumes from its dashboard, from where it was", async () => {
      const dashboard = await Dashboard.of(workbench, "steady");
      await dashboard.click("resume");
      await dashboard.waitForState("running");
      await retry("steps after the pause", () =>
        assert.ok(readRun(folderOf("steady")).progress.step > pausedAt && stateOf("steady") === "running"),
      );
    });

    it("is not called running after a reload, and resumes from the notification", async () => {
      await workbench.reload();
      const row = await workbench.runRow("steady", /paused|interrupted/);
      assert.ok(!(await row.textContent()).includes("running"));
      assert.equal(runFolders(session.workspace, "steady").length, 1);
      await workbench.notification("steady was interrupted", { click: "Resume" });
      const dashboard = await Dashboard.of(workbench, "steady");
      await dashboard.waitForState("finished");
      await workbench.runRow("steady", "finished");
      assert.equal(stateOf("steady"), "finished");
      const steps = readMetrics(folderOf("steady"))
        .filter(({ kind }) => kind === "train")
        .map(({ step }) => step);
      assert.deepEqual(
        steps,
        [...new Set(steps)].sort((a, b) => a - b),
        "no step is told twice",
      );
    });

    it("shows the figures of its folder, hidden and shown again, and after a reload", async () => {
      await assertFigures("steady");
      await workbench.runCommand("Rectiscope: Show Log");
      await workbench.runCommand("File: New Untitled Text File");
      await workbench.openTab("steady");
      await assertFigures("steady");
      await workbench.reload();
      await workbench.openTab("steady");
      const dashboard = await assertFigures("steady");
      await dashboard.waitForState("finished");
    });
  });

  describe("three runs where one may go on", () => {
    inSteps();

    it("lets two wait, and says so", async () => {
      await launch("first", { hidden: [300], epochs: 20_000 });
      await workbench.runRow("first", "running");
      await launch("second", { hidden: [50], epochs: 1 });
      await workbench.runRow("second", "queued, number 1");
      await launch("third", { hidden: [50], epochs: 1 });
      await workbench.runRow("third", "queued, number 2");
      assert.match(await workbench.statusBar(), /first: .*2 queued/);
      await workbench.webview("third (queued)", { has: '[data-field="waiting"]' });
      await workbench.screenshot("queued");
    });

    it("takes one out of the queue, and starts the other when there is room", async () => {
      await workbench.rowAction(await workbench.runRow("second", "queued"), "Cancel");
      await workbench.runRow("third", "queued, number 1");
      await workbench.rowAction(await workbench.runRow("first", "running"), "Stop");
      await workbench.runRow("third", "finished");
      await assertFigures("third");
      assert.equal(stateOf("first"), "stopped");
      assert.equal(folderOf("second"), undefined);
    });
  });

  describe("two windows on one folder", () => {
    it("leave the run to the one that trains it, and both say that it runs", async () => {
      await launch("shared", { hidden: [300], epochs: 20_000 });
      await workbench.runRow("shared", "running");
      const other = await session.openWindow();
      const row = await other.runRow("shared", /running .*in another window/);
      await retry("word of where it runs", async () => {
        await other.contextMenu(row, "Stop Run");
        await other.notification(/shared is in progress elsewhere: process \d+/, { limitMs: 5_000 });
      });
      await row.click();
      const dashboard = await Dashboard.of(other, "shared");
      await dashboard.waitForState("running");
      assert.equal(stateOf("shared"), "running");
      await workbench.rowAction(await workbench.runRow("shared", "running"), "Stop");
      await dashboard.waitForState("stopped");
      await other.page.close();
    });
  });

  describe("deleting", () => {
    inSteps();

    it("takes a run away, with its dashboard, after a question", async () => {
      const folder = folderOf("third");
      await workbench.contextMenu(await workbench.runRow("third"), "Delete Run");
      assert.match(await workbench.answer("Move to Trash"), /Delete the run third \([\d.]+ [kM]B\)\?/);
      await confirmPermanently();
      await retry("the folder gone", () => assert.ok(!existsSync(folder)));
      await retry("the row gone", async () => assert.equal(await (await workbench.runRows("third")).count(), 0));
    });

    it("cleans up the runs that are chosen, and no others", async () => {
      const [first, steady] = [folderOf("first"), folderOf("steady")];
      await workbench.runCommand("Rectiscope: Clean Up Runs…");
      await workbench.choose("first");
      assert.match(await workbench.answer("Move to Trash"), /Delete the run first/);
      await confirmPermanently();
      await retry("the folder gone", () => assert.ok(!existsSync(first)));
      assert.ok(existsSync(steady));
    });

    /** This VS Code has no trash, which it says when it is asked to use it. */
    async function confirmPermanently() {
      assert.match(await workbench.answer("Delete Permanently"), /There is no trash/);
    }
  });

  describe("the keyboard alone", () => {
    it("trains and stops", async () => {
      const { keyboard } = workbench.page;
      writeExperiment(session.workspace, "keys", { hidden: [200], epochs: 20_000 });
      await workbench.type("Rectiscope: Train…");
      await keyboard.press("Enter");
      await workbench.type("keys");
      await keyboard.press("Enter");
      const dashboard = await Dashboard.of(workbench, "keys");
      await dashboard.waitForState("running");
      await workbench.type("Rectiscope: Stop");
      await keyboard.press("Enter");
      await dashboard.waitForState("stopped");
      assert.equal(stateOf("keys"), "stopped");
    });
  });

  describe("the page, after all this", () => {
    it("has had no uncaught error", () => assert.deepEqual(workbench.pageErrors, []));
    it("has violated no Content Security Policy", () => assert.deepEqual(workbench.policyViolations, []));
  });
});
