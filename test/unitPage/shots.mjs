/**
 * `node test/unitPage/shots.mjs [STATE …]`: a picture of every state, and of some in every width and kind of theme, in
 * .cache/screenshots/unitPage/. Fails when a page complains on its console, the content security policy included, or is wider than its window.
 */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { settle, withDashboard } from "../dashboard/served.mjs";
import { harness, root } from "./harness.mjs";

const folder = path.join(root, ".cache/screenshots/unitPage");
const themes = ["dark", "light", "contrast-dark", "contrast-light"];
const others = [
  "never-alive",
  "bias-driven",
  "decayed",
  "dead-inputs",
  "unknown",
  "rare",
  "always-on",
  "last-layer",
  "opening",
];
const more = ["computing", "cancelled", "failed", "no-data", "no-checkpoint", "pretraining", "tanh", "unreadable"];
const shots = [
  ...themes.flatMap((theme) => [420, 960, 1440].map((width) => ({ state: "killed", theme, width }))),
  ...themes.map((theme) => ({ state: "alive", theme, width: 1300 })),
  ...[...others, ...more].map((state, i) => ({ state, theme: themes[i % 2] })),
  ...[320, 1440].flatMap((width) => ["long", "texts", "twenty-layers", "first"].map((state) => ({ state, width }))),
  { state: "killed", language: "de", width: 1100 },
];

const wanted = process.argv.slice(2);
const tooWide = [];
mkdirSync(folder, { recursive: true });
const complaints = await withDashboard(async (open) => {
  for (const shot of shots.filter(({ state }) => wanted.length === 0 || wanted.includes(state))) {
    const page = await open({ height: 900, ...shot });
    await settle(page);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    const parts = [shot.state, shot.theme ?? "dark", shot.width ?? 1220, shot.language];
    const name = parts.filter(Boolean).join("-");
    if (overflow > 0) tooWide.push(`${name}: ${overflow} px wider than the window`);
    await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
    await page.close();
  }
}, harness);
for (const words of [...complaints, ...tooWide]) console.error(words);
if (complaints.length + tooWide.length > 0) process.exitCode = 1;
else console.log(`Screenshots in ${folder}`);
