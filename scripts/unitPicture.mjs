// A part of `npm run pictures`: docs/images/unit.png, the page of a dead unit of a network that was trained too fast, in a served VS Code.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Dashboard } from "../test/e2e/dashboard.mjs";
import { openSession } from "../test/e2e/session.mjs";
import { chooseTheme } from "../test/e2e/themes.mjs";
import { root } from "../test/host/paths.mjs";

const images = path.join(root, "docs/images");
/** Themes and fonts have settled. */
const settledMs = 1_500;
const config = {
  dataset: { name: "mnist-sample" },
  network: { hidden: [200, 100] },
  training: { learningRate: 0.4, epochs: 8 },
  seed: 1,
};

mkdirSync(images, { recursive: true });
const session = await openSession({ page: { viewport: { width: 1600, height: 1000 } } });
const { workbench, workspace } = session;
try {
  writeFileSync(path.join(workspace, "fast.rectiscope.json"), JSON.stringify(config));
  await chooseTheme(session, "dark");
  await workbench.runCommand("Rectiscope: Train…");
  await workbench.pick("fast");
  const dashboard = await Dashboard.of(workbench, "fast");
  await dashboard.waitForState("finished", { limitMs: 300_000 });
  const map = (await dashboard.page()).locator("[data-map]");
  await map.focus();
  await map.press("Control+End");
  const tip = (await dashboard.page()).locator("[data-unit-tip]");
  const [layer, unit] = [await map.getAttribute("data-layer"), await tip.getAttribute("data-unit")];
  await map.press("Enter");
  await workbench.webview(`Unit ${layer}·${unit} of fast`, { has: '.unit-page[data-state="done"]' });
  await workbench.runCommand("View: Close Primary Side Bar");
  await workbench.page.mouse.move(0, 0);
  await sleep(settledMs);
  const file = path.join(images, "unit.png");
  await workbench.page.screenshot({ path: file });
  console.log(path.relative(root, file));
} finally {
  await session.close();
}
