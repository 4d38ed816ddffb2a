/** `node test/inspectorPage/checks.mjs [WORD]` (only checks whose title has the word): the inspector's behaviour in a browser, against invented messages. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { setTheme, settle, show } from "../dashboard/served.mjs";
import { runChecks, violationsOf } from "../pages/runChecks.mjs";
import { harness, root } from "./harness.mjs";

const axe = readFileSync(path.join(root, "node_modules/axe-core/axe.min.js"), "utf8");
const field = (name) => `[data-field="${name}"]`;
const action = (name) => `[data-action="${name}"]`;
const posted = (page) => page.evaluate(() => globalThis.harness.posted);
const rows = (page) => page.locator(".grid-row:not(.grid-group)");
const names = (page) =>
  rows(page).evaluateAll((all) =>
    all
      .sort((a, b) => Number(a.dataset.item) - Number(b.dataset.item))
      .map((row) => row.querySelector('[data-column="name"]').dataset.value),
  );
const press = async (page, ...keys) => {
  for (const key of keys) await page.keyboard.press(key);
  await settle(page);
};
const visibleActions = (page) =>
  page.locator(".toolbar vscode-button:visible").evaluateAll((buttons) => buttons.map(({ dataset }) => dataset.action));

const checks = {
  "asks for the model, and remembers which file it shows": async (open) => {
    const page = await open({ state: "done" });
    assert.deepEqual((await posted(page))[0], { type: "ready" });
    const { files } = await page.evaluate(() => globalThis.harness.remembered());
    assert.match(files[0], /best\.safetensors$/);
  },

  "offers what makes sense in each state": async (open) => {
    const page = await open({ state: "done" });
    const expected = {
      done: ["showProbe", "compareWith", "reload", "copyPath"],
      reading: ["cancel", "showProbe", "compareWith", "reload", "copyPath"],
      cancelled: ["goOn", "showProbe", "compareWith", "reload", "copyPath"],
      compared: ["swap", "reload", "copyPath"],
      damaged: ["reload", "copyPath"],
    };
    for (const [state, actions] of Object.entries(expected)) {
      const fresh = await open({ state });
      assert.deepEqual(await visibleActions(fresh), actions, state);
      const notice = await fresh.locator(`.inspector > ${field("notice")}`).isVisible();
      assert.equal(notice, ["cancelled", "damaged"].includes(state), `notice when ${state}`);
      await fresh.close();
    }
    await page.locator(`.toolbar ${action("reload")}`).click();
    assert.equal((await posted(page)).at(-1).action, "reload");
  },

  "says in a sentence what counts, and shows which tensors do": async (open) => {
    const page = await open({ state: "transformer" });
    assert.match(await page.locator(field("counts")).textContent(), /counts 24 tensors of weights .* do not count/);
    const roles = await rows(page).evaluateAll((all) =>
      all.map((row) => [row.classList.contains("counts"), row.querySelector('[data-column="role"]').textContent]),
    );
    for (const [counts, role] of roles) assert.equal(counts, role === "weights");
  },

  "sorts by any column, both ways and back": async (open) => {
    const page = await open({ state: "done" });
    const inFile = await names(page);
    const columns = await page
      .locator(".grid-head [data-sort]")
      .evaluateAll((heads) => heads.map(({ dataset }) => dataset.sort));
    assert.equal(columns.length, 13);
    const valuesOf = (column) =>
      rows(page).evaluateAll(
        (all, id) =>
          all
            .sort((a, b) => Number(a.dataset.item) - Number(b.dataset.item))
            .map((row) => row.querySelector(`[data-column="${id}"]`).dataset.value),
        column,
      );
    for (const column of columns.filter((id) => !["name", "type"].includes(id))) {
      const head = page.locator(`[data-sort="${column}"]`);
      await head.click();
      await settle(page);
      const marked = await page
        .locator('.grid-head > :not([aria-sort="none"]) [data-sort]')
        .evaluateAll((heads) => heads.map(({ dataset }) => dataset.sort));
      assert.deepEqual(marked, [column]);
      const some = (await valuesOf(column)).filter((value) => value !== "").map(Number);
      const up = [...some].sort((a, b) => a - b);
      const order = JSON.stringify(some);
      assert.ok(order === JSON.stringify(up) || order === JSON.stringify(up.reverse()), `${column}: ${some}`);
      await head.click();
      await head.click();
      await settle(page);
      assert.deepEqual(await names(page), inFile, column);
    }
  },

  "filters by role, by zeros and by layer, and searches": async (open) => {
    const page = await open({ state: "transformer", height: 2400 });
    assert.equal((await names(page)).length, 57);
    await page.locator(field("role")).selectOption("norm");
    await settle(page);
    assert.equal((await names(page)).length, 6);
    await page.locator(field("role")).selectOption("");
    await page.locator(action("onlyZeros")).click();
    await settle(page);
    assert.equal((await names(page)).length, 24);
    assert.match(await page.locator(field("shown")).textContent(), /24 of 57 tensors/);
    await press(page, "ControlOrMeta+f");
    await page.keyboard.type("query layer.3");
    await settle(page);
    assert.deepEqual(await names(page), ["encoder.layer.3.attention.self.query.weight"]);
    await page.locator(field("search")).fill("nothing has this name");
    await settle(page);
    assert.match(await page.locator(".inspector-content .instead").textContent(), /No tensor fits the filter/);
    await page.locator(field("search")).fill("");
    await page.locator(action("onlyZeros")).click();
    await page.locator(".card").nth(1).click();
    await settle(page);
    assert.deepEqual(await names(page), [
      "encoder.layer.0.attention.self.key.weight",
      "encoder.layer.0.attention.self.key.bias",
    ]);
    await page.locator(action("allLayers")).click();
    await page.locator(action("group")).click();
    await settle(page);
    assert.equal(await page.locator(".grid-group").count(), 25);
  },

  "goes through 65,536 tensors by key, with few elements": async (open) => {
    const page = await open({ state: "many" });
    await page.locator(".grid").focus();
    await press(page, "End");
    assert.equal((await names(page)).at(-1), "blocks.8191.experts.7.weight");
    assert.ok((await rows(page).count()) < 80);
    const active = await page.locator(".grid").getAttribute("aria-activedescendant");
    assert.match(await page.locator(`#${active}`).textContent(), /blocks\.8191\.experts\.7/);
    await press(page, "Home");
    assert.equal((await names(page))[0], "blocks.0.experts.0.weight");
    await press(page, "PageDown", "Enter");
    assert.equal(await page.locator(".details-pane").isVisible(), true);
    const height = await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight);
    assert.ok(height <= 0, `the table scrolls, not the page: ${height} px`);
  },

  "gives what is selected, and saves what is listed": async (open) => {
    const page = await open({ state: "done" });
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await rows(page).nth(0).click();
    await rows(page)
      .nth(2)
      .click({ modifiers: ["Shift"] });
    await press(page, "ControlOrMeta+c");
    const copied = (await page.evaluate(() => navigator.clipboard.readText())).trim().split("\n");
    assert.equal(copied.length, 4);
    assert.deepEqual(copied[1].split("\t").slice(0, 4), ["layer1.weight", "weight", "layer1", "784x1000"]);
    await page.locator(action("csv")).click();
    const { kind, text } = (await posted(page)).at(-1);
    assert.equal(kind, "csv");
    assert.equal(text.trim().split("\n").length, 9);
    await page.locator(action("json")).click();
    assert.equal(JSON.parse((await posted(page)).at(-1).text)[0].elements, 784_000);
  },

  "keeps sort, filter, details and place over a reload": async (open) => {
    const page = await open({ state: "many" });
    await page.locator('[data-sort="share"]').click();
    await page.locator(field("search")).fill("experts.1");
    await settle(page);
    await page.locator(".grid").evaluate((grid) => grid.scrollTo(0, 5200));
    await settle(page);
    const before = await names(page);
    await page.reload();
    await setTheme(page, "dark");
    await show(page, "many");
    await settle(page);
    assert.deepEqual(await names(page), before);
    assert.equal(await page.locator(field("search")).inputValue(), "experts.1");
  },

  "a file that cannot be read says what to do, and is tried again": async (open) => {
    const page = await open({ state: "truncated" });
    assert.match(await page.locator(field("failure")).textContent(), /cannot be read.*Copy or download it again/);
    await page.locator(`.failure ${action("reload")}`).click();
    assert.equal((await posted(page)).at(-1).action, "reload");
    await show(page, "done");
    assert.equal(await page.locator(field("failure")).isVisible(), false);
    assert.equal(await rows(page).count(), 8);
  },

  "compares two files, either way round": async (open) => {
    const page = await open({ state: "compared" });
    const changes = () =>
      rows(page).evaluateAll((all) => all.map((row) => row.querySelector('[data-column="change"]').textContent));
    assert.ok((await changes()).includes("added"));
    await page.locator(action("swap")).click();
    await settle(page);
    assert.ok((await changes()).includes("removed"));
    assert.match(await page.locator("h1").first().textContent(), /last\.safetensors → best\.safetensors/);
    const same = await open({ state: "same" });
    assert.match(await same.locator(".inspector-content .instead").textContent(), /No tensor differs/);
    await same.locator(action("onlyDifferent")).click();
    await settle(same);
    assert.equal(await rows(same).count(), 8);
  },

  "a probe asks for an experiment, a set and a number, and for nothing that is no number": async (open) => {
    const page = await open({ state: "done" });
    await page.locator(action("showProbe")).click();
    await settle(page);
    assert.equal((await posted(page)).at(-1).action, "listExperiments");
    await show(page, "probe-begin");
    await settle(page);
    const options = await page
      .locator(`${field("probe-config")} option`)
      .evaluateAll((all) => all.map(({ disabled, textContent }) => [textContent, disabled]));
    assert.deepEqual(options, [
      ["mnist · mnist", false],
      ["broken (to be mended)", true],
      ["quick · mnist-sample", false],
    ]);
    await page.locator(field("probe-config")).selectOption("/packed/quick.rectiscope.json");
    await page.locator(field("probe-set")).selectOption("test");
    await page.locator(field("probe-n")).fill("0");
    const before = (await posted(page)).length;
    await page.locator(action("run")).click();
    await settle(page);
    assert.match(await page.locator(".probe-problem").textContent(), /whole number of at least 1/);
    assert.equal((await posted(page)).length, before);
    await page.locator(field("probe-n")).fill("250");
    await page.locator(field("probe-n")).press("Enter");
    await settle(page);
    const { id: _, ...asked } = (await posted(page)).at(-1);
    const config = "/packed/quick.rectiscope.json";
    assert.deepEqual(asked, { type: "request", action: "probe", config, set: "test", n: 250 });
    assert.equal(await page.locator(".probe-problem").isVisible(), false);
  },

  "a probe that goes on can be cancelled; its report has layers, and the units of the one that is chosen": async (
    open,
  ) => {
    const page = await open({ state: "probe-running" });
    await page.locator(action("showProbe")).click();
    await settle(page);
    assert.match(await page.locator(field("probe-reached")).textContent(), /3,200 of 10,000 examples · 32/);
    await page.locator(action("cancel")).last().click();
    assert.equal((await posted(page)).at(-1).action, "cancelProbe");
    await show(page, "probe-ended");
    await settle(page);
    const dead = await page
      .locator('.layers td[data-figure="dead"]')
      .evaluateAll((cells) => cells.map(({ dataset }) => Number(dataset.value)));
    assert.equal(dead.length, 3);
    const map = page.locator("canvas[data-map]");
    const most = Math.max(...dead);
    assert.equal(await map.getAttribute("data-dead"), String(most), "the layer with most dead units");
    await page.locator(".layers tbody tr").first().click();
    await settle(page);
    assert.equal(await map.getAttribute("data-dead"), String(dead[0]));
    await map.focus();
    await page.keyboard.press("End");
    await page.locator(".probe .unit-tip").filter({ hasText: "of 10,000 validation examples" }).waitFor();
    assert.doesNotMatch(await page.locator(".probe .unit-tip").textContent(), /NaN|undefined|bias|update/);
    await page.locator(action("showTensors")).click();
    await settle(page);
    assert.equal(await rows(page).count(), 8);
  },

  "a probe of channels says that positions count, and what was left out": async (open) => {
    const page = await open({ state: "probe-convolutions" });
    await page.locator(action("showProbe")).click();
    await settle(page);
    const notes = await page.locator(".probe-notes").textContent();
    assert.match(notes, /every position of an example counts.*Not counted: \/head\/Scatter\/Relu_output_0/);
    await page.locator(".layers tbody tr").first().click();
    await settle(page);
    await page.locator("canvas[data-map]").focus();
    await page.keyboard.press("End");
    await page
      .locator(".probe .unit-tip")
      .filter({ hasText: "of 7,840,000 positions of validation examples" })
      .waitFor();
  },

  "a probe that failed says why; an untrusted workspace has none": async (open) => {
    const page = await open({ state: "probe-failed" });
    await page.locator(action("showProbe")).click();
    await settle(page);
    assert.match(await page.locator(".probe .notice").textContent(), /cannot be probed.*wants 784 inputs/);
    const untrusted = await open({ state: "probe-untrusted" });
    await untrusted.locator(action("showProbe")).click();
    await settle(untrusted);
    assert.match(await untrusted.locator(".probe .notice").textContent(), /needs a trusted workspace/);
    assert.equal(await untrusted.locator(action("run")).isVisible(), false);
  },

  "speaks German": async (open) => {
    const page = await open({ state: "done", language: "de" });
    assert.match(await page.locator(field("counts")).textContent(), /Zur Sparsity der Gewichte zählen/);
  },

  "has no fault for axe in any theme": async (open) => {
    const states = ["done", "reading", "truncated", "compared", "transformer"];
    for (const state of [...states, "probe-running", "probe-convolutions", "probe-failed"]) {
      const page = await open({ state, bypassCSP: true });
      if (state.startsWith("probe")) await page.locator(action("showProbe")).click();
      await page.evaluate(axe);
      for (const theme of ["dark", "light", "contrast-dark", "contrast-light"]) {
        await setTheme(page, theme);
        await settle(page);
        const violations = await violationsOf(page);
        assert.deepEqual(violations, [], `${state} in ${theme}`);
      }
      await page.close();
    }
  },
};

await runChecks("inspector", "inspectorPage", checks, harness);
