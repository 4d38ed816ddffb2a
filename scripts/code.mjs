// `npm run code`: builds Rectiscope and opens VS Code with it on a copy of the examples. That is the desktop VS Code
// where there is one (VSCODE_EXECUTABLE, or `code` on the PATH), and otherwise one served to the browser.
//   --served   take the served one in any case     --port N   serve on this port
//   --once     start it, see that it answers, stop (what a test of this script uses)
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { onPath } from "../test/host/browser.mjs";
import { copyExamples } from "../test/host/folders.mjs";
import { cache, mnistFolder, root, vsixFile } from "../test/host/paths.mjs";
import { installVsix, startServed } from "../test/host/served.mjs";

const { values: options } = parseArgs({
  options: {
    once: { type: "boolean", default: false },
    served: { type: "boolean", default: false },
    port: { type: "string", default: "0" },
  },
});

// Kept from one time to the next, with the runs made there.
const workspace = copyExamples(path.join(cache, "example-workspace"), { overwrite: false });
const desktop = options.served ? undefined : process.env.VSCODE_EXECUTABLE || onPath("code");
if (desktop) openDesktop(desktop);
else await serve();

function openDesktop(program) {
  run(process.execPath, "esbuild.mjs");
  run(program, "--new-window", `--extensionDevelopmentPath=${root}`, workspace);
}

async function serve() {
  run("npm", "run", "package");
  const state = path.join(cache, "code");
  installVsix({ state, vsix: vsixFile });
  const settings = { "rectiscope.dataFolders": [mnistFolder] };
  const server = await startServed({ state, port: Number(options.port), settings });
  const url = server.url({ folder: workspace });
  if (options.once) {
    try {
      await seeThatItAnswers(url, state);
    } finally {
      await server.stop();
    }
    return;
  }
  console.log(`\nVS Code with Rectiscope: ${url}\nCtrl-C stops it.`);
  await new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, resolve);
  });
  await server.stop();
}

async function seeThatItAnswers(url, state) {
  const page = await fetch(url);
  if (!page.ok) throw new Error(`${url} answers ${page.status}.`);
  const installed = readdirSync(path.join(state, "extensions")).find((name) => name.startsWith("rectiscope."));
  if (!installed) throw new Error("The extension is not among the installed ones.");
  console.log(`${url} answers, with ${installed}`);
}

function run(program, ...args) {
  const { status, error } = spawnSync(program, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed${error ? `: ${error.message}` : ""}`);
}
