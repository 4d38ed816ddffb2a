/**
 * `node test/inspectorPage/shots.mjs [STATE …]`: a picture of every state, width and kind of theme in .cache/screenshots/inspectorPage/. Fails
 * when a page complains on its console, the content security policy included, or is wider than its window.
 */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { settle, withDashboard } from "../dashboard/served.mjs";
import { harness, root } from "./harness.mjs";

const folder = path.join(root, ".cache/screenshots/inspectorPage");
const themes = ["dark", "light", "contrast-dark", "contrast-light"];
const shots = [
  ...themes.flatMap((theme) => [420, 960, 1440].map((width) => ({ state: "done", theme, width, does: "details" }))),
  ...themes.map((theme) => ({ state: "compared", theme, width: 1300, does: "layer" })),
  ...["reading", "cancelled", "transformer", "one-tensor", "empty", "many", "five-thousand", "hundred-layers"].map(
    (state, i) => ({ state, theme: themes[i % 2] }),
  ),
  ...["long-names", "truncated", "crashed", "changed", "deleted", "damaged", "same"].map((state, i) => ({
    state,
    theme: themes[i % 2],
  })),
  { state: "five-thousand", does: "layer" },
  { state: "long-names", width: 420, theme: "light", does: "details" },
  { state: "truncated", width: 420, theme: "light" },
  { state: "transformer", does: "group", theme: "light" },
  { state: "done", language: "de", width: 1100 },
  { state: "done", height: 420 },
  ...themes.map((theme, i) => ({ state: "probe-ended", theme, does: "probe", width: [1300, 960, 420, 1600][i] })),
  { state: "probe-convolutions", does: "probe", height: 1400 },
  { state: "probe-convolutions", does: "probe", width: 420, theme: "light", height: 1400 },
  ...["begin", "running", "tanh", "failed", "cancelled", "untrusted"].map((name, i) => ({
    state: `probe-${name}`,
    theme: themes[i % 4],
    does: "probe",
  })),
  { state: "probe-ended", does: "probe", language: "de" },
];

/** What somebody does before a picture is taken. */
const doings = {
  details: async (page) => {
    await page.locator(".grid").focus();
    for (const key of ["ArrowDown", "ArrowUp", "Enter"]) await page.keyboard.press(key);
  },
  layer: async (page) => {
    await page.locator(".strip-scroller").focus();
    await page.keyboard.press("Enter");
  },
  probe: (page) => page.locator('[data-action="showProbe"]').click(),
  group: (page) => page.locator('[data-action="group"]').click(),
};

const wanted = process.argv.slice(2);
const tooWide = [];
mkdirSync(folder, { recursive: true });
const complaints = await withDashboard(async (open) => {
  for (const shot of shots.filter(({ state }) => wanted.length === 0 || wanted.includes(state))) {
    const page = await open({ height: 900, ...shot });
    if (shot.does) await doings[shot.does](page);
    await settle(page);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    const parts = [shot.state, shot.theme ?? "dark", shot.width ?? 1220, shot.height, shot.language, shot.does];
    const name = parts.filter(Boolean).join("-");
    if (overflow > 0) tooWide.push(`${name}: ${overflow} px wider than the window`);
    await page.screenshot({ path: path.join(folder, `${name}.png`) });
    await page.close();
  }
}, harness);
for (const words of [...complaints, ...tooWide]) console.error(words);
if (complaints.length + tooWide.length > 0) process.exitCode = 1;
else console.log(`Screenshots in ${folder}`);
