// Model files in the editor: from the explorer and the palette, whole, damaged and huge, one and two.
import assert from "node:assert/strict";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, it } from "mocha";
import { Dashboard } from "./dashboard.mjs";
import { InspectorPage } from "./inspectorPage.mjs";
import { convolutions, onnx, safetensors, writeSparseSafetensors, zerosOf } from "./modelFiles.mjs";
import { readMetrics, readRun, runFolders, writeExperiment } from "./run-folder.mjs";
import { inSteps } from "./steps.mjs";
import { inSession } from "./story.mjs";
import { chooseTheme, themes } from "./themes.mjs";
import { retry } from "./workbench.mjs";

describe("model files in the editor", () => {
  inSteps();
  const story = inSession();
  const inWorkspace = (name) => path.join(story.workspace, name);
  const row = (name) =>
    story.workbench.page.locator(".explorer-folders-view .monaco-list-row").filter({ hasText: name });
  const openFromExplorer = (name) =>
    retry(`${name} open`, async () => {
      await row(name).dblclick({ timeout: 3_000 });
      await story.workbench.page.locator(".tab.active").filter({ hasText: name }).waitFor({ timeout: 3_000 });
    });
  /** Answers a file dialog, which is a quick input here. */
  const answerWithFile = async (file) => {
    const { page } = story.workbench;
    const input = page.locator(".quick-input-widget:visible .quick-input-filter input").first();
    await retry(`${file} chosen`, async () => {
      if (!(await input.isVisible())) throw new Error("no file dialog");
      if ((await input.inputValue()).startsWith(">")) throw new Error("the palette is still open");
      await input.fill(file);
      // the dialog proposes a name of its own a moment after it has opened
      await sleep(700);
      assert.equal(await input.inputValue(), file);
      await page.keyboard.press("Enter");
      await input.waitFor({ state: "hidden", timeout: 3_000 });
    });
  };
  let inspector;

  it("a checkpoint of our own opens from the explorer, with the zeros that it has", async () => {
    const { workspace, workbench } = story;
    writeExperiment(workspace, "small", { hidden: [40, 30], epochs: 2 });
    await workbench.runCommand("Rectiscope: Train…");
    await workbench.pick("small");
    await (await Dashboard.of(workbench, "small")).waitForState("finished");
    const [folder] = runFolders(workspace, "small");
    copyFileSync(path.join(folder, "checkpoints/best.safetensors"), inWorkspace("trained.safetensors"));
    await openFromExplorer("trained.safetensors");
    inspector = await InspectorPage.of(workbench, "trained.safetensors");
    await inspector.waitForState("done");
    const zeros = zerosOf(inWorkspace("trained.safetensors"));
    const shown = Object.fromEntries((await inspector.rows()).map((one) => [one.name, one.zeros]));
    for (const [name, count] of Object.entries(zeros)) assert.equal(shown[name], count, name);
    assert.equal(await inspector.locator(".card").count(), 3);
    assert.match(
      await inspector.locator('[data-field="counts"]').textContent(),
      /Weight sparsity counts 3 tensors of weights/,
    );
  });

  it("sorts, filters and searches, and the keyboard reaches everything", async () => {
    const { page } = story.workbench;
    await inspector.sortBy("bytes");
    const sizes = (await inspector.rows()).map(({ bytes }) => bytes);
    assert.deepEqual(
      sizes,
      [...sizes].sort((a, b) => b - a),
    );
    await inspector.locator(".grid").focus();
    await page.keyboard.press("End");
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    const details = inspector.locator(".details-pane");
    await details.waitFor();
    assert.equal(await details.locator("h3").textContent(), (await inspector.rows())[0].name);
    await page.keyboard.press("ControlOrMeta+f");
    await page.keyboard.type("weight");
    const found = await inspector.waitForRows("names with weight", (rows) =>
      rows.every(({ name }) => name.includes("weight")),
    );
    assert.equal(found.length, 3);
    await inspector.search("");
    await inspector.locator(".strip-scroller").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    const layer = await inspector.waitForRows(
      "the tensors of a layer",
      (rows) => rows.length > 0 && rows.length < found.length * 2,
    );
    assert.ok(layer.length < sizes.length);
    await inspector.locator("[data-structure]").waitFor();
  });

  it("keeps what was chosen while it is hidden", async () => {
    const { workbench } = story;
    const before = await inspector.rows();
    await openFromExplorer("quick.rectiscope.json");
    await workbench.openTab("trained.safetensors");
    inspector = await InspectorPage.of(workbench, "trained.safetensors");
    await inspector.waitForState("done");
    assert.deepEqual(await inspector.rows(), before);
    assert.equal(await inspector.locator(".details-pane").isVisible(), true);
    await inspector.click("allLayers");
    await inspector.waitForRows("all tensors", (rows) => rows.length > before.length);
  });

  it("saves what it lists as CSV and as JSON", async () => {
    const zeros = zerosOf(inWorkspace("trained.safetensors"));
    await inspector.click("csv");
    await answerWithFile(inWorkspace("listed.csv"));
    const csv = await retry("the CSV", () => readFileSync(inWorkspace("listed.csv"), "utf8").trim().split("\n"));
    assert.equal(csv[0].split(",")[0], "name");
    const at = csv[0].split(",").indexOf("zeros");
    for (const line of csv.slice(1)) {
      const [name] = line.split(",");
      if (name in zeros) assert.equal(Number(line.split(",")[at]), zeros[name]);
    }
    await inspector.click("json");
    await answerWithFile(inWorkspace("listed.json"));
    const json = await retry("the JSON", () => JSON.parse(readFileSync(inWorkspace("listed.json"), "utf8")));
    assert.equal(json.length, csv.length - 1);
  });

  it("pictures", async () => {
    for (const name of Object.keys(themes)) {
      await chooseTheme(story, name);
      await inspector.waitForTheme(themes[name].webview);
      await sleep(300);
      await story.workbench.screenshot(`inspector-${name}`);
    }
    await chooseTheme(story, "dark");
  });

  it("a probe of the checkpoint gives the figures of its run, and a map of the units", async () => {
    const { workspace, workbench } = story;
    const [folder] = runFolders(workspace, "small");
    const { bestStep } = readRun(folder).summary;
    const best = readMetrics(folder).find(
      ({ kind, set, step }) => kind === "eval" && set === "valid" && step === bestStep,
    );
    await inspector.chooseProbe({ config: "small.rectiscope.json" });
    await inspector.click("run");
    await inspector.waitForProbe("ended");
    assert.equal(await inspector.number("probe-error"), best.error);
    assert.equal(await inspector.number("probe-loss"), best.loss);
    const layers = await inspector.probedLayers();
    assert.equal(layers.length, 2);
    for (const [l, figures] of layers.entries())
      for (const name of ["sparsity", "dead", "dormant", "alwaysOn", "meanActivation"])
        assert.equal(figures[name], best.layers[l][name], `${name} of layer ${l + 1}`);
    const map = inspector.locator("canvas[data-map]");
    await inspector.locator(".layers tbody tr").nth(1).click();
    await retry("the units of layer 2", async () => assert.equal(await map.getAttribute("data-units"), "30"));
    assert.equal(await map.getAttribute("data-dead"), String(best.layers[1].dead));
    await map.focus();
    await workbench.page.keyboard.press("Home");
    await inspector
      .locator(".unit-tip")
      .filter({ hasText: `of ${best.n.toLocaleString("en")} validation examples` })
      .waitFor();
    for (const name of ["light", "hc-dark", "dark"]) {
      await chooseTheme(story, name);
      await inspector.waitForTheme(themes[name].webview);
      await sleep(300);
      await workbench.screenshot(`inspector-probe-${name}`);
    }
  });

  it("a probe of some examples of another set says so; what was chosen and found stays while it is hidden", async () => {
    const { workbench } = story;
    await inspector.chooseProbe({ config: "small.rectiscope.json", set: "test", n: 70 });
    await inspector.click("run");
    const recipe = inspector.locator(".probe-report .recipe");
    await recipe.filter({ hasText: "test, 70 examples" }).waitFor();
    await openFromExplorer("quick.rectiscope.json");
    await workbench.openTab("trained.safetensors");
    inspector = await InspectorPage.of(workbench, "trained.safetensors");
    await inspector.waitForProbe("ended");
    await inspector.locator(".probe-report .recipe").filter({ hasText: "test, 70 examples" }).waitFor();
    // the form comes once the experiments have been looked for
    await retry("the number of examples", async () =>
      assert.equal(await inspector.locator('[data-field="probe-n"]').inputValue(), "70"),
    );
    await inspector.click("showTensors");
    await inspector.locator(".grid-row").first().waitFor();
  });

  it("a probe of convolutions counts positions, goes on in a process of its own, and can be cancelled", async () => {
    const { workbench } = story;
    writeFileSync(inWorkspace("channels.onnx"), convolutions(128));
    await openFromExplorer("channels.onnx");
    const page = await InspectorPage.of(workbench, "channels.onnx");
    await page.waitForState("done");
    await page.chooseProbe({ config: "small.rectiscope.json", set: "train" });
    await page.click("run");
    await page.locator('[data-field="probe-reached"]').filter({ hasText: "examples" }).waitFor({ timeout: 60_000 });
    await workbench.screenshot("inspector-probe-running");
    await page.locator('.probe [data-action="cancel"]').click();
    await page.waitForProbe("cancelled");
    await page.chooseProbe({ config: "small.rectiscope.json", n: 2 });
    await page.click("run");
    await page.waitForProbe("ended");
    const [first] = await page.probedLayers();
    assert.ok(first.dead >= 1, "the channel without weights is dead");
    await page.locator(".layers tbody tr").first().click();
    await page.locator("canvas[data-map]").focus();
    await workbench.page.keyboard.press("Home");
    const positions = 2 * 28 * 28;
    const words = `of ${positions.toLocaleString("en")} positions of validation examples`;
    await page.locator(".unit-tip").filter({ hasText: words }).waitFor();
    await workbench.screenshot("inspector-probe-channels");
  });

  it("a probe with data that does not fit says what the model wants", async () => {
    const { workbench } = story;
    writeFileSync(inWorkspace("narrow.onnx"), onnx());
    await openFromExplorer("narrow.onnx");
    const page = await InspectorPage.of(workbench, "narrow.onnx");
    await page.waitForState("done");
    await page.chooseProbe({ config: "small.rectiscope.json" });
    await page.click("run");
    await page.waitForProbe("failed");
    await page.locator(".probe .notice").filter({ hasText: "wants 3 inputs" }).waitFor();
    await workbench.screenshot("inspector-probe-failed");
  });

  it("an ONNX model shows its layers, and the unit that has no weights", async () => {
    const { workbench } = story;
    writeFileSync(inWorkspace("network.onnx"), onnx());
    await openFromExplorer("network.onnx");
    const page = await InspectorPage.of(workbench, "network.onnx");
    await page.waitForState("done");
    assert.equal(await page.number("weight-sparsity"), 5 / 20);
    assert.equal(await page.number("structurally-dead"), 1);
    await page.locator(".card").first().click();
    await page.locator("[data-structure]").focus();
    await workbench.page.keyboard.press("ArrowRight");
    await page.locator(".unit-tip").filter({ hasText: "All its incoming weights are zero" }).waitFor();
    await workbench.screenshot("inspector-onnx");
  });

  it("a file that changes says so, and is read again", async () => {
    const { workbench } = story;
    writeFileSync(
      inWorkspace("changing.safetensors"),
      safetensors({ "fc.weight": { shape: [2, 2], values: [0, 1, 2, 3] } }),
    );
    await openFromExplorer("changing.safetensors");
    const page = await InspectorPage.of(workbench, "changing.safetensors");
    await page.waitForState("done");
    assert.equal(await page.number("weight-sparsity"), 0.25);
    writeFileSync(
      inWorkspace("changing.safetensors"),
      safetensors({ "fc.weight": { shape: [2, 2], values: [0, 0, 0, 3] }, "fc.bias": { shape: [2], values: [0, 1] } }),
    );
    await page.locator(".notice").filter({ hasText: "changing.safetensors has changed on disk" }).waitFor();
    await page.click("reload");
    await retry("the new figures", async () => assert.equal(await page.number("weight-sparsity"), 0.75));
    assert.equal((await page.rows()).length, 2);
    rmSync(inWorkspace("changing.safetensors"));
    await page.locator(".notice").filter({ hasText: "changing.safetensors is gone" }).waitFor();
  });

  it("a file that is cut short says what is wrong, and opens once it is mended", async () => {
    const { workbench } = story;
    const whole = safetensors({ "fc.weight": { shape: [100, 100], values: new Array(10_000).fill(1) } });
    writeFileSync(inWorkspace("short.safetensors"), whole.subarray(0, 5_000));
    await openFromExplorer("short.safetensors");
    const page = await InspectorPage.of(workbench, "short.safetensors", { has: ".failure h1" });
    assert.match(await page.locator(".failure h1").textContent(), /short\.safetensors cannot be read/);
    assert.match(await page.locator(".failure-message").textContent(), /[Cc]opy|[Dd]ownload/);
    await workbench.screenshot("inspector-truncated");
    await page.locator('.failure [data-action="reload"]').click();
    await page.locator(".failure h1").waitFor();
    writeFileSync(inWorkspace("short.safetensors"), whole);
    await page.locator(".grid-row").first().waitFor();
    await page.waitForState("done");
    assert.equal(await page.locator(".failure").isVisible(), false);
  });

  it("2 GB are listed at once, and reading them can be cancelled and goes on", async () => {
    const { workbench } = story;
    writeSparseSafetensors(inWorkspace("huge.safetensors"), 205);
    await openFromExplorer("huge.safetensors");
    const page = await InspectorPage.of(workbench, "huge.safetensors");
    await page.waitForState("reading");
    assert.match(await page.locator(".inspector-header .recipe").textContent(), /205 tensors · .*2\.15 GB/);
    await workbench.screenshot("inspector-huge");
    await page.click("cancel");
    await page.waitForState("cancelled");
    const at = await page.locator('[data-field="reached"]').textContent();
    await sleep(1_500);
    assert.equal(await page.locator('[data-field="reached"]').textContent(), at, "nothing is read any more");
    await page.click("goOn");
    await page.waitForState("reading");
    await workbench.runCommand("View: Close Editor");
    rmSync(inWorkspace("huge.safetensors"));
  });

  it("two files are compared from the explorer: what differs, and which units died", async () => {
    const { workbench } = story;
    const bias = { shape: [2], values: [0, 0] };
    const model = (first) =>
      safetensors({
        "fc1.weight": { shape: [2, 3], values: first },
        "fc1.bias": bias,
        "fc2.weight": { shape: [1, 2], values: [1, 2] },
      });
    writeFileSync(inWorkspace("one.safetensors"), model([1, 2, 3, 4, 5, 6]));
    writeFileSync(inWorkspace("two.safetensors"), model([1, 2, 3, 0, 0, 0]));
    await retry("both in the explorer", async () => {
      await row("one.safetensors").click({ timeout: 3_000 });
      await row("two.safetensors").click({ modifiers: ["ControlOrMeta"], timeout: 3_000 });
    });
    await workbench.contextMenu(row("two.safetensors"), "Compare Model Files");
    const page = await InspectorPage.of(workbench, "one.safetensors ↔ two.safetensors");
    await page.waitForState("done");
    const rows = await page.rows();
    assert.deepEqual(
      rows.map(({ name, zeros }) => [name, zeros]),
      [["fc1.weight", 3]],
    );
    await page.click("swap");
    await page.waitForRows("the other way round", (all) => all[0]?.zeros === -3);
    await workbench.screenshot("inspector-compared");
  });

  it("a comparison comes back after a reload of the window, as it was", async () => {
    const { workbench } = story;
    await workbench.reloadWindow();
    const page = await InspectorPage.of(workbench, "one.safetensors ↔ two.safetensors");
    await page.waitForState("done");
    await page.waitForRows("still the other way round", (all) => all[0]?.zeros === -3);
  });

  it("the palette opens any file, whatever its name", async () => {
    const { workbench } = story;
    await workbench.runCommand("Rectiscope: Inspect Model File…");
    await answerWithFile(inWorkspace("one.safetensors"));
    const page = await InspectorPage.of(workbench, "one.safetensors");
    await page.waitForState("done");
    assert.equal((await page.rows()).length, 3);
  });

  it("a checkpoint in its run folder is probed with the run's own experiment, unless another is chosen", async () => {
    const { workspace, workbench } = story;
    const [folder] = runFolders(workspace, "small");
    await workbench.runCommand("Rectiscope: Inspect Model File…");
    await answerWithFile(path.join(folder, "checkpoints/best.safetensors"));
    const page = await InspectorPage.of(workbench, "best.safetensors");
    await page.waitForState("done");
    await page.click("showProbe");
    const config = page.locator('[data-field="probe-config"]');
    await retry("the run's own experiment", async () => {
      assert.equal(path.basename(await config.inputValue({ timeout: 2_000 })), "small.rectiscope.json");
    });
  });

  it("leaves no error and no breach of the policy behind", () => {
    assert.deepEqual(story.workbench.pageErrors, []);
    assert.deepEqual(story.workbench.policyViolations, []);
  });
});
