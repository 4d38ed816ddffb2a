// `npm run pictures`: takes docs/images from the real product: the packaged extension in a served VS Code, training on real
// digits. An argument is the number of epochs to wait for before the pictures are taken.
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Dashboard } from "../test/e2e/dashboard.mjs";
import { readRun, runFolders } from "../test/e2e/run-folder.mjs";
import { openSession } from "../test/e2e/session.mjs";
import { chooseTheme, themes } from "../test/e2e/themes.mjs";
import { retry } from "../test/e2e/workbench.mjs";
import { root } from "../test/host/paths.mjs";

const images = path.join(root, "docs/images");
const epochs = Number(process.argv[2] ?? 3);
/** Themes, charts and fonts have settled. */
const settledMs = 1_500;

mkdirSync(images, { recursive: true });
const session = await openSession({ page: { viewport: { width: 1440, height: 1000 } } });
const { workbench } = session;
const { page } = workbench;
try {
  await workbench.runCommand("Rectiscope: Train…");
  await workbench.pick("quick");
  await (await Dashboard.of(workbench, "quick")).waitForState("finished");

  await workbench.runCommand("Rectiscope: Train…");
  await workbench.pick("mnist-rectifier");
  const dashboard = await Dashboard.of(workbench, "mnist-rectifier");
  await workbench.runCommand("View: Close Primary Side Bar");
  const [folder] = runFolders(session.workspace, "mnist-rectifier");
  const trained = () => assert.ok(readRun(folder).progress.epoch > epochs);
  await retry(`${epochs} epochs`, trained, { limitMs: 600_000 });
  for (const [name, { webview }] of Object.entries(themes)) {
    await chooseTheme(session, name);
    await dashboard.waitForTheme(webview);
    await take(`dashboard-${name}`);
  }

  copyFileSync(path.join(images, "dashboard-dark.png"), path.join(root, "media/walkthrough/dashboard.png"));

  await chooseTheme(session, "dark");
  await page.setViewportSize({ width: 480, height: 1000 });
  await take("dashboard-narrow");

  await page.setViewportSize({ width: 1200, height: 700 });
  await workbench.runRow("mnist-rectifier", "running");
  await workbench.closeTabs();
  await workbench.openFile("mnist-rectifier.rectiscope.json");
  await workbench.runRow("mnist-rectifier", "running");
  await take("experiment");
  await workbench.rowAction(await workbench.runRow("mnist-rectifier", "running"), "Stop");
  await workbench.runRow("mnist-rectifier", "stopped");
} finally {
  await session.close();
}

async function take(name) {
  await page.mouse.move(0, 0);
  await sleep(settledMs);
  const file = path.join(images, `${name}.png`);
  await page.screenshot({ path: file });
  console.log(path.relative(root, file));
}
