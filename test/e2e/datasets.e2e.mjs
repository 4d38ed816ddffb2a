// Data sets in the editor: the view, a page of one that is packed, one's own table added by the guided command and trained, hovers,
// a file that is broken, and pictures in class folders.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { encode } from "fast-png";
import { describe, it } from "mocha";
import { Dashboard } from "./dashboard.mjs";
import { readRun, runFolders } from "./run-folder.mjs";
import { inSteps } from "./steps.mjs";
import { inSession } from "./story.mjs";
import { chooseTheme, themes } from "./themes.mjs";
import { retry } from "./workbench.mjs";

/** VS Code's dialog looks at the disk while a path is typed. */
const dialogMs = 1_000;

const flowers = ["crocus", "daisy", "tulip"];
/** 60 crocuses, 60 daisies and 30 tulips: as wide as their kind, with an id that says nothing. */
const rows = Array.from({ length: 150 }, (_, k) => {
  const kind = k < 60 ? 0 : k < 120 ? 1 : 2;
  return [`n${k}`, 3 * kind + (k % 7) / 10, k % 2 ? 0 : 5 - kind, flowers[kind]];
});

/** Bright rows, and bright columns. */
function writePictures(folder) {
  for (const [name, on] of [
    ["across", (_, y, k) => y === k % 12],
    ["down", (x, _, k) => x === k % 12],
  ])
    for (let k = 0; k < 40; k++) {
      mkdirSync(path.join(folder, name), { recursive: true });
      const data = Uint8Array.from({ length: 12 * 12 * 3 }, (_, at) => {
        const [x, y] = [Math.floor(at / 3) % 12, Math.floor(at / 36)];
        return on(x, y, k) ? [255, 180, 60][at % 3] : 20;
      });
      writeFileSync(
        path.join(folder, name, `${k}.png`),
        encode({ width: 12, height: 12, channels: 3, depth: 8, data }),
      );
    }
}

describe("data sets", () => {
  inSteps();
  const story = inSession();
  const row = async (name) => {
    await story.workbench.runRows("");
    const pane = story.workbench.page.locator('.pane:has(.pane-header[aria-label^="Data Sets"])');
    return pane.locator(".monaco-list-row").filter({ hasText: name });
  };
  const pageOf = (title) => story.workbench.webview(title, { has: '.page[data-state="dataset"]' });
  const answer = async (text, value) => {
    const { page } = story.workbench;
    await retry(`the question "${text}"`, async () => {
      const box = page.locator(".quick-input-widget:visible");
      const words = `${await box.innerText()} ${await box.locator("input").first().getAttribute("placeholder")}`;
      if (!words.includes(text)) throw new Error(words);
    });
    if (value !== undefined) await page.keyboard.press("ControlOrMeta+a").then(() => page.keyboard.type(value));
    await page.keyboard.press("Enter");
  };
  /** From the start again where the dialog took a click before it had taken in the path. */
  const add = async (kind, file) => {
    const { workbench } = story;
    const box = workbench.page.locator(".quick-input-widget:visible");
    const input = box.locator("input").first();
    await retry(
      "the files taken by the dialog",
      async () => {
        await workbench.page.keyboard.press("Escape");
        await workbench.runCommand("Rectiscope: Add Data Set…");
        await workbench.pick(kind);
        const button = box.locator(".monaco-button").filter({ hasText: "Add" });
        await button.waitFor({ timeout: 5_000 });
        await input.fill(file, { timeout: 3_000 });
        await sleep(dialogMs);
        assert.equal(await input.inputValue(), file);
        const title = box.locator(".quick-input-title").filter({ hasText: `Add Data Set: ${path.basename(file)}` });
        // the first click may lead into a folder only, and the next one takes it
        await retry(
          "the dialog's end",
          async () => {
            if (await title.isVisible()) return;
            if (await button.isVisible()) await button.click({ timeout: 3_000 });
            await title.waitFor({ timeout: 3_000 });
          },
          { limitMs: 12_000 },
        );
      },
      { limitMs: 90_000 },
    );
  };

  it("are listed: what is here, and what is not", async () => {
    await retry("the rows", async () => {
      assert.match(await (await row("MNIST sample")).innerText(), /10,000 \+ 2,000/);
      assert.match(await (await row("CIFAR-10")).innerText(), /not on this machine/);
      assert.match(await (await row("Fashion-MNIST")).innerText(), /./);
    });
  });

  it("have a page with what is in their files", async () => {
    await story.workbench.openRow(() => row("MNIST sample"), "MNIST sample");
    const page = await pageOf("MNIST sample");
    const field = (name) => page.locator(`[data-field="${name}"] strong`).innerText();
    assert.equal(await field("train"), "8,000");
    assert.equal(await field("test"), "2,000");
    assert.equal(await field("inputs"), "784");
    assert.match(await field("zeros"), /^8\d\.\d %$/);
    assert.equal(await page.locator('[data-section="classes"] tbody tr').count(), 10);
    assert.equal(await page.locator("canvas.sample").count(), 80);
    assert.match(await page.locator('[data-section="source"]').innerText(), /CC BY-SA 3\.0/);
    assert.equal(await page.locator(".files tbody tr").count(), 4);
    // pictures and not blanks
    const levels = await page
      .locator("canvas.sample")
      .first()
      .evaluate((canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        return new Set(data.filter((_, k) => k % 4 === 0)).size;
      });
    assert.ok(levels > 10, `${levels} grey levels`);
  });

  it("look well in every theme", async () => {
    for (const name of Object.keys(themes)) {
      await chooseTheme(story, name);
      await pageOf("MNIST sample");
      await story.workbench.screenshot(`dataset-${name}`);
    }
    await chooseTheme(story, "dark");
  });

  it("one that is not here says where to get it", async () => {
    await story.workbench.openRow(() => row("CIFAR-10"), "CIFAR-10");
    const page = await story.workbench.webview("CIFAR-10", { has: '.page[data-state="missing"]' });
    assert.match(await page.locator('[data-field="notice"]').innerText(), /cifar-10-binary\.tar\.gz/);
    await story.workbench.screenshot("dataset-missing");
  });

  it("one's own table is added by the guided command", async () => {
    const { workspace, workbench } = story;
    const file = path.join(workspace, "flowers.csv");
    writeFileSync(file, `id,width,height,kind\n${rows.map((cells) => cells.join(",")).join("\n")}\n`);
    await workbench.closeTabs();
    await add("Files…", file);
    await answer("Which column", "kind");
    await answer("Name of the experiment");
    const config = path.join(workspace, "flowers.rectiscope.json");
    await retry("the config", () => {
      const { dataset } = JSON.parse(readFileSync(config, "utf8"));
      assert.deepEqual(dataset, { name: "csv", csv: { files: ["flowers.csv"], label: "kind", ignore: ["id"] } });
    });
    await workbench.page.locator(".tab.active").filter({ hasText: "flowers.rectiscope.json" }).waitFor();
  });

  it("which a hover explains", async () => {
    const { page } = story.workbench;
    await retry("the hover", async () => {
      await page.locator('.view-line span:has-text("\\"csv\\"")').first().hover({ timeout: 2_000 });
      const hover = page.locator(".monaco-hover").filter({ hasText: "training" });
      await hover.waitFor({ timeout: 4_000 });
      const text = (await hover.innerText()).replaceAll("\u00a0", " ");
      assert.match(text, /108 training, 12 validation, 30 test examples of 2/);
      assert.match(text, /3 classes: crocus, daisy, tulip/);
    });
    await story.workbench.screenshot("dataset-hover");
  });

  it("which has a row and a page with its balance", async () => {
    await story.workbench.openRow(() => row("flowers.csv"), "flowers.csv");
    const page = await pageOf("flowers.csv");
    const counts = await page
      .locator('[data-section="classes"] tbody tr')
      .evaluateAll((found) =>
        found.map((one) => [
          one.dataset.class,
          ...[...one.querySelectorAll("td")].slice(2).map((cell) => Number(cell.textContent)),
        ]),
      );
    assert.deepEqual(
      counts.map(([name, ...parts]) => [name, parts.reduce((sum, count) => sum + count, 0)]),
      [
        ["crocus", 60],
        ["daisy", 60],
        ["tulip", 30],
      ],
    );
    // with each class's share
    assert.deepEqual(
      counts.map(([, , , test]) => test),
      [12, 12, 6],
    );
    await story.workbench.screenshot("dataset-table");
  });

  it("which a network learns", async () => {
    const { workbench, workspace } = story;
    await workbench.runCommand("Rectiscope: Train…");
    await workbench.pick("flowers");
    const dashboard = await Dashboard.of(workbench, "flowers");
    await dashboard.waitForState("finished");
    const { summary, dataset } = readRun(runFolders(workspace, "flowers").at(-1));
    assert.ok(summary.test.error < 0.1, `${summary.test.error}`);
    assert.match(dataset.sha256, /^[0-9a-f]{64}$/);
  });

  it("texts show the terms that most of them have", async () => {
    const { workspace, workbench } = story;
    const texts = Array.from({ length: 60 }, (_, k) => ({
      text: `the soup was ${k % 2 ? "fine" : "cold"}`,
      label: k % 2,
    }));
    writeFileSync(path.join(workspace, "soup.jsonl"), texts.map((one) => JSON.stringify(one)).join("\n"));
    const experiment = {
      dataset: { name: "text", text: { files: ["soup.jsonl"] } },
      network: { hidden: [8] },
      training: { learningRate: 0.1, epochs: 1 },
    };
    writeFileSync(path.join(workspace, "soup.rectiscope.json"), JSON.stringify(experiment));
    await workbench.openRow(() => row("soup.jsonl"), "soup.jsonl");
    const page = await pageOf("soup.jsonl");
    const terms = await page.locator('[data-section="terms"] tbody tr').allInnerTexts();
    assert.equal(terms.length, 5);
    assert.deepEqual(
      terms
        .slice(0, 3)
        .map((text) => text.split("\t")[0].trim())
        .sort(),
      ["soup", "the", "was"],
    );
    await workbench.screenshot("dataset-texts");
  });

  it("pictures in class folders are added as a folder", async () => {
    const { workspace, workbench } = story;
    writePictures(path.join(workspace, "stripes"));
    await workbench.closeTabs();
    await add("Folder…", path.join(workspace, "stripes"));
    await answer("Name of the experiment");
    await workbench.openRow(async () => (await row("stripes")).first(), "stripes");
    const page = await pageOf("stripes");
    assert.equal(await page.locator("canvas.sample").count(), 16);
    await story.workbench.screenshot("dataset-pictures");
  });

  it("a file that is broken is named on the page, and mended is read again", async () => {
    const { workspace } = story;
    const broken = path.join(workspace, "stripes/across/7.png");
    const good = readFileSync(broken);
    writeFileSync(broken, good.subarray(0, 60));
    const page = await story.workbench.webview("stripes", { has: ".page" });
    await page.locator('[data-action="refresh"]').click();
    const notice = page.locator('[data-field="notice"]');
    await retry("the error", async () =>
      assert.match(await notice.innerText(), /7\.png: .*states \d+ bytes, and \d+ follow/),
    );
    await story.workbench.screenshot("dataset-broken");
    writeFileSync(broken, good);
    await page.locator('[data-action="refresh"]').click();
    await pageOf("stripes");
    rmSync(path.join(workspace, "stripes"), { recursive: true });
    await page.locator('[data-action="refresh"]').click();
    await retry("the folder missed", async () => assert.match(await notice.innerText(), /stripes does not exist/));
    assert.deepEqual(story.workbench.pageErrors, []);
    assert.deepEqual(story.workbench.policyViolations, []);
  });
});
