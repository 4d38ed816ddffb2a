// An editor whose extension host is killed while it trains.
import { cpSync, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runFolders } from "../e2e/run-folder.mjs";
import { openSession } from "../e2e/session.mjs";
import { retry } from "../e2e/workbench.mjs";

/** Opens VS Code with the packaged extension on a workspace with this config. */
export async function openEditor(config) {
  const name = path.basename(config).replace(".rectiscope.json", "");
  const { workbench, workspace, close } = await openSession();
  cpSync(config, path.join(workspace, path.basename(config)));

  return {
    close,
    /** Trains the config from the palette and kills the extension host. @returns the run folder */
    async startAndKill(milliseconds) {
      const earlier = runFolders(workspace, name).length;
      await workbench.runCommand("Rectiscope: Train…");
      await workbench.pick(name);
      const run = await retry("a new run", () => {
        const folders = runFolders(workspace, name);
        if (folders.length === earlier) throw new Error("none yet");
        return folders.at(-1);
      });
      await sleep(milliseconds);
      const lock = path.join(run, "lock");
      if (existsSync(lock)) process.kill(JSON.parse(readFileSync(lock, "utf8")).pid, "SIGKILL");
      // a page that is loaded anew gets a new extension host
      await workbench.reload();
      return run;
    },
  };
}
