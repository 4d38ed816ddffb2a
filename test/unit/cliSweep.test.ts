/** Sweeps by the built command line: results, kills, crashes, stages, folds, and what `ls` says of them. */
import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RunRecord } from "../../src/common/run.js";
import type { SweepRecord } from "../../src/common/sweepRecord.js";
import { jsonLinesOf, starReviews } from "../../src/engine/data/text/textFixture.js";
import { readRun } from "../../src/engine/runs/readRun.js";
import { writeStripes } from "../support/idxFiles.js";
import { isBuilt, jsonOf, runCli } from "./cliFixture.js";

vi.setConfig({ testTimeout: 120_000 }); // busy machines

let folder: string;
let config: string;

const base = {
  dataset: { name: "idx", folder: "data", classes: 6 },
  network: { hidden: [24, 16] },
  training: { learningRate: 0.3, batchSize: 20, epochs: 4, l1: 0.0001 },
};
/** Six trials. */
const six = { base, axes: { "training.l1": [0, 0.001, 0.01] }, seeds: 2 };

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "rectiscope-clisweep-"));
  config = path.join(folder, "six.sweep.rectiscope.json");
  writeStripes(path.join(folder, "data"));
  await writeSweep(six);
});
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

const writeSweep = (sweep: object) => writeFile(config, JSON.stringify(sweep));
/** Long enough to be disturbed. */
const longer = {
  ...six,
  base: { ...base, training: { ...base.training, epochs: 700 }, evaluation: { everySteps: 1000 } },
};
const at = (...names: string[]) => path.join(folder, ...names);
const recordOf = (out: string): SweepRecord => JSON.parse(readFileSync(path.join(out, "sweep.json"), "utf8"));
const runOf = (run: string): RunRecord => JSON.parse(readFileSync(path.join(run, "run.json"), "utf8"));
const runsIn = (out: string) => readdirSync(path.join(out, "runs")).sort();

function expectSameBytes(one: string, other: string): void {
  for (const file of ["metrics.jsonl", "checkpoints/best.safetensors", "checkpoints/last.safetensors"])
    expect(readFileSync(path.join(one, file)).equals(readFileSync(path.join(other, file))), `${other}/${file}`).toBe(
      true,
    );
}

interface SweepResult {
  sweep: string;
  trials: {
    run: string;
    state: string;
    params: Record<string, unknown>;
    test: { error: number; rmse?: number };
    valid: { error: number; rmse?: number };
    sparsity: { mean: number };
  }[];
}
const resultOf = (ended: Awaited<ReturnType<typeof runCli>>) => jsonOf(ended) as unknown as SweepResult;

describe.skipIf(!isBuilt)("rectiscope sweep", () => {
  it("of a study: what the paper reports beside what came out, and what differs", async () => {
    await writeSweep({ study: "table1-mnist", base, cases: [{}, { "network.activation": "tanh", "training.l1": 0 }] });
    const { code, stdout } = await runCli(["sweep", config, "--out", at("study"), "--jobs", "2"]);
    expect(code).toBe(0);
    const [rectifier, tanh] = recordOf(at("study")).trials.map(({ result }) => (100 * result!.test.error).toFixed(2));
    expect(stdout).toMatch(new RegExp(`rectifier, without pre-training +1\\.43 % +${rectifier} %`));
    expect(stdout).toMatch(new RegExp(`tanh, without pre-training +1\\.57 % +${tanh} %`));
    expect(stdout).toMatch(/tanh, with pre-training +1\.16 % +not in this sweep/);
    expect(stdout).toMatch(/- Other data: idx in place of the paper's MNIST/);
    expect(stdout).toMatch(/- One learning rate, 0\.3, without a search/);
  });

  it("of texts: shares of labels on folds, each with a vocabulary of its own, as runs of their own have them", async () => {
    await writeFile(at("reviews.jsonl"), jsonLinesOf(starReviews(120)));
    const text = { files: ["reviews.jsonl"], labelKey: "stars", labels: "stars" };
    const texts = { ...base, dataset: { name: "text", text } };
    await writeSweep({ base: texts, axes: { "dataset.labelFraction": [0.25, 1] }, folds: 2 });
    const result = resultOf(await runCli(["sweep", config, "--out", at("texts"), "--jobs", "2", "--json"]));
    expect(result.trials.map(({ state }) => state)).toEqual(new Array(4).fill("finished"));
    const vocabularies = result.trials.map(({ run }) => readFileSync(path.join(run, "vocabulary.json"), "utf8"));
    // of the fold, whichever the share of labels
    expect([vocabularies[2], vocabularies[3]]).toEqual(vocabularies.slice(0, 2));
    expect(vocabularies[0]).not.toBe(vocabularies[1]);
    for (const [index, { run, params, test, valid }] of result.trials.entries()) {
      expect([test.rmse, valid.rmse].every((rmse) => rmse !== undefined && rmse >= 0)).toBe(true);
      const alone = at(`alone-${index}`);
      const own = at("own.rectiscope.json");
      const { "dataset.labelFraction": labelFraction, "dataset.fold": fold } = params;
      await writeFile(own, JSON.stringify({ ...texts, dataset: { name: "text", text, labelFraction, fold } }));
      expect((await runCli(["train", own, "--out", alone, "--json"])).code).toBe(0);
      expectSameBytes(run, alone);
    }
  });

  it("gives the same figures, bit for bit, with one job and with two, and those of a run of its own", async () => {
    const [one, two] = [at("one"), at("two")];
    const ended = await runCli(["sweep", config, "--out", one, "--jobs", "1", "--json"]);
    expect(ended.stderr).toMatch(/trial 6 \(l1 0\.01 · seed 2\) finished: validation error/);
    expect(ended.code).toBe(0);
    const result = resultOf(ended);
    expect(Object.keys(result)).toEqual(["sweep", "trials"]);
    expect(result.sweep).toBe(one);
    expect(result.trials.map(({ params }) => Object.values(params))).toEqual([
      [0, 1],
      [0, 2],
      [0.001, 1],
      [0.001, 2],
      [0.01, 1],
      [0.01, 2],
    ]);
    for (const { run, state, test, valid, sparsity } of result.trials) {
      const { summary } = runOf(run);
      expect([state, test.error, valid.error, sparsity.mean]).toEqual([
        "finished",
        summary?.test.error,
        summary?.valid.error,
        summary?.sparsity?.mean,
      ]);
    }
    const again = resultOf(await runCli(["sweep", config, "--out", two, "--jobs", "2", "--json"]));
    const figures = ({ trials }: SweepResult) => trials.map((trial) => ({ ...trial, run: null }));
    expect(figures(again)).toEqual(figures(result));
    for (const [i, { run }] of result.trials.entries()) expectSameBytes(run, again.trials[i]?.run as string);

    const alone = at("alone.rectiscope.json");
    await writeFile(alone, JSON.stringify({ ...base, seed: 2 }));
    await runCli(["train", alone, "--set", "training.l1=0.001", "--out", at("alone")]);
    expectSameBytes(at("alone"), result.trials[3]?.run as string);

    const shown = await runCli(["inspect", one]);
    expect(shown.stdout).toMatch(/six: finished, 6 trials \(6 finished\)/);
    expect(shown.stdout).toMatch(/l1 0\.01 +2 +\d+\.\d\d % ± \d+\.\d\d %/);
    expect(jsonOf(await runCli(["inspect", one, "--json"]))).toMatchObject({ state: "finished" });
  });

  it("killed in the middle and resumed, trains every trial exactly once, to the same bits", async () => {
    await writeSweep(longer);
    const [out, undisturbed] = [at("out"), at("undisturbed")];
    const kill = (when: RegExp) => ({
      when,
      begun: (child: ChildProcess) => void sleep(100).then(() => child.kill("SIGKILL")),
    });
    const first = await runCli(["sweep", config, "--out", out, "--jobs", "2"], kill(/trial 3 .* running/));
    expect(first.signal).toBe("SIGKILL");
    // at once: the trials' processes may still be writing their checkpoints
    const second = await runCli(["sweep", "--resume", out, "--jobs", "2"], kill(/trial 5 .* running/));
    expect(second.signal).toBe("SIGKILL");
    const finished = recordOf(out).trials.filter(({ state }) => state === "finished");
    expect(finished.length).toBeGreaterThanOrEqual(2);
    const seconds = finished.map(({ run }) => runOf(path.join(out, run)).ended);
    const result = resultOf(await runCli(["sweep", "--resume", out, "--jobs", "2", "--json"]));
    expect(result.trials.map(({ state }) => state)).toEqual(Array(6).fill("finished"));
    expect(runsIn(out)).toEqual(["0001", "0002", "0003", "0004", "0005", "0006"]);
    expect(finished.map(({ run }) => runOf(path.join(out, run)).ended)).toEqual(seconds);
    await runCli(["sweep", config, "--out", undisturbed, "--jobs", "2"]);
    for (const run of runsIn(out)) {
      expectSameBytes(path.join(undisturbed, "runs", run), path.join(out, "runs", run));
      expect((await readRun(path.join(out, "runs", run))).skippedLines).toBe(0);
    }
  });

  it("goes on when a trial's process is killed: that trial alone fails, and can be retried", async () => {
    await writeSweep(longer);
    const [out, undisturbed] = [at("out"), at("undisturbed")];
    const killTrial = async () => {
      const lock = path.join(out, "runs/0002/lock");
      const checkpoint = path.join(out, "runs/0002/checkpoints/last.safetensors");
      while (!existsSync(lock) || !existsSync(checkpoint)) await sleep(10);
      process.kill(JSON.parse(readFileSync(lock, "utf8")).pid, "SIGKILL");
    };
    const ended = await runCli(["sweep", config, "--out", out, "--jobs", "2", "--json"], {
      when: /trial 2 .* running/,
      begun: () => void killTrial(),
    });
    expect(ended.code).toBe(1);
    expect(resultOf(ended).trials.map(({ state }) => state)).toEqual([
      "finished",
      "failed",
      ...Array(4).fill("finished"),
    ]);
    expect(recordOf(out).trials[1]?.error).toMatchObject({
      code: "crashed",
      message: expect.stringMatching(/ended by SIGKILL/),
    });
    expect(runOf(path.join(out, "runs/0002")).state).toBe("failed");
    const retried = await runCli(["sweep", "--resume", out, "--retry", "--json"]);
    expect(retried.code).toBe(0);
    expect(retried.stderr.match(/running/g)).toHaveLength(1);
    await writeSweep({ ...longer, axes: { "training.l1": [0] }, seeds: [2] });
    await runCli(["sweep", config, "--out", undisturbed]);
    expectSameBytes(path.join(undisturbed, "runs/0001"), path.join(out, "runs/0002"));
  });

  it("stops on Ctrl+C after checkpoints, and says how to go on", async () => {
    await writeSweep(longer);
    const out = at("out");
    const ended = await runCli(["sweep", config, "--out", out, "--jobs", "2"], {
      when: /trial 3 .* running/,
      begun: (child) => child.kill("SIGINT"),
    });
    expect(ended.code).toBe(130);
    expect(ended.stderr).toMatch(/Stopping: trials in progress end with a checkpoint/);
    expect(ended.stdout).toMatch(/sweep --resume /);
    const record = recordOf(out);
    expect(record.state).toBe("stopped");
    expect(record.trials.map(({ state }) => state).filter((state) => state === "running")).toEqual([]);
    expect(existsSync(path.join(out, "lock"))).toBe(false);
    expect((await runCli(["sweep", "--resume", out])).code).toBe(0);
    expect(recordOf(out).state).toBe("finished");
  });

  it("selects by validation error, repeats the best, and lets a stage start with its network", async () => {
    await writeSweep({
      base,
      stages: [
        { name: "rates", set: { "training.epochs": 2 }, select: {} },
        { name: "repeats", take: "selected", start: "anew", seeds: [5, 6], set: { "training.epochs": 2 } },
        {
          name: "tuned",
          after: "rates",
          take: "selected",
          set: { "training.learningRate": 0.001, "training.epochs": 1 },
        },
      ],
    });
    const out = at("out");
    const ended = await runCli(["sweep", config, "--out", out, "--json"]);
    expect(ended.code, ended.stderr).toBe(0);
    const { trials, selections } = recordOf(out);
    expect(trials.map(({ stage }) => stage)).toEqual([
      "rates",
      "rates",
      "rates",
      "rates",
      "repeats",
      "repeats",
      "tuned",
    ]);
    const rates = trials.slice(0, 4);
    const best = rates.reduce((a, b) => ((b.result?.valid.error ?? 1) < (a.result?.valid.error ?? 1) ? b : a));
    expect(selections[0]).toMatchObject({ chosen: best.params, trials: [best.number], mean: best.result?.valid.error });
    expect(trials[4]?.params).toEqual({ ...best.params, seed: 5 });
    // a network that starts as another one ended has that one's error before its first step
    const tuned = await readRun(path.join(out, trials[6]?.run as string));
    expect(tuned.evaluations[0]).toMatchObject({
      step: 0,
      set: "valid",
      error: best.result?.valid.error,
      loss: expect.closeTo(best.result?.valid.loss ?? 0, 6),
    });
    expect(tuned.run.config?.training.learningRate).toBe(0.001);
  });

  it("cross-validates: the validation sets of the folds are different and together all", async () => {
    await writeSweep({ base: { ...base, training: { ...base.training, epochs: 1 } }, folds: 3 });
    const { trials } = resultOf(await runCli(["sweep", config, "--json"]));
    expect(trials.map(({ params }) => params)).toEqual(
      [1, 2, 3].map((index) => ({ "dataset.fold": { index, of: 3, seed: 1 } })),
    );
    const sizes = trials.map(({ run }) => runOf(run).dataset);
    expect(sizes.reduce((sum, dataset) => sum + (dataset?.valid ?? 0), 0)).toBe(290);
    expect(sizes.every((dataset) => (dataset?.train ?? 0) + (dataset?.valid ?? 0) === 290)).toBe(true);
    expect(new Set(trials.map(({ valid }) => valid.error)).size).toBeGreaterThan(1);
  });

  it("does not train again what a sweep beside it has done", async () => {
    const first = resultOf(await runCli(["sweep", config, "--json"]));
    const ended = await runCli(["sweep", config, "--json"]);
    const second = resultOf(ended);
    expect(second.sweep).not.toBe(first.sweep);
    expect(second.trials).toEqual(first.trials);
    expect(ended.stderr).toMatch(/trial 1 .* done before/);
  });
});

describe.skipIf(!isBuilt)("rectiscope ls", () => {
  it("lists runs and sweeps below a folder, newest first", async () => {
    expect((await runCli(["ls", folder])).stdout).toMatch(/There are no runs or sweeps/);
    await writeFile(at("a.rectiscope.json"), JSON.stringify(base));
    const { run } = jsonOf(await runCli(["train", at("a.rectiscope.json"), "--json"]));
    const { sweep } = resultOf(await runCli(["sweep", config, "--json"]));
    const listed = jsonOf(await runCli(["ls", folder, "--json"])) as unknown as { runs: object[]; sweeps: object[] };
    expect(listed.runs).toMatchObject([{ run, name: "a", state: "finished", test: { error: expect.any(Number) } }]);
    expect(listed.sweeps).toMatchObject([
      { sweep, name: "six", state: "finished", trials: { total: 6, finished: 6, failed: 0 } },
    ]);
    const { stdout } = await runCli(["ls"], { cwd: folder });
    expect(stdout).toMatch(/^six +finished +6 of 6 +0 /m);
    expect(stdout).toMatch(/^a +finished +\d+\.\d\d % /m);
    expect((await runCli(["ls", at("nowhere")])).code).toBe(2);
  });
});

describe.skipIf(!isBuilt)("bad input ends with exit code 2 and says what to do", () => {
  it("a mistake in the sweep, with its place", async () => {
    await writeSweep({ ...six, axes: { "training.l2": [0] } });
    const ended = await runCli(["sweep", config, "--json"]);
    expect(ended.code).toBe(2);
    expect(jsonOf(ended)).toMatchObject({
      error: {
        code: "unknownKey",
        key: "axes.training.l2",
        message: expect.stringMatching(/six\.sweep\.rectiscope\.json:1:\d+: .*Did you mean "training\.l1"\?/),
      },
    });
    expect(existsSync(at(".rectiscope"))).toBe(false);
  });

  it.each([
    [["sweep"], /sweep needs a sweep's config/],
    [["sweep", "x", "--jobs", "0"], /--jobs is "0"; it has to be a whole number from 1/],
    [["sweep", "x", "--retry"], /--retry is for a sweep that is resumed/],
    [["sweep", "--resume", "x", "--out", "y"], /leave out --out/],
    [["sweep", "--resume", "nowhere"], /nowhere is not a sweep: it has no file sweep\.json/],
    [["sweep", "a.rectiscope.json"], /is an experiment, not a sweep. Run it with 'rectiscope train'/],
    [["train", "a.sweep.rectiscope.json"], /is a sweep, not an experiment. Run it with 'rectiscope sweep'/],
    [["sweep", "x", "--set", "a=1"], /sweep has no option --set/],
    [["train", "x", "--jobs", "2"], /train has no option --jobs/],
  ])("usage: %j", async (args, message) => {
    const { code, stderr } = await runCli(args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});
