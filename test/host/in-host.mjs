// Runs a test module inside the extension host of a served VS Code: its `run()` is called where extensions run.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { launchBrowser } from "./browser.mjs";
import { screenshotsFolder } from "./paths.mjs";
import { startServed } from "./served.mjs";

/**
 * @param extension folder of the development extension
 * @param environment variables for the extension host
 * @param during called with the page while the module runs, and with a signal that aborts when it has ended
 * @throws when the module does not come to an end within `limitMs`
 * @returns true if `run()` resolved
 */
export async function runInHost({
  state,
  workspace,
  extension,
  testModule,
  environment = {},
  limitMs = 300_000,
  during,
}) {
  const browser = await launchBrowser();
  const server = await startServed({ state, env: environment, tests: true }).catch(async (error) => {
    await browser.close();
    throw error;
  });
  const over = new AbortController();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const exitCode = new Promise((resolve) => page.exposeFunction("codeAutomationExit", resolve));
    const crash = new Promise((_, reject) => page.once("crash", () => reject(new Error("The browser page crashed."))));
    await page.exposeFunction("codeAutomationLog", (_level, args) => {
      if (process.env.VERBOSE) console.log(...args);
    });
    await page.goto(server.url({ folder: workspace, extension, testModule, environment }));
    const watching = during?.(page, over.signal);
    const ended = await Promise.race([exitCode, crash, sleep(limitMs, "late", { ref: false })]);
    if (ended === "late") {
      mkdirSync(screenshotsFolder, { recursive: true });
      const picture = path.join(screenshotsFolder, "in-host-late.png");
      await page.screenshot({ path: picture });
      throw new Error(`No end after ${limitMs / 1000} s; see ${picture}\n${server.log().slice(-3000)}`);
    }
    over.abort();
    await watching;
    return ended === 0;
  } finally {
    over.abort();
    await browser.close();
    await server.stop();
  }
}
