// Runs the extension-host suite in the desktop VS Code, on machines that have one or can download it.
import path from "node:path";
import { runTests } from "@vscode/test-electron";
import { cache, root } from "../host/paths.mjs";

const RELEASES = "https://update.code.visualstudio.com/api/releases/stable";
const PROBE_LIMIT_MS = 8_000;

/** @returns why the desktop VS Code cannot run here, or undefined if it can */
export async function whyNoDesktop() {
  const noProgram = process.env.VSCODE_EXECUTABLE ? undefined : await whyNoDownload();
  if (noProgram) return noProgram;
  const headless = process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
  return headless ? "no display; `xvfb-run -a` provides one" : undefined;
}

async function whyNoDownload() {
  try {
    const { ok, status } = await fetch(RELEASES, { signal: AbortSignal.timeout(PROBE_LIMIT_MS) });
    return ok ? undefined : `its download site answers ${status}; VSCODE_EXECUTABLE can name an installed one`;
  } catch (error) {
    const cause = error.cause?.code ?? error.name;
    return `its download site cannot be reached: ${cause}; VSCODE_EXECUTABLE can name an installed one`;
  }
}

/** @returns true if every test passed */
export async function runOnDesktop({ state, workspace, testModule, environment }) {
  try {
    const code = await runTests({
      vscodeExecutablePath: process.env.VSCODE_EXECUTABLE,
      cachePath: path.join(cache, "vscode-desktop"),
      extensionDevelopmentPath: root,
      extensionTestsPath: testModule,
      extensionTestsEnv: environment,
      launchArgs: [
        workspace,
        "--disable-extensions",
        ...["--user-data-dir", path.join(state, "user")],
        ...["--extensions-dir", path.join(state, "extensions")],
      ],
    });
    return code === 0;
  } catch (error) {
    console.error(`desktop VS Code: ${error.message}`);
    return false;
  }
}
