/** Runs the built command line as a person would: dist/cli.js in a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

export const cli = path.resolve("dist/cli.js");
export const isBuilt = existsSync(cli);
if (!isBuilt) console.warn("Skipped: dist/cli.js does not exist; run 'npm run build' first.");

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** @param begun called once the process has written something that fits `when` to stderr */
export function runCli(
  args: string[],
  { cwd, when, begun }: { cwd?: string; when?: RegExp; begun?: (child: ChildProcess) => void } = {},
): Promise<Ended> {
  const env = { ...process.env, LC_ALL: "en_US.UTF-8" };
  const child = spawn(process.execPath, [cli, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  return new Promise((resolve, reject) => {
    let [stdout, stderr, called] = ["", "", false];
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
      if (!called && when?.test(stderr)) {
        called = true;
        begun?.(child);
      }
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), 60_000);
    child.on("error", reject).on("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr });
    });
  });
}

/** The one line that `--json` leaves on stdout. */
export function jsonOf({ stdout }: Ended): Record<string, never> {
  const lines = stdout.split("\n");
  if (lines.length !== 2 || lines[1] !== "") throw new Error(`stdout is not one line: ${stdout}`);
  return JSON.parse(lines[0] as string);
}
