/** `rectiscope deaths` and `rectiscope unit` as processes of their own, and the thread that the editor asks. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { deathCauses, type RunDeaths, type UnitReport } from "../../src/common/unitReport.js";
import { UnitThread } from "../../src/engine/units/unitThread.js";
import { isBuilt, jsonOf, runCli } from "./cliFixture.js";

vi.setConfig({ testTimeout: 60_000 }); // busy machines

describe.skipIf(!isBuilt)("rectiscope deaths, rectiscope unit", () => {
  let folder: string;
  let run: string;
  let deaths: RunDeaths;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), "rectiscope-cli-units-"));
    const config = path.join(folder, "small.rectiscope.json");
    const small = {
      dataset: { name: "mnist-sample" },
      network: { hidden: [40, 30] },
      training: { learningRate: 0.1, l1: 0.05, epochs: 2 },
    };
    writeFileSync(config, JSON.stringify(small));
    run = (jsonOf(await runCli(["train", config, "--json"])) as unknown as { run: string }).run;
    deaths = jsonOf(await runCli(["deaths", run, "--json"])) as unknown as RunDeaths;
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("deaths counts the dead units of each layer by cause, and says what would mend it", async () => {
    expect(deaths.at).toMatchObject({ step: 1600, epoch: 2, set: "valid", n: 2000 });
    expect(deaths.layers.map(({ layer, units }) => [layer, units])).toEqual([
      [1, 40],
      [2, 30],
    ]);
    for (const { dead, causes } of deaths.layers)
      expect(deathCauses.reduce((sum, cause) => sum + causes[cause], 0)).toBe(dead);
    expect(deaths.layers.reduce((sum, { dead }) => sum + dead!, 0)).toBeGreaterThan(0);
    const { code, stdout } = await runCli(["deaths", run]);
    expect(code).toBe(0);
    expect(stdout).toContain("Dead units of small at epoch 2, on 2,000 validation examples");
    expect(stdout).toMatch(/^1 +40 +\d+/m);
    expect(stdout).toMatch(/Lower training\.l1, such as from 0\.05 to 0\.02\./);
  });

  it("unit prints the parts of the report; --json is the whole of it", async () => {
    const report = jsonOf(await runCli(["unit", run, "2", "7", "--json"])) as unknown as UnitReport;
    expect(report.unit).toMatchObject({ layer: 2, layers: 2, unit: 7, units: 30, inputs: 40, sign: -1 });
    expect(report).toMatchObject({ activity: { n: 2000, set: "valid" }, weights: { picture: { combined: true } } });
    const { code, stdout, stderr } = await runCli(["unit", run, "2", "7"]);
    expect(code).toBe(0);
    expect(stdout).toContain("Unit 7 of layer 2 (40 inputs, 30 units, rectifier, sign −1) of small, finished");
    for (const part of ["At epoch 2, step 1,600", "With the last checkpoint", "Class  Examples", "To 10 classes"])
      expect(stdout).toContain(part);
    expect(stderr).toContain("Running the validation set");
    expect(stdout.includes("Why it is dead")).toBe(report.death !== null);
  });

  it.each([
    [["unit", "RUN", "3", "0"], "no hidden layer 3: its hidden layers are 1, 2"],
    [["unit", "RUN", "0", "1"], 'The layer is "0"; it has to be a number from 1 on'],
    [["unit", "RUN", "1"], "unit needs a run folder, a layer and a unit"],
    [["unit", "RUN", "1", "2", "3"], '"3" is one argument too many'],
    [["deaths", "nowhere"], "is not a run folder"],
  ])("%j is turned down", async (args, words) => {
    const { code, stderr, stdout } = await runCli(args.map((arg) => (arg === "RUN" ? run : arg)));
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(words);
  });

  it("Ctrl+C ends a report, with the code that shells expect", async () => {
    const ended = await runCli(["unit", run, "1", "0", "--json"], {
      when: /Reading the data/,
      begun: (child) => child.kill("SIGINT"),
    });
    expect(ended.code).toBe(130);
    expect(jsonOf(ended)).toMatchObject({ error: { code: "cancelled" } });
  });

  describe.skipIf(!existsSync("dist/units.js"))("the thread", () => {
    it("gives the same report, first what the folder says; others wait for their turn, or are cancelled", async () => {
      const thread = new UnitThread({ folder: run, dataFolders: [], assets: path.resolve("dist") });
      try {
        const partial: UnitReport[] = [];
        const first = thread.report(2, 7, { partial: (report) => partial.push(report) });
        const controller = new AbortController();
        const cancelled = thread.report(1, 0, {}, controller.signal);
        controller.abort();
        const second = thread.report(1, 1);
        await expect(cancelled).rejects.toMatchObject({ name: "AbortError" });
        const expected = jsonOf(await runCli(["unit", run, "2", "7", "--json"])) as unknown as UnitReport;
        expect(await first).toEqual(expected);
        expect(partial).toMatchObject([{ unit: { layer: 2, unit: 7 }, activity: null, series: expected.series }]);
        expect((await second).unit).toMatchObject({ layer: 1, unit: 1 });
        await expect(thread.report(9, 0)).rejects.toThrow("no hidden layer 9");
      } finally {
        thread.dispose();
      }
      expect(thread.isOver).toBe(true);
      await expect(thread.report(1, 1)).rejects.toThrow("was closed");
    });
  });
});
