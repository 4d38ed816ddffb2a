// What a person sees before anything is downloaded. The story ends there: no test may need the network.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "mocha";
import { openSession } from "./session.mjs";
import { inSteps } from "./steps.mjs";

describe("downloading a data set", () => {
  inSteps();
  let session;
  let workbench;

  before(async () => {
    session = await openSession();
    workbench = session.workbench;
  });
  after(() => session?.close());
  afterEach(async function () {
    if (this.currentTest.state !== "failed") return;
    console.log(`    picture: ${await workbench.screenshot("failed-download")}`);
  });

  it("offers the data sets with size, licence and source", async () => {
    await workbench.runCommand("Rectiscope: Download Data Set…");
    const list = workbench.page.locator(".quick-input-list");
    await list.getByText("30.9 MB · MIT · raw.githubusercontent.com").waitFor();
    await workbench.pick("MNIST");
  });

  it("asks before the network is used, naming source, size, licence and place", async () => {
    const dialog = workbench.page.locator(".monaco-dialog-box");
    await dialog.waitFor();
    const text = await dialog.innerText();
    for (const part of [
      /Download MNIST, 11\.6 MB, from ossci-datasets\.s3\.amazonaws\.com\?/,
      /where that fails, storage\.googleapis\.com/,
      /CC BY-SA 3\.0, © Yann LeCun and Corinna Cortes/,
      /Stored in: .+data-sets.mnist/,
    ])
      assert.match(text, part);
    await workbench.screenshot("download-question");
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await dialog.waitFor({ state: "detached" });
  });

  it("does nothing without consent", async () => {
    assert.equal(await workbench.page.locator(".notification-toast").filter({ hasText: "MNIST" }).count(), 0);
    assert.deepEqual(workbench.pageErrors, []);
  });
});
