// A person in charge of runs: pauses, resumes, reloads the page, queues, deletes, and uses nothing but the keyboard.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, it } from "mocha";
import { Dashboard } from "./dashboard.mjs";
import { lastValidation, readMetrics, readRun, runFolders, writeExperiment } from "./run-folder.mjs";
import { inSteps } from "./steps.mjs";
import { inSession } from "./story.mjs";
import { retry } from "./workbench.mjs";

describe("runs under a person's control", () => {
  const story = inSession({ settings: { "rectiscope.concurrentRuns": 1 } });

  const folderOf = (name) => runFolders(story.workspace, name).at(-1);
  const stateOf = (name) => readRun(folderOf(name)).state;

  async function launch(name, shape) {
    writeExperiment(story.workspace, name, shape);
    await story.workbench.runCommand("Rectiscope: Train…");
    await story.workbench.pick(name);
  }

  /** A few figures of the dashboard, which must be those of the last evaluation in the folder. */
  async function assertFigures(name) {
    const dashboard = await Dashboard.of(story.workbench, name);
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
      await launch("steady", { hidden: [400, 400], epochs: 2_000 });
      const dashboard = await Dashboard.of(story.workbench, "steady");
      await dashboard.waitForState("running");
      await story.workbench.rowAction(await story.workbench.runRow("steady", "running"), "Pause");
      await dashboard.waitForState("paused");
      await story.workbench.runRow("steady", "paused");
      assert.match(await story.workbench.statusBar(), /steady: paused/);
      assert.equal(stateOf("steady"), "paused");
      pausedAt = readRun(folderOf("steady")).progress.step;
    });

    it("resumes from its dashboard, from where it was", async () => {
      const dashboard = await Dashboard.of(story.workbench, "steady");
      await dashboard.click("resume");
      await dashboard.waitForState("running");
      await retry("steps after the pause", () =>
        assert.ok(readRun(folderOf("steady")).progress.step > pausedAt && stateOf("steady") === "running"),
      );
    });

    it("is not called running after a reload, and resumes from the notification", async () => {
      await story.workbench.reload();
      const row = await story.workbench.runRow("steady", /paused|interrupted/);
      assert.ok(!(await row.textContent()).includes("running"));
      assert.equal(runFolders(story.workspace, "steady").length, 1);
      await story.workbench.notification("steady was interrupted", { click: "Resume" });
      const dashboard = await Dashboard.of(story.workbench, "steady");
      await dashboard.waitForState("running");
      const { step } = readRun(folderOf("steady")).progress;
      await retry("steps after the reload", () => assert.ok(readRun(folderOf("steady")).progress.step > step));
      await dashboard.stop();
      await dashboard.waitForState("stopped");
      await story.workbench.runRow("steady", "stopped");
      assert.equal(stateOf("steady"), "stopped");
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
      await story.workbench.runCommand("Rectiscope: Show Log");
      await story.workbench.runCommand("File: New Untitled Text File");
      await story.workbench.openTab("steady");
      await assertFigures("steady");
      await story.workbench.reload();
      await story.workbench.openTab("steady");
      const dashboard = await assertFigures("steady");
      await dashboard.waitForState("stopped");
    });
  });

  describe("three runs where one may go on", () => {
    inSteps();

    it("lets two wait, and says so", async () => {
      await launch("first", { hidden: [300], epochs: 20_000 });
      await story.workbench.runRow("first", "running");
      await launch("second", { hidden: [50], epochs: 1 });
      await story.workbench.runRow("second", "queued, number 1");
      await launch("third", { hidden: [50], epochs: 1 });
      await story.workbench.runRow("third", "queued, number 2");
      assert.match(await story.workbench.statusBar(), /first: .*2 queued/);
      await story.workbench.webview("third (queued)", { has: '[data-field="waiting"]' });
      await story.workbench.screenshot("queued");
    });

    it("takes one out of the queue, and starts the other when there is room", async () => {
      await story.workbench.rowAction(await story.workbench.runRow("second", "queued"), "Cancel");
      await story.workbench.runRow("third", "queued, number 1");
      await story.workbench.rowAction(await story.workbench.runRow("first", "running"), "Stop");
      await story.workbench.runRow("third", "finished");
      await assertFigures("third");
      assert.equal(stateOf("first"), "stopped");
      assert.equal(folderOf("second"), undefined);
    });
  });

  describe("two windows on one folder", () => {
    it("leave the run to the one that trains it, and both say that it runs", async () => {
      await launch("shared", { hidden: [300], epochs: 20_000 });
      await story.workbench.runRow("shared", "running");
      const other = await story.openWindow();
      const row = await other.runRow("shared", /running .*in another window/);
      await retry("word of where it runs", async () => {
        await other.contextMenu(row, "Stop Run");
        await other.notification(/shared is in progress elsewhere: process \d+/, { limitMs: 10_000 });
      });
      await other.openRow(() => row, "shared");
      const dashboard = await Dashboard.of(other, "shared");
      await dashboard.waitForState("running");
      assert.equal(stateOf("shared"), "running");
      await story.workbench.rowAction(await story.workbench.runRow("shared", "running"), "Stop");
      await dashboard.waitForState("stopped");
      await other.page.close();
    });
  });

  describe("deleting", () => {
    inSteps();

    it("takes a run away, with its dashboard, after a question", async () => {
      const folder = folderOf("third");
      await story.workbench.contextMenu(await story.workbench.runRow("third"), "Delete Run");
      assert.match(await story.workbench.answer("Move to Trash"), /Delete the run third \([\d.]+ [kM]B\)\?/);
      await confirmPermanently();
      await retry("the folder gone", () => assert.ok(!existsSync(folder)));
      await retry("the row gone", async () => assert.equal(await (await story.workbench.runRows("third")).count(), 0));
    });

    it("cleans up the runs that are chosen, and no others", async () => {
      const [first, steady] = [folderOf("first"), folderOf("steady")];
      await story.workbench.runCommand("Rectiscope: Clean Up Runs…");
      await story.workbench.choose("first");
      assert.match(await story.workbench.answer("Move to Trash"), /Delete the run first/);
      await confirmPermanently();
      await retry("the folder gone", () => assert.ok(!existsSync(first)));
      assert.ok(existsSync(steady));
    });

    /** This VS Code has no trash, which it says when it is asked to use it. */
    async function confirmPermanently() {
      assert.match(await story.workbench.answer("Delete Permanently"), /There is no trash/);
    }
  });

  describe("the keyboard alone", () => {
    it("trains and stops", async () => {
      const { keyboard } = story.workbench.page;
      writeExperiment(story.workspace, "keys", { hidden: [200], epochs: 20_000 });
      await story.workbench.type("Rectiscope: Train…");
      await keyboard.press("Enter");
      await story.workbench.type("keys");
      await keyboard.press("Enter");
      const dashboard = await Dashboard.of(story.workbench, "keys");
      await dashboard.waitForState("running");
      await story.workbench.type("Rectiscope: Stop");
      await keyboard.press("Enter");
      await dashboard.waitForState("stopped");
      assert.equal(stateOf("keys"), "stopped");
    });
  });

  describe("the page, after all this", () => {
    it("has had no uncaught error", () => assert.deepEqual(story.workbench.pageErrors, []));
    it("has violated no Content Security Policy", () => assert.deepEqual(story.workbench.policyViolations, []));
  });
});
