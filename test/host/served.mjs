// Serves VS Code to a browser on this machine. Everything it writes (home, settings, extensions, sockets) stays inside
// one folder, the `state`, so that runs neither see each other nor touch the user's own VS Code.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hostPrograms, installHost } from "./install.mjs";

const SETTINGS = {
  "chat.disableAIFeatures": true,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "files.simpleDialog.enable": true,
  "git.enabled": false,
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 5_000;

/** Installs a packaged extension into the VS Code of this state. */
export function installVsix({ state, vsix }) {
  installHost();
  const folders = layOut(state);
  const { status, stdout, stderr } = spawnSync(
    hostPrograms.node,
    [hostPrograms.codeServer, ...placed(folders), "--force", "--install-extension", path.resolve(vsix)],
    { env: isolated(folders), encoding: "utf8" },
  );
  if (status !== 0 || !/successfully installed/.test(stdout)) {
    throw new Error(`${vsix} could not be installed:\n${stdout}${stderr}`);
  }
}

/**
 * Starts VS Code on a port of 127.0.0.1 (a free one unless given). `settings` count at the state's first start.
 *
 * `tests: true` makes it take a development extension and a test module from the page's address, which a built VS Code
 * otherwise ignores; it also hides notifications, so leave it off where a test acts as a person.
 */
export async function startServed({ state, port = 0, settings = {}, env = {}, tests = false }) {
  installHost();
  const folders = layOut(state);
  writeSettings(folders, settings);
  const server = spawn(
    hostPrograms.node,
    [
      hostPrograms.codeServer,
      ...placed(folders),
      ...["--auth", "none", "--bind-addr", `127.0.0.1:${port}`],
      ...["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust", "--disable-proxy"],
      ...["--disable-getting-started-override", "--vscode-option", "disable-experiments"],
      ...(tests ? ["--vscode-option", "enable-smoke-test-driver"] : []),
    ],
    // A process group of its own, so that stopping it takes its extension hosts along.
    { cwd: folders.home, env: isolated(folders, env), stdio: ["ignore", "pipe", "pipe"], detached: true },
  );
  let log = "";
  for (const stream of [server.stdout, server.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      log += text;
    });
  }
  const ended = new Promise((resolve) => server.once("close", resolve));
  const killGroup = () => {
    try {
      process.kill(-server.pid, "SIGKILL");
    } catch {
      // The whole group has ended.
    }
  };
  // An interrupted parent must not leave servers behind.
  process.once("exit", killGroup);

  async function stop() {
    if (server.exitCode === null && server.signalCode === null) server.kill("SIGTERM");
    await Promise.race([ended, sleep(STOP_LIMIT_MS, undefined, { ref: false })]);
    killGroup();
    await ended;
    process.off("exit", killGroup);
  }

  const deadline = Date.now() + START_LIMIT_MS;
  let origin;
  while (!origin) {
    origin = /HTTP server listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(log)?.[1];
    const gone = server.exitCode !== null || server.signalCode !== null;
    if (!origin && (gone || Date.now() > deadline)) {
      await stop();
      throw new Error(`VS Code ${gone ? "ended" : "took too long"} at its start:\n${log}`);
    }
    if (!origin) await sleep(50);
  }

  return {
    origin,
    stop,
    log: () => log,
    /** The page that opens a folder and, with `tests: true` above, runs a test module inside the extension host. */
    url({ folder, extension, testModule, environment }) {
      const remote = (file) => `vscode-remote://${new URL(origin).host}${path.resolve(file)}`;
      const payload = [
        extension && ["extensionDevelopmentPath", remote(extension)],
        testModule && ["extensionTestsPath", remote(testModule)],
        environment && ["extensionEnvironment", JSON.stringify(environment)],
      ].filter(Boolean);
      const query = new URLSearchParams({ folder: path.resolve(folder) });
      if (payload.length > 0) query.set("payload", JSON.stringify(payload));
      return `${origin}/?${query}`;
    },
  };
}

function layOut(state) {
  const names = ["home", "user", "extensions", "config", "data", "cache", "tmp"];
  const folders = Object.fromEntries(names.map((name) => [name, path.join(path.resolve(state), name)]));
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folders.config, "code-server.yaml"), "auth: none\n");
  return folders;
}

/**
 * A state's settings are written once: what a person changes in them later stays. The given ones count as the remote
 * machine's, the only place where a served VS Code takes settings from whose scope is the machine.
 */
function writeSettings({ user }, settings) {
  for (const [name, content] of Object.entries({ User: SETTINGS, Machine: settings })) {
    const file = path.join(user, name, "settings.json");
    if (existsSync(file)) continue;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(content, null, 2));
  }
}

function placed(folders) {
  return [
    ...["--config", path.join(folders.config, "code-server.yaml")],
    ...["--user-data-dir", folders.user],
    ...["--extensions-dir", folders.extensions],
  ];
}

/** This process's environment, less what would steer the server, with every folder it might write to inside the state. */
function isolated(folders, extra = {}) {
  const steering = /^(VSCODE_|CODE_SERVER_|npm_|PORT$|PASSWORD$|HASHED_PASSWORD$|NODE_OPTIONS$|NODE_ENV$)/;
  const kept = Object.entries(process.env).filter(([name]) => !steering.test(name));
  return {
    ...Object.fromEntries(kept),
    HOME: folders.home,
    XDG_CONFIG_HOME: folders.config,
    XDG_DATA_HOME: folders.data,
    XDG_CACHE_HOME: folders.cache,
    TMPDIR: folders.tmp,
    EXTENSIONS_GALLERY: JSON.stringify({ serviceUrl: "" }), // no marketplace
    ...extra,
  };
}
