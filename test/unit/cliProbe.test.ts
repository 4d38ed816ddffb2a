import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { endlessModel } from "../support/hostileModels.js";
import { writeStripes } from "../support/idxFiles.js";
import { cli, isBuilt, jsonOf, runCli } from "./cliFixture.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "rectiscope-cli-probe-"));
const config = path.join(folder, "stripes.rectiscope.json");
const run = path.join(folder, "run");
const best = path.join(run, "checkpoints/best.safetensors");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!isBuilt)("rectiscope probe", () => {
  beforeAll(async () => {
    writeStripes(path.join(folder, "data"));
    writeFileSync(
      config,
      JSON.stringify({
        dataset: { name: "idx", folder: "data", classes: 6 },
        network: { hidden: [20, 12] },
        training: { learningRate: 0.05, batchSize: 5, epochs: 4 },
      }),
    );
    expect(await runCli(["train", config, "--out", run])).toMatchObject({ code: 0 });
    writeFileSync(path.join(folder, "endless.onnx"), endlessModel());
  });

  it("says of a checkpoint what its run's evaluation says, under the same names", async () => {
    const inspected = jsonOf(await runCli(["inspect", run, "--json"])) as unknown as Inspected;
    const { bestStep } = inspected.run.summary;
    for (const [name, set] of [
      ["validation", "valid"],
      ["test", "test"],
    ]) {
      const ended = await runCli(["probe", best, "--data", config, "--set", name as string, "--json"]);
      expect(ended.code).toBe(0);
      const probed = jsonOf(ended) as unknown as Inspected;
      const { step, epoch, ...expected } = inspected.evaluations.find(
        (line) => line.set === set && line.step === bestStep,
      )!;
      const untold = { dying: null, gradientNorm: null, updateRatio: null };
      expect(probed.evaluations).toEqual([
        { ...expected, layers: expected.layers.map((layer) => ({ ...layer, ...untold })) },
      ]);
      expect(probed.probe).toMatchObject({ model: best, format: "safetensors", engine: "builtin", inputShape: [36] });
      expect(probed.probe.layers).toMatchObject([
        { layer: 1, name: "layer1", units: 20, activation: "rectifier", positions: false },
        { layer: 2, name: "layer2", units: 12 },
      ]);
      expect(probed.units.map(({ firings }) => firings.length)).toEqual([20, 12]);
    }
  });

  it("prints the tables, with set and size beside the figures; says on stderr how far it is", async () => {
    const { code, stdout, stderr } = await runCli(["probe", best, "--data", config, "--n", "30"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Measured +on 30 validation examples: error .* %, loss /m);
    expect(stdout).toMatch(/^1 rectifier +20 +\d/m);
    expect(stderr).toMatch(/^Running 30 examples through the model…$/m);
  });

  it("takes the name of an example: an input that does not fit it is exit code 2", async () => {
    const ended = await runCli(["probe", best, "--data", "quick", "--json"]);
    expect(ended.code).toBe(2);
    expect(jsonOf(ended)).toMatchObject({ error: { code: "inputShape", file: best, key: "layer1", value: [784] } });
  });

  it.each([
    [["probe"], /probe needs a model file/],
    [["probe", "m.onnx"], /needs --data CONFIG/],
    [["probe", "m.onnx", "--data", "nothing"], /no config nothing, nor an example/],
    [["probe", "m.onnx", "--data", "quick", "--set", "all"], /training, validation or test/],
    [["probe", "m.onnx", "--data", "quick", "--n", "0"], /--n is "0"/],
    [["probe", "m.onnx", "--data", "quick", "--data", "quick"], /takes it once/],
    [["probe", "m.onnx", "--data", "quick"], /m\.onnx cannot be read: it does not exist/],
    [["probe", folder, "--data", "quick"], /is not a file/],
    [["train", "c.json", "--n", "3"], /train has no option --n/],
  ])("%j: exit code 2", async (args, message) => {
    const { code, stderr } = await runCli(args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });

  it("Ctrl+C cancels it: exit code 130", async () => {
    const ended = await runCli(["probe", path.join(folder, "endless.onnx"), "--data", config, "--json"], {
      when: /Running/,
      begun: (child) => child.kill("SIGINT"),
    });
    expect(ended).toMatchObject({ code: 130, stderr: expect.stringMatching(/Cancelled/) });
    expect(jsonOf(ended)).toMatchObject({ error: { code: "cancelled" } });
  });

  it.skipIf(process.platform !== "linux")(
    "is gone when whoever asked is gone, in the middle of a computation too",
    async () => {
      const args = [cli, "probe", path.join(folder, "endless.onnx"), "--data", config];
      const parent = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
      await said(parent, /Running/);
      const [child] = readFileSync(`/proc/${parent.pid}/task/${parent.pid}/children`, "utf8")
        .trim()
        .split(" ")
        .map(Number);
      expect(isThere(child!)).toBe(true);
      parent.kill("SIGKILL");
      await expect.poll(() => isThere(child!), { timeout: 20_000 }).toBe(false);
    },
  );
});

interface Inspected {
  run: { summary: { bestStep: number } };
  evaluations: { set: string; step: number; epoch: number; layers: object[] }[];
  probe: { layers: object[] };
  units: { firings: number[] }[];
}

function said(child: ChildProcess, what: RegExp): Promise<void> {
  return new Promise((resolve) => {
    let text = "";
    child.stderr!.setEncoding("utf8").on("data", (more: string) => {
      text += more;
      if (what.test(text)) resolve();
    });
  });
}

function isThere(pid: number): boolean {
  try {
    // a process that has ended and that nobody has asked for is one no more
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
