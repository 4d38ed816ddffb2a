// The frame of the one dashboard in a workbench's page.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { screenshotsFolder } from "../host/paths.mjs";

/** Once it has painted. */
export async function dashboardFrame(page) {
  for (let attempt = 0; attempt < 100; attempt++) {
    for (const frame of page.frames())
      if (await frame.evaluate(() => document.documentElement.dataset.firstPaint !== undefined).catch(() => false))
        return frame;
    await sleep(100);
  }
  throw new Error(`No dashboard is there; see ${await picture(page, "no-dashboard")}`);
}

export async function picture(page, name) {
  mkdirSync(screenshotsFolder, { recursive: true });
  const file = path.join(screenshotsFolder, `${name}.png`);
  await page.screenshot({ path: file });
  return file;
}
