/** The dashboard in a browser as VS Code would show it: same shell, same content security policy, a theme's tokens, no host. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { build } from "esbuild";
import { readBundle } from "../../scripts/l10n.mjs";
import { launchBrowser } from "../host/browser.mjs";
import { themes } from "./themes.mjs";

const root = path.join(import.meta.dirname, "../..");
const nonce = "testnonce";
const policy = `default-src 'none'; style-src 'self'; script-src 'nonce-${nonce}'; font-src 'self'; img-src 'self' data:`;
const types = { ".js": "text/javascript", ".css": "text/css", ".ttf": "font/ttf", ".html": "text/html; charset=utf-8" };

/**
 * Another page than the dashboard has another `entry` and another `stub` of its host. Calls `use` with `open`, which resolves to a page that shows a state, and afterwards ends browser and server.
 * @returns whatever a page wrote to its console as an error or warning, or threw
 */
export async function withDashboard(
  use,
  { entry = "webview/dashboard/main.ts", stub = "test/dashboard/stub.mjs" } = {},
) {
  const files = await bundle(entry, stub);
  const server = createServer((request, response) => answer(files, request, response));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await launchBrowser();
  const complaints = [];
  try {
    await use(async (options) => {
      const page = await browser.newPage({
        viewport: { width: options.width ?? 1220, height: options.height ?? 800 },
        deviceScaleFactor: options.scale ?? 1,
        reducedMotion: "reduce",
        bypassCSP: options.bypassCSP ?? false,
      });
      const complain = (words) => complaints.push(`${options.state} (${options.theme ?? "dark"}): ${words}`);
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) complain(message.text());
      });
      page.on("pageerror", (error) => complain(String(error)));
      await page.goto(`http://127.0.0.1:${server.address().port}/${options.language ?? "en"}.html`);
      await setTheme(page, options.theme ?? "dark");
      if (options.state) await show(page, options.state);
      return page;
    });
  } finally {
    await browser.close();
    server.close();
  }
  return complaints;
}

export async function show(page, state) {
  await page.evaluate((name) => globalThis.harness.show(name), state);
  await page.waitForFunction(() => document.documentElement.dataset.firstPaint !== undefined);
  await settle(page);
}

/** Two frames: one to draw, one to be sure that it was drawn. */
export async function settle(page) {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.waitForTimeout(60);
}

export async function setTheme(page, name) {
  await page.evaluate(({ bodyClass, tokens }) => {
    const { style } = document.documentElement;
    for (const property of [...style]) style.removeProperty(property);
    for (const [token, value] of Object.entries(tokens)) style.setProperty(`--vscode-${token}`, value);
    document.body.className = bodyClass;
  }, themes[name]);
}

async function bundle(entry, stubFile) {
  const common = { bundle: true, write: false, format: "iife", target: "es2022", platform: "browser" };
  const dashboard = await build({
    ...common,
    entryPoints: { dashboard: path.join(root, entry) },
    outdir: "/",
  });
  const stub = await build({
    ...common,
    entryPoints: { stub: path.join(root, stubFile) },
    outdir: "/",
  });
  const files = new Map();
  for (const file of [...dashboard.outputFiles, ...stub.outputFiles])
    files.set(path.basename(file.path), file.contents);
  for (const file of ["codicon.css", "codicon.ttf"])
    files.set(file, readFileSync(path.join(root, "node_modules/@vscode/codicons/dist", file)));
  files.set("en.html", shell("en"));
  files.set("de.html", shell("de", readBundle("bundle.l10n.de.json")));
  return files;
}

function answer(files, request, response) {
  const name = path.basename(new URL(request.url, "http://localhost").pathname);
  const content = name === "favicon.ico" ? "" : files.get(name);
  response.writeHead(content === undefined ? 404 : 200, { "content-type": types[path.extname(name)] ?? "text/plain" });
  response.end(content);
}

/** @param words translations, as the host writes them into the page */
function shell(language, words) {
  const bundle =
    words && `<script nonce="${nonce}" type="application/json" id="l10n">${JSON.stringify(words)}</script>`;
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" id="vscode-codicon-stylesheet" href="codicon.css">
<link rel="stylesheet" href="dashboard.css">
<title>Dashboard</title>
</head>
<body>
<main id="app"></main>
${bundle ?? ""}
<script nonce="${nonce}" src="stub.js"></script>
<script nonce="${nonce}" src="dashboard.js"></script>
</body>
</html>`;
}
