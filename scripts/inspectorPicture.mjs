// A part of `npm run pictures`: docs/images/inspector.png and probe.png, the best checkpoint of the quick experiment in the inspector, and what a
// probe says of it, in a served VS Code.
import { copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Dashboard } from "../test/e2e/dashboard.mjs";
import { InspectorPage } from "../test/e2e/inspectorPage.mjs";
import { runFolders } from "../test/e2e/run-folder.mjs";
import { openSession } from "../test/e2e/session.mjs";
import { chooseTheme, themes } from "../test/e2e/themes.mjs";
import { root } from "../test/host/paths.mjs";

const images = path.join(root, "docs/images");
/** Themes and fonts have settled. */
const settledMs = 1_500;

mkdirSync(images, { recursive: true });
const session = await openSession({ page: { viewport: { width: 1440, height: 900 } } });
const { workbench, workspace } = session;
try {
  await chooseTheme(session, "dark");
  await workbench.runCommand("Rectiscope: Train…");
  await workbench.pick("quick");
  await (await Dashboard.of(workbench, "quick")).waitForState("finished", { limitMs: 300_000 });
  const [folder] = runFolders(workspace, "quick");
  copyFileSync(path.join(folder, "checkpoints/best.safetensors"), path.join(workspace, "quick.safetensors"));
  await workbench.closeTabs();
  await workbench.openFile("quick.safetensors");
  const page = await InspectorPage.of(workbench, "quick.safetensors");
  await page.waitForState("done");
  await page.locator(".grid-row").first().dblclick();
  await page.locator(".details-pane").waitFor();
  await page.waitForTheme(themes.dark.webview);
  await workbench.page.mouse.move(0, 0);
  await sleep(settledMs);
  await picture("inspector.png");
  await page.chooseProbe({ config: "quick.rectiscope.json" });
  await page.click("run");
  await page.waitForProbe("ended");
  await workbench.page.mouse.move(0, 0);
  await sleep(settledMs);
  await picture("probe.png");
} finally {
  await session.close();
}

async function picture(name) {
  const file = path.join(images, name);
  await workbench.page.screenshot({ path: file });
  console.log(path.relative(root, file));
}
