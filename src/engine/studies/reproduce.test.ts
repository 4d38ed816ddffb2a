import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeStripes } from "../../../test/support/idxFiles.js";
import { dist } from "../../../test/support/kernelModule.js";
import { experimentSchema } from "../../common/experiment.js";
import { stopSignals } from "../../common/messages.js";
import { sweepSchema } from "../../common/sweep.js";
import { configIdentity, readKeptTrials } from "./keptTrial.js";
import { type ReproduceInput, reproduce, reproducedSoFar } from "./reproduce.js";
import { studyMarkdown, withTables } from "./reproductionTables.js";

const base = {
  dataset: { name: "idx", folder: "data", classes: 6 },
  network: { hidden: [6, 6] },
  training: { learningRate: 0.1, epochs: 2 },
};
const sweep = sweepSchema.parse({
  study: "table1-mnist",
  base,
  stages: [
    {
      name: "rates",
      cases: [{ "network.activation": "rectifier", "training.l1": 0.001 }, { "network.activation": "tanh" }],
      axes: { "training.learningRate": [0.5, 0.00001] },
      set: { "training.epochs": 1 },
      select: {},
    },
    { name: "trained", take: "selected", start: "anew", set: { "training.epochs": 2 } },
  ],
});

let folder: string;
let input: ReproduceInput;
let signal: Int32Array;

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "rectiscope-reproduce-"));
  await writeStripes(path.join(folder, "data"));
  const stop = new SharedArrayBuffer(4);
  signal = new Int32Array(stop);
  input = {
    name: "small",
    file: path.join(folder, "small.sweep.rectiscope.json"),
    plan: { sweep, base: experimentSchema.parse(base) },
    results: path.join(folder, "results"),
    runs: path.join(folder, "runs"),
    commit: "abc",
    dataFolders: [],
    assets: dist,
    version: "1.2.3",
    threads: 1,
    stop,
  };
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const filesOf = () => fs.readdirSync(input.results).sort();

describe("a study that is reproduced", () => {
  it("keeps a file a trial, and trains none of them again, without its runs and on another version", async () => {
    const { trials } = await reproduce(input);
    expect(trials.map(({ state, stage }) => [stage, state])).toEqual([
      ...Array(4).fill(["rates", "finished"]),
      ...Array(2).fill(["trained", "finished"]),
    ]);
    // of each kind of unit the rate with the lower validation error was trained
    for (const [i, unit] of ["rectifier", "tanh"].entries()) {
      const [fast, slow] = trials.slice(2 * i, 2 * i + 2).map(({ result }) => result!.valid.error) as [number, number];
      expect(trials[4 + i]!.params).toMatchObject({
        "network.activation": unit,
        "training.learningRate": fast <= slow ? 0.5 : 0.00001,
      });
    }
    const kept = JSON.parse(fs.readFileSync(path.join(input.results, filesOf()[0]!), "utf8"));
    expect(kept).toMatchObject({
      study: "small",
      stage: "rates",
      seed: 1,
      commit: "abc",
      versions: { rectiscope: "1.2.3" },
    });
    expect(kept.curve.map(({ epoch }: { epoch: number }) => epoch)).toEqual([0, 1]);
    expect(Object.keys(kept.machine)).toEqual(["cpu", "cores", "threads", "platform"]);

    fs.rmSync(input.runs, { recursive: true });
    const begun: number[] = [];
    const again = await reproduce({ ...input, version: "9.9.9" }, { begins: (number) => begun.push(number) });
    expect(begun).toEqual([]);
    expect(again.trials.map(({ result }) => result)).toEqual(trials.map(({ result }) => result));
    expect(again.trials.every(({ reused }) => reused)).toBe(true);

    // one is gone: it alone is trained again, to the same figures
    fs.rmSync(path.join(input.results, filesOf()[1]!));
    const mended = await reproduce(input, { begins: (number) => begun.push(number) });
    expect(begun).toEqual([2]);
    expect(mended.trials[1]!.result!.test).toEqual(trials[1]!.result!.test);
  });

  it("goes on where it was ended, and says until then what has not been run", async () => {
    let done = 0;
    const ended = await reproduce(input, {
      begins: () => {
        if (++done === 3) Atomics.store(signal, 0, stopSignals.pause);
      },
    });
    expect(ended.trials.map(({ state }) => state)).toEqual(["finished", "finished", "pending", "pending"]);
    const soFar = studyMarkdown(await reproducedSoFar(input.plan, input.results));
    expect(soFar).toMatch(/2 of 4 trials have been run/);
    expect(soFar).toMatch(/\| tanh, without pre-training \| 1\.57 % \| not run \|/);
    Atomics.store(signal, 0, stopSignals.goOn);
    const begun: number[] = [];
    const { trials } = await reproduce(input, { begins: (number) => begun.push(number) });
    expect(begun).toEqual([3, 4, 5, 6]);
    expect(trials.every(({ state }) => state === "finished")).toBe(true);
  });

  it("keeps a run that was ended just before its figures were", async () => {
    await reproduce(input);
    fs.rmSync(input.results, { recursive: true });
    const begun: number[] = [];
    await reproduce(input, { begins: (number) => begun.push(number) });
    expect([begun, filesOf()]).toEqual([[], expect.objectContaining({ length: 6 })]);
  });

  it("refuses a kept file that is damaged: it names it, and what to do", async () => {
    fs.mkdirSync(input.results);
    const file = path.join(input.results, "bad.json");
    fs.writeFileSync(file, "{");
    await expect(reproduce(input)).rejects.toThrow(/bad\.json is not JSON .*delete it to train anew/);
    fs.writeFileSync(file, `{"params": {}, "config": 3}`);
    await expect(readKeptTrials(input.results)).rejects.toThrow(/bad\.json is no trial's result: config/);
  });

  it("refuses stages that go on from another's network: files keep figures, not networks", async () => {
    const stages = sweep.stages!.map((stage) => ({ ...stage, start: "parameters" as const }));
    const plan = { ...input.plan, sweep: { ...sweep, stages } };
    await expect(reproduce({ ...input, plan })).rejects.toThrow(/"trained" cannot be reproduced/);
  });
});

it("a trial is known by its config and seed, not by names, threads or where its data lie", () => {
  const id = (change: object) => configIdentity(experimentSchema.parse({ ...base, ...change }));
  const same = [{ name: "x" }, { description: "y" }, { threads: 2 }, { dataset: { ...base.dataset, folder: "there" } }];
  for (const change of same) expect(id(change)).toBe(id({}));
  for (const change of [{ seed: 2 }, { network: { hidden: [7] } }, { dataset: { name: "mnist" } }])
    expect(id(change)).not.toBe(id({}));
});

it("tables go where the document has a place for them, or to its end", () => {
  const document = "a\n<!-- begin x -->\nold\n<!-- end x -->\nb\n";
  const filled = withTables(document, "x", "new\n");
  expect(filled).toBe("a\n<!-- begin x -->\n\nnew\n\n<!-- end x -->\nb\n");
  expect(withTables(filled, "x", "new\n")).toBe(filled);
  const longer = withTables(document, "y", "first\n");
  expect(longer).toBe(`${document}\n## y\n\n<!-- begin y -->\n\nfirst\n\n<!-- end y -->\n`);
  expect(withTables(longer, "y", "first\n")).toBe(longer);
  expect(() => withTables("<!-- end x -->\n<!-- begin x -->", "x", "")).toThrow(/reversed/);
});
