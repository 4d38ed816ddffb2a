// One person at one VS Code: the packaged extension installed, a copy of the examples open, a browser in front of it.
import { cpSync, existsSync } from "node:fs";
import path from "node:path";
import { launchBrowser } from "../host/browser.mjs";
import { copyExamples, temporaryFolder } from "../host/folders.mjs";
import { mnistFolder, vsixFile } from "../host/paths.mjs";
import { installVsix, startServed } from "../host/served.mjs";
import { Workbench } from "./workbench.mjs";

/** Where each package was installed the first time: VS Code takes seconds for it, which its copies do not. */
const installed = new Map();

function install({ state, vsix }) {
  const first = installed.get(vsix);
  if (first) {
    cpSync(first, path.join(state, "extensions"), { recursive: true });
    return;
  }
  installVsix({ state, vsix });
  installed.set(vsix, path.join(state, "extensions"));
}

/** @returns the workbench, its workspace folder and `close()` */
export async function openSession({ vsix = vsixFile, settings = {}, page = {} } = {}) {
  if (!existsSync(vsix)) throw new Error(`${path.basename(vsix)} is missing: run \`npm run package\` first.`);
  const state = temporaryFolder("e2e");
  const workspace = copyExamples(path.join(state, "workspace"));
  install({ state, vsix });
  const server = await startServed({ state, settings: { "rectiscope.dataFolders": [mnistFolder], ...settings } });
  const browser = await launchBrowser().catch(async (error) => {
    await server.stop();
    throw error;
  });
  const close = async () => {
    await browser.close();
    await server.stop();
  };
  try {
    const workbench = new Workbench(await browser.newPage({ viewport: { width: 1440, height: 900 }, ...page }));
    const url = server.url({ folder: workspace });
    await workbench.open(url);
    /** Another window of the same VS Code on the same folder. */
    const openWindow = async () => {
      const other = new Workbench(await browser.newPage({ viewport: { width: 1440, height: 900 } }));
      await other.open(url);
      return other;
    };
    return { workbench, workspace, openWindow, close };
  } catch (error) {
    await close();
    throw error;
  }
}
