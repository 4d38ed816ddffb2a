/**
 * `node test/dashboard/shots.mjs [STATE …]`: a picture of every state, width and kind of theme in .cache/screenshots/dashboard/.
 * Fails when a page complains on its console, the content security policy included, or is wider than its window.
 */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { settle, withDashboard } from "./served.mjs";

const folder = path.join(import.meta.dirname, "../../.cache/screenshots/dashboard");
const themes = ["dark", "light", "contrast-dark", "contrast-light"];
const widths = [320, 700, 1220, 2000];
const shots = [
  ...themes.flatMap((theme) => widths.map((width) => ({ state: "running", theme, width }))),
  { state: "running", open: true },
  { state: "running", hover: true, theme: "light" },
  ...themes.map((theme) => ({ state: "running", theme, does: "pin" })),
  { state: "running", width: 320, does: "pin" },
  { state: "running", does: "position" },
  { state: "running", does: "travel", theme: "light" },
  { state: "running", does: "zoom" },
  { state: "running", does: "more", theme: "light" },
  { state: "running", does: "fail" },
  { state: "waiting" },
  { state: "first-epoch" },
  { state: "finished", theme: "light" },
  { state: "stopped" },
  { state: "paused" },
  ...themes.map((theme, at) => ({ state: "stars", theme, width: [1440, 1220, 700, 420][at] })),
  { state: "stars", language: "de", width: 700 },
  ...["pretraining", "pretrained"].flatMap((state) =>
    themes.flatMap((theme) => [320, 700, 1220].map((width) => ({ state, theme, width }))),
  ),
  ...themes.flatMap((theme) => [320, 1220].map((width) => ({ state: "claims", theme, width }))),
  { state: "claims", width: 700 },
  { state: "claims", width: 2000, theme: "light" },
  { state: "claims", language: "de" },
  ...["failing", "tanh", "many-layers"].map((kind) => ({ state: `claims-${kind}`, theme: "light" })),
  ...["unchecked", "checking", "error"].flatMap((kind) =>
    [320, 1220].map((width) => ({ state: `claims-${kind}`, width })),
  ),
  { state: "pretraining", width: 2000 },
  { state: "pretraining", does: "filter" },
  { state: "pretraining", theme: "light", does: "filter" },
  { state: "pretraining", does: "noPictures" },
  { state: "pretraining", language: "de" },
  { state: "pretrained", language: "de", width: 700 },
  { state: "pretraining", open: true, theme: "light" },
  { state: "pretraining-begins" },
  { state: "pretraining-tanh" },
  { state: "pretraining-interrupted", theme: "light" },
  { state: "phases" },
  { state: "phases", theme: "light", width: 420 },
  ...themes.map((theme, at) => ({ state: "target", theme, width: [1220, 700, 1220, 320][at] })),
  { state: "target-below", language: "de" },
  ...themes.map((theme, at) => ({ state: "revived", theme, width: [1220, 1220, 700, 320][at] })),
  { state: "revived-now", theme: "light" },
  { state: "revived-paused" },
  { state: "failed" },
  { state: "failed", theme: "light", width: 320 },
  { state: "failed", theme: "contrast-dark", width: 700 },
  { state: "interrupted", theme: "light" },
  { state: "unreadable" },
  ...[320, 700, 1220].map((width) => ({ state: "running", language: "de", width })),
  { state: "finished", language: "de", theme: "light" },
  { state: "tanh", language: "de" },
  { state: "tanh" },
  { state: "tanh", theme: "light", width: 700 },
  { state: "adam" },
  { state: "adam", theme: "light", width: 320 },
  { state: "adam", theme: "contrast-dark", width: 700 },
  { state: "adam", theme: "contrast-light" },
  { state: "no-layers" },
  { state: "no-layers", theme: "light", width: 320 },
  { state: "one-layer" },
  { state: "one-unit" },
  { state: "five-thousand" },
  { state: "five-thousand", theme: "light", width: 320, scale: 2 },
  { state: "many-lines" },
  { state: "twenty-layers" },
  { state: "twenty-layers", theme: "light", width: 700 },
  { state: "long-name", width: 700 },
  { state: "long-name", theme: "light", width: 320 },
];

/** What somebody does before a picture is taken. */
const doings = {
  pin: async (page) => {
    const [map] = await page.locator("[data-map]").all();
    await map.focus();
    await page.keyboard.press("Control+End");
    for (let i = 0; i < 9; i++) await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
  },
  filter: async (page) => {
    await page.locator("[data-filters]").focus();
    for (const key of ["ArrowRight", "ArrowDown", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
  },
  noPictures: async (page) => {
    await page.evaluate(() => {
      globalThis.harness.pictures = () => {
        throw new Error("pretraining/examples.safetensors is damaged: it is cut short.");
      };
      for (const message of globalThis.harness.messagesOf("pretraining"))
        globalThis.harness.send({ ...message, folder: "/elsewhere" });
    });
    await page.locator('[data-action="retryPictures"]').waitFor();
  },
  position: (page) => page.locator('[data-sort="position"]').click(),
  travel: async (page) => {
    await page.locator('[data-field="time"]').focus();
    for (let i = 0; i < 6; i++) await page.keyboard.press("ArrowLeft");
  },
  zoom: async (page) => {
    const box = await page.locator('[data-chart="loss"] .u-over').boundingBox();
    await page.mouse.move(box.x + 60, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + 160, box.y + 50, { steps: 4 });
    await page.mouse.up();
  },
  more: (page) => page.locator('[data-section="more"] > summary').click(),
  fail: async (page) => {
    await page.evaluate(() => {
      globalThis.harness.answersUnits = false;
    });
    await page.locator('[data-field="time"]').focus();
    await page.keyboard.press("ArrowLeft");
    await settle(page);
    await page.evaluate(() => {
      const { id } = globalThis.harness.posted.at(-1);
      globalThis.harness.send({ type: "response", id, ok: false, message: "units/40000.safetensors is cut short." });
    });
  },
};

const wanted = process.argv.slice(2);
const tooWide = [];
mkdirSync(folder, { recursive: true });
const complaints = await withDashboard(async (open) => {
  for (const shot of shots.filter(({ state }) => wanted.length === 0 || wanted.includes(state))) {
    // what is out of sight is not asked for
    const page = await open(shot.state.startsWith("pretrain") ? { height: 2600, ...shot } : shot);
    if (shot.open) for (const summary of await page.locator("summary:visible").all()) await summary.click();
    if (shot.hover) await page.locator('[data-chart="sparsity"] .plot').hover({ position: { x: 250, y: 60 } });
    if (shot.does) await doings[shot.does](page);
    await settle(page);
    await page.evaluate(() => window.scrollTo(0, 0));
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    const extra = [shot.language, shot.open && "tables", shot.hover && "hover", shot.does].filter(Boolean);
    const name = [shot.state, shot.theme ?? "dark", shot.width ?? 1220, ...extra].join("-");
    if (overflow > 0) tooWide.push(`${name}: ${overflow} px wider than the window`);
    await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
    await page.close();
  }
});
for (const words of [...complaints, ...tooWide]) console.error(words);
if (complaints.length + tooWide.length > 0) process.exitCode = 1;
else console.log(`Screenshots in ${folder}`);
