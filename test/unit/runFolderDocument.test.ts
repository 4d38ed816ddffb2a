/** The examples of docs/run-folder.md, run as they stand on a run of the built command line. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type RunContents, readRun } from "../../src/engine/runs/readRun.js";
import { isBuilt, jsonOf, runCli } from "./cliFixture.js";

vi.setConfig({ testTimeout: 60_000 }); // busy machines

const blocks = [...readFileSync("docs/run-folder.md", "utf8").matchAll(/```(\w+)\n(.*?)```/gs)];
const examples = (language: string) =>
  blocks.filter(([, name]) => name === language).map(([, , code]) => code as string);

function missing(program: string): boolean {
  const absent = spawnSync(program, ["--version"]).status !== 0;
  if (absent) console.warn(`Skipped: ${program} is not installed.`);
  return absent;
}

describe.skipIf(!isBuilt)("docs/run-folder.md", () => {
  let folder: string;
  let runFolder: string;
  let contents: RunContents;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "rectiscope-document-"));
    const config = path.join(folder, "small.rectiscope.json");
    const small = {
      dataset: { name: "mnist-sample" },
      network: { hidden: [40, 30] },
      training: { learningRate: 0.3, epochs: 2, l1: 0.02 },
    };
    await writeFile(config, JSON.stringify(small));
    runFolder = (jsonOf(await runCli(["train", config, "--json"])) as unknown as { run: string }).run;
    contents = await readRun(runFolder);
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.skipIf(missing("jq"))("the jq examples print each evaluation and each run", () => {
    const [evaluations, runs] = examples("sh").map((code, index) => {
      const { stdout, stderr } = spawnSync("sh", ["-c", code], {
        cwd: index === 0 ? runFolder : folder,
        encoding: "utf8",
      });
      expect(stderr).toBe("");
      return stdout.trimEnd().split("\n");
    });
    const measured = contents.evaluations.filter((line) => line.set === "valid");
    const cells = (line: string | undefined) => line?.split("\t").map(Number);
    expect(evaluations?.map(cells)).toEqual(
      measured.map((line) => [line.epoch, line.error, ...line.layers.flatMap((layer) => [layer.sparsity, layer.dead])]),
    );
    expect(runs).toHaveLength(1);
    expect(runs?.[0]).toMatch(new RegExp(`^${contents.run.summary?.valid.error}\t.*\tsmall\t1$`));
  });

  it.skipIf(missing("python3"))("the Python example prints dead units that are those of the last evaluation", () => {
    const [code] = examples("python");
    const { stdout, stderr } = spawnSync("python3", ["-c", code as string, runFolder], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(stdout).toContain("small finished");
    expect(stdout.match(/^(valid|test) epoch/gm)).toHaveLength(contents.evaluations.length);
    const last = contents.evaluations.findLast((line) => line.set === "valid");
    last?.layers.forEach((layer, l) => {
      expect(stdout).toMatch(
        new RegExp(`layer${l + 1}: ${layer.dead} of \\d+ units fired on none of 2000 valid examples`),
      );
    });
    expect(last?.layers.some((layer) => (layer.dead ?? 0) > 0)).toBe(true);
  });
});
