/** Runs that start with the network of an earlier one. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeStripes } from "../../../test/support/idxFiles.js";
import { dist } from "../../../test/support/kernelModule.js";
import { type Experiment, experimentSchema } from "../../common/experiment.js";
import type { RunRecord } from "../../common/run.js";
import { decodeSafetensors } from "../formats/safetensors.js";
import { readRun } from "./readRun.js";
import { checkpointFile } from "./runCheckpoint.js";
import { runExperiment } from "./runExperiment.js";
import { checkpointHash, WarmStartError } from "./warmStart.js";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rectiscope-warm-"));
const configFile = path.join(folder, "stripes.rectiscope.json");
const experiment: Experiment = experimentSchema.parse({
  dataset: { name: "idx", folder: "data", classes: 6 },
  network: { hidden: [24, 16], signs: "random" },
  training: { learningRate: 0.3, batchSize: 20, epochs: 3 },
});
const first = path.join(folder, "first");
beforeAll(async () => {
  writeStripes(path.join(folder, "data"));
  await start("first", {});
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function start(name: string, change: Partial<Experiment>): Promise<RunRecord> {
  const input = {
    configFile,
    experiment: { ...experiment, ...change },
    runFolder: path.join(folder, name),
    dataFolders: [],
    assets: dist,
    version: "0",
  };
  return runExperiment({ ...input, stop: new SharedArrayBuffer(4) }, {});
}
const warm = (rest: object = {}) => ({ run: "first", checkpoint: "best" as const, ...rest });
const tensors = (run: string, name: "best" | "last") =>
  decodeSafetensors(fs.readFileSync(checkpointFile(path.join(folder, run), name))).tensors;

describe("a warm start", () => {
  it.each(["best", "last"] as const)("begins where the %s checkpoint is, whatever the seed", async (checkpoint) => {
    // a rate so small that single precision does not see it
    const training = { ...experiment.training, epochs: 1, learningRate: 1e-30 };
    const record = await start(`from-${checkpoint}`, { warmStart: warm({ checkpoint }), seed: 99, training });
    expect(record.config?.warmStart).toEqual({ run: "first", checkpoint });
    const [then, now] = [tensors("first", checkpoint), tensors(`from-${checkpoint}`, "last")];
    for (const name of ["layer1.weights", "layer2.biases", "layer1.signs", "layer3.weights"])
      expect(now[name]?.data, name).toEqual(then[name]?.data);
    const { evaluations } = await readRun(path.join(folder, `from-${checkpoint}`));
    const { run, evaluations: all } = await readRun(first);
    const before = all.filter(({ set }) => set === "valid");
    const origin = checkpoint === "last" ? before.at(-1) : before.find(({ step }) => step === run.summary?.bestStep);
    expect(evaluations[0]?.error).toBe(origin?.error);
  });

  it("trains on from there", async () => {
    const record = await start("on", { warmStart: warm() });
    expect(record.state).toBe("finished");
    expect(tensors("on", "last")["layer1.weights"]?.data).not.toEqual(tensors("first", "best")["layer1.weights"]?.data);
  });

  it.each([
    [
      "a run that is not there",
      { warmStart: warm({ run: "nowhere" }) },
      /warmStart\.run is "nowhere": .*cannot be read/,
    ],
    ["another checkpoint than was meant", { warmStart: warm({ sha256: "0" }) }, /has changed since it was chosen/],
    [
      "another shape",
      { warmStart: warm(), network: { ...experiment.network, hidden: [24, 17] } },
      /its network is 36–24–16–6, this one 36–24–17–6/,
    ],
  ])("refuses %s, and makes no folder", async (_, change, message) => {
    const refused = start("refused", change);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toMatchObject({ code: "warmStart", key: "warmStart.run" });
    expect(fs.existsSync(path.join(folder, "refused"))).toBe(false);
  });

  it("refuses a damaged checkpoint", async () => {
    fs.cpSync(first, path.join(folder, "damaged"), { recursive: true });
    fs.truncateSync(checkpointFile(path.join(folder, "damaged"), "best"), 100);
    await expect(start("refused", { warmStart: warm({ run: "damaged" }) })).rejects.toThrow(WarmStartError);
  });

  it("takes the checkpoint whose hash it was given", async () => {
    const sha256 = checkpointHash(first, "best");
    expect((await start("hashed", { warmStart: warm({ sha256 }) })).state).toBe("finished");
  });
});
