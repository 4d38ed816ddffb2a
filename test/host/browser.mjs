// The browser the served VS Code is driven with: any Chromium or Chrome of this machine, cut off from the network.
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const MAC = ["Google Chrome", "Chromium"].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);

// Only this machine's own addresses resolve.
const LOCAL_ONLY = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost";
const QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];

/** A headless browser; the caller closes it. */
export function launchBrowser({ log } = {}) {
  return chromium.launch({
    executablePath: requireBrowser({ log }),
    args: [LOCAL_ONLY, ...QUIET, "--disable-gpu", ...(isRoot() ? ["--no-sandbox"] : [])],
  });
}

/** The browser's path; where there is none and the machine is ours to change, installs it first. */
export function requireBrowser({ log = console.log } = {}) {
  const found = findBrowser();
  if (found) return found;
  if (process.env.CHROMIUM) throw new Error(`CHROMIUM names ${process.env.CHROMIUM}, which is not a program.`);
  if (isRoot() && onPath("apt-get")) {
    log("no Chromium on this machine: installing it with apt-get …");
    apt("update");
    apt("install", "-y", "--no-install-recommends", "chromium", "fonts-liberation");
    const installed = findBrowser();
    if (installed) return installed;
  }
  throw new Error(
    "No Chromium found. Install Chromium or Google Chrome (Debian: `sudo apt-get install chromium`; " +
      "anywhere: `npx playwright-core install chromium`), or set CHROMIUM to the path of one.",
  );
}

function findBrowser() {
  if (process.env.CHROMIUM) return isProgram(process.env.CHROMIUM) ? process.env.CHROMIUM : undefined;
  return NAMES.map(onPath).find(Boolean) ?? [...MAC, chromium.executablePath()].find(isProgram);
}

function apt(...args) {
  const { status, stderr, error } = spawnSync("apt-get", args, {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`apt-get ${args.join(" ")} failed: ${error ?? stderr}`);
}

/** The full path of a program on the PATH, if it is there. */
export function onPath(name) {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  return folders.map((folder) => path.join(folder, name)).find(isProgram);
}

function isProgram(file) {
  if (!file || !existsSync(file)) return false;
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isRoot() {
  return process.getuid?.() === 0;
}
