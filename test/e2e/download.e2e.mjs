// What a person sees before anything is downloaded. The story ends there: no test may need the network.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { inSteps } from "./steps.mjs";
import { inSession } from "./story.mjs";

describe("downloading a data set", () => {
  inSteps();
  const story = inSession();

  it("offers the data sets with size, licence and source", async () => {
    await story.workbench.runCommand("Rectiscope: Download Data Set…");
    const list = story.workbench.page.locator(".quick-input-list");
    await list.getByText("30.9 MB · MIT · raw.githubusercontent.com").waitFor();
    await list.getByText("0.1 MB · CC BY 4.0 · registry.npmjs.org").waitFor();
    await story.workbench.pick("MNIST");
  });

  it("asks before the network is used, naming source, size, licence and place", async () => {
    const dialog = story.workbench.page.locator(".monaco-dialog-box");
    await dialog.waitFor();
    const text = await dialog.innerText();
    for (const part of [
      /Download MNIST, 11\.6 MB, from ossci-datasets\.s3\.amazonaws\.com\?/,
      /where that fails, storage\.googleapis\.com/,
      /CC BY-SA 3\.0, © Yann LeCun and Corinna Cortes/,
      /Stored in: .+data-sets.mnist/,
    ])
      assert.match(text, part);
    await story.workbench.screenshot("download-question");
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await dialog.waitFor({ state: "detached" });
  });

  it("does nothing without consent", async () => {
    assert.equal(await story.workbench.page.locator(".notification-toast").filter({ hasText: "MNIST" }).count(), 0);
    assert.deepEqual(story.workbench.pageErrors, []);
  });
});
