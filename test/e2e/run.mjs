// Runs the end-to-end stories, test/e2e/*.e2e.mjs, with mocha against the packaged extension. Arguments name some only.
import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import Mocha from "mocha";
import { requireBrowser } from "../host/browser.mjs";
import { installHost } from "../host/install.mjs";
import { resultsFolder } from "../host/paths.mjs";

const output = path.join(resultsFolder, "e2e.json");
rmSync(output, { force: true });

// Installed here, outside of the tests' time limits.
installHost();
requireBrowser();

const wanted = process.argv.slice(2);
const mocha = new Mocha({ ui: "bdd", timeout: 300_000, slow: 10_000, forbidOnly: Boolean(process.env.CI) });
for (const name of readdirSync(import.meta.dirname).sort()) {
  if (!name.endsWith(".e2e.mjs")) continue;
  if (wanted.length === 0 || wanted.some((part) => name.includes(part)))
    mocha.addFile(path.join(import.meta.dirname, name));
}
await mocha.loadFilesAsync();
const runner = mocha.run((failures) => {
  process.exitCode = failures > 0 || runner.stats.tests === 0 ? 1 : 0;
});
new Mocha.reporters.JSON(runner, { reporterOption: { output } });
