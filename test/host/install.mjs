// Installs the VS Code that the tests run in: code-server (the real workbench and a real Node extension host) and the
// Node it asks for, both from the npm registry, into .cache/vscode-host. `node test/host/install.mjs` does it by hand.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { hostFolder } from "./paths.mjs";

const CODE_SERVER = "4.139.1";
const NODE = "24.21.0";
const nodePackage = `node-${process.platform}-${process.arch}`;

// Compiled on this machine; without them VS Code works, but its Output channels stay empty.
const NATIVE_MODULES = ["@vscode/spdlog", "@vscode/native-watchdog"];

// Parts no test loads, a third of a gigabyte.
const UNUSED = ["node_modules/@github", "node_modules/@microsoft/mxc-sdk", "extensions/copilot"];

/** Where the two programs of an installed host are. */
export const hostPrograms = {
  node: path.join(hostFolder, "node_modules", nodePackage, "bin/node"),
  codeServer: path.join(hostFolder, "node_modules/code-server/out/node/entry.js"),
};

/** Installs the host unless this very version is there already. */
export function installHost({ log = console.log } = {}) {
  const version = `code-server ${CODE_SERVER}, node ${NODE}, ${process.platform}-${process.arch}`;
  const stamp = path.join(hostFolder, ".installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === version) return;
  if (process.platform === "win32") {
    throw new Error(
      "code-server does not run on Windows: set VSCODE_EXECUTABLE to an installed desktop VS Code instead.",
    );
  }

  // Everything is put together beside the final folder and moved there when complete, so that an install cut off
  // half-way is never mistaken for a good one.
  const started = Date.now();
  const folder = `${hostFolder}.partial`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  log(`installing the VS Code test host (${version}) …`);
  assemble(folder, log);
  writeFileSync(path.join(folder, ".installed"), version);
  rmSync(hostFolder, { recursive: true, force: true });
  renameSync(folder, hostFolder);
  log(`VS Code test host installed in ${((Date.now() - started) / 1000).toFixed(0)} s`);
}

function assemble(folder, log) {
  const manifest = {
    name: "vscode-host",
    private: true,
    dependencies: { "code-server": CODE_SERVER, [nodePackage]: NODE },
  };
  writeFileSync(path.join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  const vscode = path.join(folder, "node_modules/code-server/lib/vscode");

  // Install scripts are off throughout: code-server's own one insists on the Node running npm, and compiles modules
  // that are not needed. What it would do for VS Code's dependencies is done by the second and third line.
  const install = ["install", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"];
  must(npm(folder, install));
  must(npm(vscode, install));
  must(npm(path.join(vscode, "extensions"), install));

  const node = path.join(folder, "node_modules", nodePackage);
  const built = npm(vscode, ["rebuild", ...NATIVE_MODULES], {
    PATH: path.join(node, "bin") + path.delimiter + process.env.PATH,
    npm_config_nodedir: node,
  });
  if (built.status !== 0) {
    log(
      "VS Code test host: no C++ compiler, make or Python, so Output channels stay empty (the tests do not read them)",
    );
  }
  for (const part of UNUSED) rmSync(path.join(vscode, part), { recursive: true, force: true });
}

function npm(cwd, args, env = {}) {
  return spawnSync("npm", args, {
    cwd,
    env: { ...outsideNpm(), ...env },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function must({ status, stdout, stderr, error }) {
  if (status !== 0)
    throw new Error(`The VS Code test host could not be installed: ${error ?? ""}\n${stdout}\n${stderr}`);
}

/** The environment without what a surrounding `npm run` adds to it, which would change what an inner npm does. */
function outsideNpm() {
  const inherited =
    /^npm_(package|lifecycle|command|execpath|node_execpath|config_(local_prefix|prefix|global_prefix))/;
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !inherited.test(name) && name !== "INIT_CWD"),
  );
}

if (process.argv[1] === import.meta.filename) installHost();
