// Dashboards as views: slow ones, several, moved ones, those of a run that another program wrote, and what they are sent.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Dashboard } from "./dashboard.mjs";
import { lastValidation, readMetrics, readRun, runFolders, writeExperiment, writeForeignRun } from "./run-folder.mjs";
import { inSteps } from "./steps.mjs";
import { inSession } from "./story.mjs";
import { chooseTheme, themes } from "./themes.mjs";
import { retry, Workbench } from "./workbench.mjs";

describe("dashboards", () => {
  const story = inSession({ settings: { "rectiscope.concurrentRuns": 2 } });
  const folderOf = (name) => runFolders(story.workspace, name).at(-1);

  async function launch(name, shape) {
    writeExperiment(story.workspace, name, shape);
    await story.workbench.runCommand("Rectiscope: Train…");
    await story.workbench.pick(name);
    return Dashboard.of(story.workbench, name);
  }

  async function assertFigures(dashboard, name) {
    const { error, layers } = lastValidation(folderOf(name));
    await retry(`${name}'s figures`, async () => {
      assert.equal(await dashboard.number("validation-error"), error);
      const { dead, dormant } = layers[0];
      assert.deepEqual(await dashboard.layer(1, ["dead", "dormant"]), { dead, dormant });
    });
  }

  describe("a view that never draws", () => {
    inSteps();
    let dashboard;

    it("is sent one frame and no more, while the run goes on", async () => {
      dashboard = await launch("blocked", { hidden: [200], epochs: 20_000 });
      await dashboard.waitForState("running");
      await dashboard.block();
      const evaluations = () => readMetrics(folderOf("blocked")).filter(({ kind }) => kind === "eval").length;
      const before = evaluations();
      await retry("ten evaluations more", () => assert.ok(evaluations() > before + 10), { limitMs: 90_000 });
      const { count } = await dashboard.received();
      // one on its way to being drawn when the view was blocked, one after it
      assert.ok(count <= 2, `${count} messages`);
    });

    it("shows the end with everything in between once it draws again", async () => {
      await story.workbench.rowAction(await story.workbench.runRow("blocked", "running"), "Stop");
      await retry("the end of the run", () => assert.equal(readRun(folderOf("blocked")).state, "stopped"));
      await dashboard.release();
      await dashboard.waitForState("stopped");
      await assertFigures(dashboard, "blocked");
      const { count } = await dashboard.received();
      assert.ok(count <= 4, `${count} messages`);
    });
  });

  describe("two runs at once", () => {
    it("have a dashboard each, with their own figures", async () => {
      const names = ["one", "two"];
      for (const name of names) await launch(name, { hidden: [name === "one" ? 60 : 40], epochs: 20 });
      for (const name of names) {
        await story.workbench.runRow(name, "finished");
        await story.workbench.openTab(name);
        const dashboard = await Dashboard.of(story.workbench, name);
        await dashboard.waitForState("finished");
        await assertFigures(dashboard, name);
      }
      assert.notEqual(lastValidation(folderOf("one")).error, lastValidation(folderOf("two")).error);
    });
  });

  describe("a run with pre-training", () => {
    it("has a dashboard from its first phase on, and shows the figures of its training", async () => {
      const shape = { hidden: [80, 60], epochs: 3, pretraining: { epochs: 2, learningRate: 0.003 } };
      const dashboard = await launch("pretrained", shape);
      await story.workbench.runRow("pretrained", "finished");
      await dashboard.waitForState("finished");
      await assertFigures(dashboard, "pretrained");
      const run = readRun(folderOf("pretrained"));
      assert.deepEqual(
        run.phases.map(({ name, epoch }) => [name, epoch]),
        [
          ["pre-training, layer 1", 0],
          ["pre-training, layer 2", 2],
          ["training", 4],
        ],
      );
      assert.equal(readMetrics(folderOf("pretrained")).filter(({ kind }) => kind === "reconstruction").length, 6);
    });
  });

  describe("what was chosen to be seen", () => {
    inSteps();
    let chosen;

    it("is shown", async () => {
      await story.workbench.openTab("two");
      const dashboard = await Dashboard.of(story.workbench, "two");
      await dashboard.choose('[data-sort="position"]');
      await dashboard.choose('[data-action="best"]');
      await dashboard.press("loss", "+", 2);
      await retry("the choices", async () => {
        chosen = await dashboard.choices();
        assert.equal(chosen.map.step, chosen.step);
        assert.deepEqual([chosen.sort, chosen.zoomed], ["position", true]);
      });
    });

    const stays = async (page) => {
      const dashboard = await Dashboard.of(page, "two");
      await retry("the same choices", async () => assert.deepEqual(await dashboard.choices(), chosen));
    };

    it("is there in another column", async () => {
      await story.workbench.runCommand("View: Split Editor Right");
      await story.workbench.runCommand("View: Move Editor into Next Group");
      await stays(story.workbench);
    });

    it("is there in another theme", async () => {
      await chooseTheme(story, "light");
      const dashboard = await Dashboard.of(story.workbench, "two");
      await dashboard.waitForTheme(themes.light.webview);
      await stays(story.workbench);
      await chooseTheme(story, "dark");
    });

    it("is there after it was hidden", async () => {
      await story.workbench.runCommand("File: New Untitled Text File");
      await story.workbench.openTab("two");
      await stays(story.workbench);
    });

    it("is there after a reload", async () => {
      await story.workbench.reloadWindow();
      await story.workbench.openTab("two");
      await stays(story.workbench);
    });
  });

  describe("a window of its own", () => {
    it("shows the same as before", async () => {
      await story.workbench.openTab("one");
      const dashboard = await Dashboard.of(story.workbench, "one");
      await dashboard.choose('[data-sort="position"]');
      const chosen = await dashboard.choices();
      const opened = story.workbench.page.waitForEvent("popup");
      await story.workbench.runCommand("View: Move Editor into New Window");
      const page = await opened;
      const moved = await Dashboard.of(new Workbench(page), "one");
      await retry("the same choices", async () => assert.deepEqual(await moved.choices(), chosen));
      await assertFigures(moved, "one");
      await page.close();
    });
  });

  describe("a run that another program wrote", () => {
    inSteps();
    const lines = 50_000;
    let dashboard;
    let folder;

    it("opens from its folder alone", async () => {
      const phases = [
        { name: "pre-training, layer 1", step: 0, epoch: 0 },
        { name: "training", step: 20_000, epoch: 4 },
      ];
      folder = writeForeignRun(story.workspace, "foreign", { lines, phases });
      await story.workbench.openRow(() => story.workbench.runRow("foreign", "finished"), "foreign");
      dashboard = await Dashboard.of(story.workbench, "foreign");
      await dashboard.waitForState("finished");
      assert.equal(await dashboard.number("validation-error"), 0.4);
      await story.workbench.screenshot("foreign");
    });

    it("is sent as much as a screen shows, of all its lines", async () => {
      await dashboard.listen();
      await dashboard.press("loss", "+");
      await retry("a part of the run", async () => assert.ok((await dashboard.received()).epochs.at(-1) < 10));
      await dashboard.press("loss", "0");
      await retry("the whole run", async () => {
        const { epochs, bytes } = await dashboard.received();
        assert.equal(epochs.at(-1), 10);
        assert.ok(
          epochs.length > 100 && epochs.length <= 242 && bytes < 16_384,
          `${epochs.length} points, ${bytes} bytes`,
        );
      });
    });

    it("shows every recorded line where it is zoomed in", async () => {
      await dashboard.press("loss", "+", 10);
      const recorded = readMetrics(folder).filter(({ kind }) => kind === "train");
      await retry("every line", async () => {
        const { epochs, losses } = await dashboard.received();
        const part = recorded.filter(({ epoch }) => epoch >= epochs[0] && epoch <= epochs.at(-1));
        assert.ok(part.length > 20 && part.length < 300, `${part.length} lines`);
        assert.deepEqual(
          epochs,
          part.map(({ epoch }) => epoch),
        );
        assert.deepEqual(
          losses,
          part.map(({ loss }) => Math.fround(loss)),
        );
      });
      await story.workbench.screenshot("foreign-zoomed");
    });
  });

  describe("the page, after all this", () => {
    it("has had no uncaught error", () => assert.deepEqual(story.workbench.pageErrors, []));
    it("has violated no Content Security Policy", () => assert.deepEqual(story.workbench.policyViolations, []));
  });
});
