// The claims of the paper: asked for from the palette on a run, checked beside the dashboard, cancelled, kept in the run folder.
import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { Dashboard } from "./dashboard.mjs";
import { readRun, runFolders } from "./run-folder.mjs";
import { inSteps } from "./steps.mjs";
import { inSession } from "./story.mjs";
import { chooseTheme, themes } from "./themes.mjs";
import { retry } from "./workbench.mjs";

const claims = 9;

describe("the claims of the paper", () => {
  const story = inSession();
  inSteps();
  let folder;
  let dashboard;
  const file = () => path.join(folder, "claims.json");
  const record = () => JSON.parse(readFileSync(file(), "utf8"));
  /** The time of the check that is shown, once none goes on. */
  const shown = () =>
    retry(
      "claims in the dashboard",
      async () => {
        const { created, cards } = await dashboard.claims();
        assert.equal(cards.length, claims);
        assert.equal(created, record().created);
        return cards;
      },
      { limitMs: 90_000 },
    );

  it("train a network from the palette", async () => {
    await story.workbench.runCommand("Rectiscope: Train…");
    await story.workbench.pick("quick");
    dashboard = await Dashboard.of(story.workbench, "quick");
    await dashboard.waitForState("finished");
    folder = runFolders(story.workspace, "quick").at(-1);
    assert.equal(existsSync(file()), false);
  });

  it("are offered on the dashboard of the finished run, and checked by the palette's command", async () => {
    await retry("the button", async () => assert.ok(await dashboard.isVisible('[data-action="checkClaims"]')));
    await story.workbench.closeTabs();
    await story.workbench.runCommand("Rectiscope: Check the Paper's Claims");
    dashboard = await Dashboard.of(story.workbench, "quick");
    await retry("claims.json", () => assert.ok(existsSync(file())), { limitMs: 90_000 });
    await shown();
    await retry("the claims in sight", async () => {
      const top = await dashboard.top('[data-section="claims"]');
      assert.ok(top >= 0 && top < 200, `they begin at ${top}`);
    });
  });

  it("are shown as the run folder has them, each with a verdict in words and both sentences", async () => {
    const cards = await shown();
    assert.deepEqual(
      cards.map(({ claim, verdict }) => ({ claim, verdict })),
      record().claims.map(({ claim, verdict }) => ({ claim, verdict })),
    );
    for (const { verdict, words, sentences } of cards) {
      assert.equal(words, { holds: "Holds", fails: "Does not hold", notApplicable: "Not applicable" }[verdict]);
      assert.ok(sentences.every((sentence) => sentence.length > 20));
    }
    // these are mathematics: they hold of every rectifier network
    for (const name of ["linearity", "rescaling"])
      assert.equal(cards.find(({ claim }) => claim === name).verdict, "holds");
    assert.equal(record().checkpoint.step, readRun(folder).summary.bestStep);
  });

  for (const name of Object.keys(themes))
    it(`look like VS Code in its theme ${name}`, async () => {
      await chooseTheme(story, name);
      await dashboard.waitForTheme(themes[name].webview);
      await dashboard.scrollTo('[data-section="claims"]');
      await story.workbench.screenshot(`claims-${name}`);
    });

  it("are there again when the dashboard is opened again, and are not computed twice", async () => {
    const before = record().created;
    await story.workbench.closeTabs();
    await story.workbench.runCommand("Rectiscope: Check the Paper's Claims");
    dashboard = await Dashboard.of(story.workbench, "quick");
    await shown();
    assert.equal(record().created, before);
  });

  it("can be checked again, and cancelled, which keeps what was there", async () => {
    const before = record().created;
    await dashboard.click("checkClaims");
    await dashboard.click("cancelClaims");
    await retry("the end of the check", async () =>
      assert.ok(await dashboard.isVisible('[data-action="checkClaims"]')),
    );
    assert.equal(record().created, before);
    await dashboard.click("checkClaims");
    await retry("another check", () => assert.notEqual(record().created, before), { limitMs: 90_000 });
    await shown();
  });

  it("say why they cannot be checked", async () => {
    rmSync(path.join(folder, "checkpoints/best.safetensors"));
    await dashboard.click("checkClaims");
    await retry("the reason", async () => {
      assert.match(await dashboard.text("claims-error"), /best\.safetensors.*Run its config again/s);
    });
    await story.workbench.screenshot("claims-error");
  });

  it("are in the menu of a run", async () => {
    const row = await story.workbench.runRow("quick");
    await story.workbench.contextMenu(row, "Check the Paper's Claims");
    await retry("the reason, once more", async () => assert.match(await dashboard.text("claims-error"), /checkpoint/));
  });

  describe("the page, after all this", () => {
    it("has had no uncaught error", () => assert.deepEqual(story.workbench.pageErrors, []));
    it("has violated no Content Security Policy", () => assert.deepEqual(story.workbench.policyViolations, []));
  });
});
