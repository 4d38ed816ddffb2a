// `npm run pictures`: takes docs/images from the real product: the packaged extension in a served VS Code, training on real digits.
// Each picture is taken in the themes it is named after.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Dashboard } from "../test/e2e/dashboard.mjs";
import { openSession } from "../test/e2e/session.mjs";
import { root } from "../test/host/paths.mjs";

const images = path.join(root, "docs/images");
const themes = {
  dark: "Default Dark Modern",
  light: "Default Light Modern",
  "contrast-dark": "Default High Contrast",
  "contrast-light": "Default High Contrast Light",
};

mkdirSync(images, { recursive: true });
const session = await openSession();
const { workbench } = session;
try {
  await workbench.page.setViewportSize({ width: 1440, height: 1000 });
  await workbench.runCommand("Rectiscope: Train…");
  await workbench.pick("mnist-rectifier");
  const dashboard = await Dashboard.of(workbench, "mnist-rectifier");
  await dashboard.waitForEpoch(Number(process.argv[2] ?? 4));
  await workbench.runCommand("View: Close Primary Side Bar").catch(() => {});
  for (const [name, theme] of Object.entries(themes)) {
    await workbench.chooseTheme(theme);
    await sleep(1500);
    await workbench.page.screenshot({ path: path.join(images, `dashboard-${name}.png`) });
    console.log(`docs/images/dashboard-${name}.png`);
  }
  await dashboard.stop();
  await dashboard.waitForState("stopped");
} finally {
  await session.close();
}
