// The main story: train from the palette, watch the dashboard, find the same figures on the disk, stop a long run.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Dashboard } from "./dashboard.mjs";
import { lastValidation, readMetrics, readRun, runFolders } from "./run-folder.mjs";
import { inSteps } from "./steps.mjs";
import { inSession } from "./story.mjs";
import { retry } from "./workbench.mjs";

const FIGURES = ["sparsity", "dead", "dormant", "rare", "alwaysOn"];

describe("training in the workbench", () => {
  const story = inSession();

  /** Chooses an experiment after 'Rectiscope: Train…'; gives the dashboard and the run folder that come of it. */
  async function train(name) {
    const earlier = runFolders(story.workspace, name).length;
    await story.workbench.runCommand("Rectiscope: Train…");
    await story.workbench.pick(name);
    const folder = await retry(`a run folder of ${name}`, () => {
      const folders = runFolders(story.workspace, name);
      assert.equal(folders.length, earlier + 1);
      return folders.at(-1);
    });
    return { folder, dashboard: await Dashboard.of(story.workbench, name) };
  }

  describe("a short run", () => {
    inSteps();
    let run;

    it("starts from the palette and opens its dashboard", async () => {
      run = await train("quick");
    });

    it("ends by itself", async () => {
      await run.dashboard.waitForState("finished");
      assert.equal(readRun(run.folder).state, "finished");
      await story.workbench.screenshot("quick-finished");
    });

    it("has learnt: the loss shown is below the first one recorded", async () => {
      const first = readMetrics(run.folder).find((line) => line.kind === "train");
      const shown = await run.dashboard.number("training-loss");
      assert.ok(shown < first.loss, `shown ${shown}, at first ${first.loss}`);
    });

    it("shows every layer's figures as the run folder has them", async () => {
      const { layers } = lastValidation(run.folder);
      assert.ok(layers.length > 0);
      for (const [index, figures] of layers.entries()) {
        const expected = Object.fromEntries(FIGURES.map((figure) => [figure, figures[figure]]));
        assert.deepEqual(await run.dashboard.layer(index + 1, FIGURES), expected, `layer ${index + 1}`);
      }
    });

    it("shows the run's own figures as the run folder has them", async () => {
      const { error, layers } = lastValidation(run.folder);
      const sparsities = layers.map((layer) => layer.sparsity);
      const mean = await run.dashboard.number("mean-sparsity");
      assert.equal(await run.dashboard.number("validation-error"), error);
      assert.equal(
        await run.dashboard.number("dead-units"),
        layers.reduce((sum, layer) => sum + layer.dead, 0),
      );
      assert.ok(mean >= Math.min(...sparsities) - 1e-9 && mean <= Math.max(...sparsities) + 1e-9, `mean ${mean}`);
    });
  });

  describe("a long run", () => {
    inSteps();
    let run;

    it("shows its own dashboard", async () => {
      run = await train("mnist-rectifier");
      await run.dashboard.waitForState("running");
    });

    it("shows the loss falling while it trains", async () => {
      const first = await retry("a loss", async () => {
        const loss = await run.dashboard.number("training-loss");
        assert.ok(loss > 0);
        return loss;
      });
      await retry(`a loss well below ${first}`, async () => {
        assert.ok((await run.dashboard.number("training-loss")) < 0.9 * first);
      });
      assert.equal(readRun(run.folder).state, "running");
      await story.workbench.screenshot("mnist-rectifier-running");
    });

    it("stops from its dashboard, on the disk too", async () => {
      await run.dashboard.stop();
      await run.dashboard.waitForState("stopped");
      assert.equal(readRun(run.folder).state, "stopped");
      assert.ok(readMetrics(run.folder).length > 0);
      await story.workbench.screenshot("mnist-rectifier-stopped");
    });
  });

  describe("the page, after all this", () => {
    it("has had no uncaught error", () => assert.deepEqual(story.workbench.pageErrors, []));
    it("has violated no Content Security Policy", () => assert.deepEqual(story.workbench.policyViolations, []));
  });
});
