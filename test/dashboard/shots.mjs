/**
 * `node test/dashboard/shots.mjs [STATE …]`: a picture of every state, width and kind of theme in .cache/screenshots/dashboard/.
 * Fails when a page complains on its console, the content security policy included, or is wider than its window.
 */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { withDashboard } from "./served.mjs";

const folder = path.join(import.meta.dirname, "../../.cache/screenshots/dashboard");
const shots = [
  { state: "running" },
  { state: "running", theme: "light" },
  { state: "running", theme: "contrast-dark" },
  { state: "running", theme: "contrast-light" },
  { state: "running", width: 320 },
  { state: "running", width: 700 },
  { state: "running", width: 2000 },
  { state: "running", open: true },
  { state: "running", hover: true, theme: "light" },
  { state: "waiting" },
  { state: "first-epoch" },
  { state: "finished", theme: "light" },
  { state: "stopped" },
  { state: "failed" },
  { state: "failed", theme: "light", width: 320 },
  { state: "failed", theme: "contrast-dark", width: 700 },
  { state: "interrupted", theme: "light" },
  { state: "unreadable" },
  { state: "tanh" },
  { state: "tanh", theme: "light", width: 700 },
  { state: "one-layer" },
  { state: "twenty-layers" },
  { state: "twenty-layers", theme: "light", width: 700 },
  { state: "long-name", width: 700 },
  { state: "long-name", theme: "light", width: 320 },
];

const wanted = process.argv.slice(2);
const tooWide = [];
mkdirSync(folder, { recursive: true });
const complaints = await withDashboard(async (open) => {
  for (const shot of shots.filter(({ state }) => wanted.length === 0 || wanted.includes(state))) {
    const page = await open(shot);
    if (shot.open) for (const summary of await page.locator("summary").all()) await summary.click();
    if (shot.hover) await page.locator('[data-chart="sparsity"] .plot').hover({ position: { x: 250, y: 60 } });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    const extra = [shot.open && "tables", shot.hover && "hover"].filter(Boolean);
    const name = [shot.state, shot.theme ?? "dark", shot.width ?? 1220, ...extra].join("-");
    if (overflow > 0) tooWide.push(`${name}: ${overflow} px wider than the window`);
    await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
    await page.close();
  }
});
for (const words of [...complaints, ...tooWide]) console.error(words);
if (complaints.length + tooWide.length > 0) process.exitCode = 1;
else console.log(`Screenshots in ${folder}`);
