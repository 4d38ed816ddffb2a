// Reviews with stars in the editor: read from a CSV, trained from the palette, with their RMSE; and a review that is wrong, named.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { Dashboard } from "./dashboard.mjs";
import { lastValidation, readMetrics, readRun, runFolders } from "./run-folder.mjs";
import { inSteps } from "./steps.mjs";
import { inSession } from "./story.mjs";
import { retry } from "./workbench.mjs";

const words = ["awful", "poor", "fair", "good", "superb"];
const things = ["soup", "wine", "bread", "fish", "service", "table", "music", "price"];

/** Two words of the review's stars, and things that say nothing. */
function review(number) {
  const stars = (number % 5) + 1;
  const thing = (step) => things[(number * step) % things.length];
  return [`"The ${thing(3)} was ${words[stars - 1]}, the ${thing(5)} ${words[stars - 1]}"`, stars];
}

function writeReviews(workspace, name, rows) {
  writeFileSync(path.join(workspace, `${name}.csv`), `review,stars\n${rows.map((row) => row.join(",")).join("\n")}\n`);
  const text = { files: [`${name}.csv`], textKey: "review", labelKey: "stars", labels: "stars" };
  const experiment = {
    dataset: { name: "text", text },
    network: { hidden: [40, 40] },
    training: { learningRate: 0.1, epochs: 12 },
  };
  writeFileSync(path.join(workspace, `${name}.rectiscope.json`), JSON.stringify(experiment));
}

describe("reviews with stars", () => {
  inSteps();
  const story = inSession();
  let folder;
  let dashboard;

  it("are trained from the palette", async () => {
    const { workspace, workbench } = story;
    writeReviews(
      workspace,
      "reviews",
      Array.from({ length: 600 }, (_, number) => review(number)),
    );
    await retry("the experiment in the list", async () => {
      await workbench.runCommand("Rectiscope: Train…");
      await workbench.pick("reviews");
    });
    folder = await retry("a run folder of the reviews", () => {
      const [found] = runFolders(workspace, "reviews");
      assert.ok(found);
      return found;
    });
    dashboard = await Dashboard.of(workbench, "reviews");
    await dashboard.waitForState("finished");
  });

  it("have a tile with the RMSE that the run folder has, far below that of always expecting three stars", async () => {
    const { rmse } = lastValidation(folder);
    assert.equal(await dashboard.number("rmse"), rmse);
    assert.equal(await dashboard.text("rmse").then((text) => text.includes(rmse.toFixed(3))), true);
    assert.ok(rmse < Math.SQRT2 / 2, `${rmse}`);
    assert.ok(rmse < readMetrics(folder).find((line) => line.kind === "eval").rmse);
  });

  it("have a chart of it, and the test set's in the summary", async () => {
    const page = await dashboard.page();
    await page.locator('section[data-chart="rmse"] canvas').waitFor();
    const { summary, layers } = readRun(folder);
    assert.ok(
      summary.test.rmse >= 0 && summary.test.rmse < readMetrics(folder).find((line) => line.kind === "eval").rmse,
    );
    assert.match(await page.locator('[data-field="test-error"]').innerText(), /Test RMSE 0\.\d{3}/);
    assert.equal(layers[0].inputs, new Set([...words, ...things, "the", "was"]).size);
    await story.workbench.screenshot("reviews-finished");
  });

  it("a label that is no number of stars is named with file, line and mend", async () => {
    const { workspace, workbench } = story;
    writeReviews(workspace, "wrong", [...Array.from({ length: 20 }, (_, number) => review(number)), ["fine", "six"]]);
    await retry("the experiment in the list", async () => {
      await workbench.runCommand("Rectiscope: Train…");
      await workbench.pick("wrong");
    });
    const toast = workbench.page.locator(".notification-toast").filter({ hasText: "wrong.csv:22" });
    await toast.waitFor();
    assert.match(await toast.innerText(), /The label is "six"; with dataset\.text\.labels "stars"/);
    assert.deepEqual(workbench.pageErrors, []);
  });
});
