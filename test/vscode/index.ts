// What VS Code's extension host calls to run the suite: every *.test.js beside this file, with mocha.
import { readdirSync } from "node:fs";
import path from "node:path";
import Mocha from "mocha";

export function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", timeout: 60_000, color: false, forbidOnly: Boolean(process.env.CI) });
  for (const name of readdirSync(__dirname).sort()) {
    if (name.endsWith(".test.js")) mocha.addFile(path.join(__dirname, name));
  }
  return new Promise((resolve, reject) => {
    const runner = mocha.run((failures) => {
      if (failures > 0) reject(new Error(`${failures} failed`));
      else resolve();
    });
    // A harness in another process cannot see this one's outcome: it reads this file.
    const output = process.env.RECTISCOPE_TEST_RESULTS;
    if (output) {
      const options: Mocha.MochaOptions & { reporterOption: object } = { reporterOption: { output } };
      new Mocha.reporters.JSON(runner, options);
    }
  });
}
