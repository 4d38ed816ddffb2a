import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { dist } from "../../../test/support/kernelModule.js";
import { experimentSchema } from "../../common/experiment.js";
import type { TrialTask } from "./launcher.js";
import { LocalLauncher } from "./localLauncher.js";

const taskOf = (memory: number) => ({ memory }) as TrialTask;

describe("room for trials", () => {
  const small = taskOf(1e6);

  it("is as many as there are jobs, one a core where nobody says", () => {
    const two = new LocalLauncher(dist, 2);
    expect([0, 1, 2].map((running) => two.hasRoom(small, Array(running).fill(small)))).toEqual([true, true, false]);
    expect(new LocalLauncher(dist, null).jobs).toBe(os.availableParallelism());
  });

  it("is bounded by memory: what does not fit beside others waits, and runs alone", () => {
    const many = new LocalLauncher(dist, 100);
    const huge = taskOf(2 * os.totalmem());
    expect(many.hasRoom(huge, [])).toBe(true);
    expect(many.hasRoom(huge, [small])).toBe(false);
    expect(many.hasRoom(small, [huge])).toBe(false);
    // each fits, all of them do not
    const large = taskOf(os.totalmem() / 10);
    expect(many.hasRoom(small, Array(7).fill(large))).toBe(true);
    expect(many.hasRoom(small, Array(9).fill(large))).toBe(false);
  });
});

describe("a trial's process", () => {
  const experiment = experimentSchema.parse({
    dataset: { name: "idx", folder: "nowhere" },
    network: { hidden: [4] },
    training: { learningRate: 0.1, epochs: 1 },
  });
  const input = {
    configFile: path.join(os.tmpdir(), "no.rectiscope.json"),
    experiment,
    runFolder: path.join(os.tmpdir(), `rectiscope-no-run-${process.pid}`),
    dataFolders: [],
    assets: dist,
    version: "0",
  };

  it("says why a run could not begin", async () => {
    const { error } = await new LocalLauncher(dist, 1).launch({ number: 1, memory: 1, input }).ended;
    expect(error).toMatchObject({ code: "datasetNotFound", key: "dataset.folder" });
  });

  it("that is not there is an error of the trial", async () => {
    const { error } = await new LocalLauncher(path.join(dist, "nowhere"), 1).launch({ number: 1, memory: 1, input })
      .ended;
    expect(error).toMatchObject({ code: "crashed", message: expect.stringMatching(/ended with code 1.*trial\.js/s) });
  });

  it("that is killed is one as well", async () => {
    const launched = new LocalLauncher(dist, 1).launch({ number: 1, memory: 1, input });
    launched.kill();
    expect((await launched.ended).error).toMatchObject({ code: "crashed", message: expect.stringMatching(/SIGKILL/) });
  });
});
