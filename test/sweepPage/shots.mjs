/**
 * `node test/sweepPage/shots.mjs [STATE …]`: a picture of every state, width and kind of theme in .cache/screenshots/sweepPage/. Fails when
 * a page complains on its console, the content security policy included, or is wider than its window.
 */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { settle, withDashboard } from "../dashboard/served.mjs";
import { harness, root } from "./harness.mjs";

const folder = path.join(root, ".cache/screenshots/sweepPage");
const themes = ["dark", "light", "contrast-dark", "contrast-light"];
const widths = [320, 700, 1220, 2000];
const others = [
  "empty",
  "finished",
  "paused",
  "stopped",
  "interrupted",
  "failures",
  "broken",
  "unreadable",
  "units",
  "stars",
  "stages",
  "study-begun",
  "study-done",
  "study-bands",
  "thousand",
  "long-name",
];
const shots = [
  ...themes.flatMap((theme) => widths.map((width) => ({ state: "running", theme, width }))),
  ...others.map((state, i) => ({ state, theme: themes[i % 2] })),
  ...["failures", "long-name", "units"].map((state) => ({ state, width: 320, theme: "light" })),
  ...themes.map((theme) => ({ state: "study", theme })),
  ...[320, 700].map((width) => ({ state: "study-done", width, theme: "light" })),
  ...["units", "finished"].map((state) => ({ state, theme: "contrast-dark" })),
];

const wanted = process.argv.slice(2);
const tooWide = [];
mkdirSync(folder, { recursive: true });
const complaints = await withDashboard(async (open) => {
  for (const shot of shots.filter(({ state }) => wanted.length === 0 || wanted.includes(state))) {
    const page = await open(shot);
    if (shot.theme === "contrast-dark") await page.locator(".mark").first().focus();
    await settle(page);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    const name = [shot.state, shot.theme ?? "dark", shot.width ?? 1220].join("-");
    if (overflow > 0) tooWide.push(`${name}: ${overflow} px wider than the window`);
    await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
    await page.close();
  }
}, harness);
for (const words of [...complaints, ...tooWide]) console.error(words);
if (complaints.length + tooWide.length > 0) process.exitCode = 1;
else console.log(`Screenshots in ${folder}`);
