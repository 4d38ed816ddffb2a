// A network that is pre-trained layer by layer and then trained: the dashboard, the Runs view and the status bar through both phases.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Dashboard } from "./dashboard.mjs";
import { lastValidation, readMetrics, readRun, runFolders, writeExperiment } from "./run-folder.mjs";
import { inSteps } from "./steps.mjs";
import { inSession } from "./story.mjs";
import { retry } from "./workbench.mjs";

describe("pre-training in the workbench", () => {
  const story = inSession();
  const folderOf = (name) => runFolders(story.workspace, name).at(-1);

  async function launch(name, shape) {
    writeExperiment(story.workspace, name, shape);
    await story.workbench.runCommand("Rectiscope: Train…");
    await story.workbench.pick(name);
    return Dashboard.of(story.workbench, name);
  }

  const reconstructionsIn = (folder) => readMetrics(folder).filter(({ kind }) => kind === "reconstruction");

  async function assertPictures(dashboard, { units, layers }) {
    await dashboard.scrollTo('[data-section="examples"]');
    await retry("filters and reconstructed examples", async () => {
      const { filters, strips, colours } = await dashboard.pictures();
      assert.equal(filters.units, String(units));
      assert.deepEqual(strips, ["0", "corrupted", ...Array.from({ length: layers }, (_, l) => String(l + 1))]);
      assert.ok(colours > 20, `${colours} colours`);
    });
  }

  describe("a run that stays in pre-training", () => {
    inSteps();
    let dashboard;

    it("says which layer is pre-trained, in the dashboard, the Runs view and the status bar", async () => {
      // more epochs of the first layer than any machine comes to
      const pretraining = { epochs: 20_000, learningRate: 0.003 };
      dashboard = await launch("long pretraining", { hidden: [100, 60], epochs: 2, pretraining });
      await dashboard.waitForState("running");
      const words = /pre-training, layer 1 of 2, epoch [\d,]+ of 20,000/i;
      await retry("the phase in the dashboard", async () => assert.match(await dashboard.text("reached"), words));
      await retry("the phase in the Runs view", async () => {
        const row = await story.workbench.runRow("long pretraining", "running");
        assert.match(await row.textContent(), words);
      });
      await retry("the phase in the status bar", async () => {
        assert.match(await story.workbench.page.locator(".statusbar").textContent(), words);
      });
    });

    it("shows how the layer reconstructs, its figures and its units, before anything was evaluated", async () => {
      await retry("a measurement", async () => {
        const lines = reconstructionsIn(folderOf("long pretraining"));
        assert.ok(lines.length > 2);
        assert.equal(readMetrics(folderOf("long pretraining")).filter(({ kind }) => kind === "eval").length, 0);
      });
      assert.ok((await dashboard.number("reconstruction-error")) > 0);
      await retry("the units of layer 1", async () => {
        const { map } = await dashboard.choices();
        assert.deepEqual([map.layer, map.units], ["1", "100"]);
      });
    });

    it("shows filters and reconstructed examples while it goes on", async () => {
      await assertPictures(dashboard, { units: 100, layers: 1 });
      await story.workbench.screenshot("pretraining-running");
    });

    it("pauses in the middle of it, with the figures of the run folder", async () => {
      await dashboard.click("pause");
      await dashboard.waitForState("paused");
      const last = reconstructionsIn(folderOf("long pretraining")).at(-1);
      await retry("the last figures", async () => {
        assert.equal(await dashboard.number("reconstruction-error"), last.loss);
        const { sparsity, dead, dormant } = last.figures;
        assert.deepEqual(await dashboard.layer(1, ["sparsity", "dead", "dormant"]), { sparsity, dead, dormant });
        assert.deepEqual(await dashboard.layer(2, ["sparsity", "dead"]), { sparsity: null, dead: null });
      });
      assert.deepEqual(
        readRun(folderOf("long pretraining")).phases.map(({ name }) => name),
        ["pre-training, layer 1"],
      );
    });
  });

  describe("a run through both phases", () => {
    inSteps();
    let dashboard;

    it("finishes, with the figures of its training", async () => {
      const pretraining = { epochs: 2, learningRate: 0.003 };
      dashboard = await launch("pretrained", { hidden: [100, 60], epochs: 2, pretraining });
      await dashboard.waitForState("finished");
      assert.match(await dashboard.text("reached"), /^Training, epoch 2 of 2 ·/);
      const { error } = lastValidation(folderOf("pretrained"));
      await retry("the validation error", async () => assert.equal(await dashboard.number("validation-error"), error));
    });

    it("still has every phase: the last reconstruction error is that of the run folder's last line", async () => {
      const last = reconstructionsIn(folderOf("pretrained")).at(-1);
      assert.equal(last.layer, 2);
      const { summary } = readRun(folderOf("pretrained"));
      assert.equal(summary.reconstruction.layers[1], last.loss);
      // the moment before the training's three evaluations
      await dashboard.travelBack(3);
      await retry("the last moment of pre-training", async () => {
        assert.equal(await dashboard.number("reconstruction-error"), last.loss);
        const { sparsity, dead } = last.figures;
        assert.deepEqual(await dashboard.layer(2, ["sparsity", "dead"]), { sparsity, dead });
      });
    });

    it("shows what both layers make of examples, from its folder alone", async () => {
      await story.workbench.reloadWindow();
      await story.workbench.openTab("pretrained");
      dashboard = await Dashboard.of(story.workbench, "pretrained");
      await dashboard.waitForState("finished");
      await assertPictures(dashboard, { units: 100, layers: 2 });
      await story.workbench.screenshot("pretrained-finished");
    });
  });

  describe("the page, after all this", () => {
    it("has had no uncaught error", () => assert.deepEqual(story.workbench.pageErrors, []));
    it("has violated no Content Security Policy", () => assert.deepEqual(story.workbench.policyViolations, []));
  });
});
