// `npm run pictures`: takes docs/images from the real product: the packaged extension in a served VS Code, training on real
// digits: the workbench, and the dashboard by itself in four themes and three widths. An argument is the number of epochs to wait for
// before the pictures are taken.
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
/** Of the dashboard by itself, in pixels: width and height. */
const sizes = [
  [1600, 1000],
  [960, 1500],
  [420, 1500],
];
const viewport = { width: 1440, height: 1000 };
/** Themes, charts and fonts have settled. */
const settledMs = 1_500;

mkdirSync(images, { recursive: true });
const session = await openSession({ page: { viewport } });
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
    if (name === "dark") await take("dashboard");
    for (const [width, height] of sizes) await takeDashboard(`dashboard-${name}-${width}`, width, height);
    await page.setViewportSize(viewport);
  }

  copyFileSync(path.join(images, "dashboard.png"), path.join(root, "media/walkthrough/dashboard.png"));

  await chooseTheme(session, "dark");

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

/** The dashboard alone, in a window so large that it has this size. */
async function takeDashboard(name, width, height) {
  await page.setViewportSize({ width: width + 200, height: height + 200 });
  const { width: shownWidth, height: shownHeight } = await dashboardBox();
  await page.setViewportSize({ width: 2 * width + 200 - shownWidth, height: 2 * height + 200 - shownHeight });
  await sleep(settledMs);
  await take(name, await dashboardBox());
}

async function dashboardBox() {
  await sleep(settledMs);
  return page.locator("iframe.webview.ready").filter({ visible: true }).first().boundingBox();
}

/** @param clip part of the window; all of it by default */
async function take(name, clip) {
  await page.mouse.move(0, 0);
  await sleep(settledMs);
  const file = path.join(images, `${name}.png`);
  await page.screenshot({ path: file, clip });
  console.log(path.relative(root, file));
}
