// The second part of `npm run pictures`: docs/images/sweep.png, the page of the quick sweep after its last trial, in a served VS Code.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openSession } from "../test/e2e/session.mjs";
import { SweepPage } from "../test/e2e/sweepPage.mjs";
import { chooseTheme, themes } from "../test/e2e/themes.mjs";
import { root } from "../test/host/paths.mjs";

const images = path.join(root, "docs/images");
/** Themes, charts and fonts have settled. */
const settledMs = 1_500;

mkdirSync(images, { recursive: true });
const session = await openSession({ page: { viewport: { width: 1600, height: 900 } } });
const { workbench } = session;
try {
  await chooseTheme(session, "dark");
  await workbench.runCommand("Rectiscope: Run Sweep…");
  await workbench.pick("quick");
  const page = await SweepPage.of(workbench, "quick");
  await page.waitForState("finished", { limitMs: 300_000 });
  const row = await workbench.runRow("quick", "6 trials");
  await row.locator(".monaco-tl-twistie").click();
  await page.waitForTheme(themes.dark.webview);
  await workbench.page.mouse.move(0, 0);
  await sleep(settledMs);
  const file = path.join(images, "sweep.png");
  await workbench.page.screenshot({ path: file });
  console.log(path.relative(root, file));
} finally {
  await session.close();
}
