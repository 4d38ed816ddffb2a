import { type ChildProcess, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { idxImages, idxLabels } from "../../src/engine/data/idxFixture.js";
import { decodeSafetensors } from "../../src/engine/formats/safetensors.js";
import { readRun } from "../../src/engine/runs/readRun.js";
import { isBuilt, jsonOf, runCli } from "./cliFixture.js";

vi.setConfig({ testTimeout: 60_000 }); // busy machines

let folder: string;
let config: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "rectiscope-cli-"));
  config = path.join(folder, "small.rectiscope.json");
  await writeConfig();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const small = {
  dataset: { name: "mnist-sample" },
  network: { hidden: [16, 8] },
  training: { learningRate: 0.05, epochs: 2, l1: 0.001 },
  threads: 1,
} as const;

const writeConfig = (change: object = {}) => writeFile(config, JSON.stringify({ ...small, ...change }));

/** Four files of 12 + 3 examples of 2 × 2, with changes. */
async function writeData(change: Record<string, Uint8Array> = {}): Promise<string> {
  const labels = (n: number) => idxLabels(Array.from({ length: n }, (_, i) => i % 10));
  const files = {
    "train-images-idx3-ubyte": idxImages(12, 2, 2),
    "train-labels-idx1-ubyte": labels(12),
    "t10k-images-idx3-ubyte": idxImages(3, 2, 2),
    "t10k-labels-idx1-ubyte": labels(3),
    ...change,
  };
  const data = path.join(folder, "data");
  await mkdir(data);
  for (const [name, bytes] of Object.entries(files)) await writeFile(path.join(data, name), bytes);
  await writeConfig({ dataset: { name: "idx", folder: "data" } });
  return data;
}

describe.skipIf(!isBuilt)("rectiscope train", () => {
  it("leaves one line of JSON on stdout, and a run folder with the same figures", async () => {
    const ended = await runCli(["train", config, "--json"]);
    expect(ended.code).toBe(0);
    const result = jsonOf(ended) as unknown as Record<string, unknown> & { run: string };
    expect(Object.keys(result)).toEqual([
      "run",
      "state",
      "epochs",
      "bestEpoch",
      "test",
      "valid",
      "sparsity",
      "dead",
      "samplesPerSecond",
      "seconds",
    ]);
    expect(path.isAbsolute(result.run)).toBe(true);
    expect(path.dirname(result.run)).toBe(path.join(folder, ".rectiscope/runs"));
    expect(path.basename(result.run)).toMatch(/^\d{4}-\d\d-\d\dT.*-small-[0-9a-f]+$/);
    expect(readFileSync(path.join(folder, ".rectiscope/.gitignore"), "utf8")).toBe("*\n");
    const { run, evaluations, train, skippedLines } = await readRun(result.run);
    expect(run.state).toBe("finished");
    expect(run.config?.network.signs).toBe("half");
    expect(run.summary).toMatchObject({ test: result.test, valid: result.valid, sparsity: result.sparsity });
    expect(skippedLines).toBe(0);
    expect(train.length).toBeGreaterThan(0);
    const best = evaluations.find((line) => line.set === "valid" && line.step === run.summary?.bestStep);
    expect(result.sparsity).toMatchObject({
      set: "valid",
      n: 2000,
      layers: best?.layers.map((layer) => layer.sparsity),
    });
    expect(result.dead).toMatchObject({ layers: best?.layers.map((layer) => layer.dead) });
    expect(result).toMatchObject({ state: "finished", epochs: 2, test: { set: "test", n: 2000 } });

    const shown = await runCli(["inspect", result.run]);
    expect(shown.code).toBe(0);
    expect(shown.stdout).toMatch(/784–16–8–10 · rectifier/);
    expect(shown.stdout).toMatch(/2 rectifier +8 /);
    const inspected = jsonOf(await runCli(["inspect", result.run, "--json"]));
    expect(inspected).toEqual({ run: JSON.parse(JSON.stringify(run)), evaluations });
  });

  it("says on stderr what happens, and on stdout what came out: a table and hints", async () => {
    const { code, stdout, stderr } = await runCli(["train", "small.rectiscope.json"], { cwd: folder });
    expect(code).toBe(0);
    expect(stderr).toMatch(/epoch 2 of 2 · validation error .* \(2,000 validation examples\)/);
    expect(stdout).toMatch(/Layer +Units +Zeros +Dead/);
    expect(stdout).toMatch(/Test error +\d+\.\d\d %/);
    expect(stdout).toMatch(/inspect \.rectiscope\/runs\//);
  });

  it("trains a softmax regression where there are no hidden layers, and says of it what there is to say", async () => {
    const result = jsonOf(await runCli(["train", config, "--set", "network.hidden=[]", "--json"])) as unknown as {
      run: string;
    };
    expect(result).toMatchObject({ epochs: 2, sparsity: null, dead: null });
    const { stdout } = await runCli(["inspect", result.run]);
    expect(stdout).toMatch(/784–10 · softmax/);
    expect(stdout).not.toMatch(/Layer +Units/);
    expect((await runCli(["deaths", result.run])).stdout).toBe("small has no hidden layers.\n");
  });

  it("takes settings and a folder for the run", async () => {
    const out = path.join(folder, "out/run");
    const settings = ["--set", "training.epochs=1", "--set", "network.activation=tanh", "--set", "network.hidden=[4]"];
    const result = jsonOf(await runCli(["train", config, ...settings, "--out", out, "--json"]));
    expect(result).toMatchObject({ run: out, epochs: 1, sparsity: null, dead: null });
    expect((await readRun(out)).run.config).toMatchObject({
      network: { activation: "tanh", signs: "none", hidden: [4] },
    });
  });

  it("gives the same bits for the same seed, whatever the number of threads", async () => {
    const weights = async (name: string, threads: number) => {
      const out = path.join(folder, name);
      await runCli(["train", config, "--set", `threads=${threads}`, "--out", out, "--json"]);
      return decodeSafetensors(readFileSync(path.join(out, "checkpoints/best.safetensors"))).tensors;
    };
    expect(await weights("a", 1)).toEqual(await weights("b", 2));
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("stops on %s after a checkpoint, with exit code %d", async (signal, code) => {
    const out = path.join(folder, "out");
    const ended = await runCli(["train", config, "--set", "training.epochs=10000", "--out", out, "--json"], {
      when: /epoch 1 of 10000/,
      begun: (child) => child.kill(signal),
    });
    expect(ended.stderr).toMatch(/Stopping, after a checkpoint/);
    expect(ended.code).toBe(code);
    expect(jsonOf(ended)).toMatchObject({ run: out, state: "stopped" });
    expect((await readRun(out)).run.state).toBe("stopped");
    expect(existsSync(path.join(out, "checkpoints/last.safetensors"))).toBe(true);
  });

  it("lets a run go on that was stopped, and refuses what does not go together", async () => {
    const out = path.join(folder, "out");
    const stopped = (epoch: RegExp) => ({ when: epoch, begun: (child: ChildProcess) => child.kill("SIGTERM") });
    await runCli(["train", config, "--set", "training.epochs=4000", "--out", out], stopped(/epoch 1 of 4000/));
    const before = (await readRun(out)).run;
    expect(before.state).toBe("stopped");
    const again = await runCli(["train", "--resume", out], stopped(/epoch \d+ of 4000/));
    expect(again.code).toBe(143);
    expect(again.stdout).toMatch(/train --resume/);
    const after = (await readRun(out)).run;
    expect(after.progress.step).toBeGreaterThan(before.progress.step);
    expect(after.id).toBe(before.id);
    for (const args of [
      ["x.json", "--resume", out],
      ["--resume", out, "--out", "y"],
      ["--resume", out, "--set", "seed=2"],
    ])
      expect((await runCli(["train", ...args])).code).toBe(2);
    expect((await runCli(["train", "--resume", folder])).stderr).toMatch(/is not a run folder/);
  });

  it("ends with 1 when the loss is no number any more, naming step and layer, and keeps a checkpoint", async () => {
    const out = path.join(folder, "out");
    const wild = ["--set", "training.learningRate=100", "--set", "network.hidden=[64,64,64]"];
    const ended = await runCli(["train", config, ...wild, "--out", out, "--json"]);
    expect(ended.code).toBe(1);
    const { error } = jsonOf(ended) as unknown as { error: Record<string, unknown> };
    expect(error).toMatchObject({ step: expect.any(Number), layer: expect.any(Number) });
    expect((await readRun(out)).run).toMatchObject({ state: "failed", error: { code: error.code } });
    expect(existsSync(path.join(out, "checkpoints/last.safetensors"))).toBe(true);
  });
});

describe.skipIf(!isBuilt)("bad input ends with exit code 2 and says what to do", () => {
  async function failure(args: string[], code = 2) {
    const ended = await runCli([...args, "--json"]);
    const { error } = jsonOf(ended) as unknown as { error: Record<string, string> };
    expect(Object.keys(error)).toEqual(["code", "message", "file", "key", "value"]);
    expect(ended.stderr).toContain(error.message);
    expect(ended.stderr).not.toMatch(/\n {4}at /);
    expect(ended.code).toBe(code);
    return error;
  }
  const train = () => failure(["train", config]);

  it("a typing mistake in the config: with file, line, column, key and mend, and all others on stderr", async () => {
    await writeConfig({ training: { learningrate: 0.1, epochs: 2 }, seed: -1 });
    expect(await train()).toMatchObject({
      code: "unknownKey",
      file: config,
      key: "training.learningrate",
      message: expect.stringMatching(/small\.rectiscope\.json:1:\d+: Unknown key.*Did you mean "learningRate"\?/),
    });
    expect((await runCli(["train", config])).stderr).toMatch(/seed is -1; it has to be a whole number from 0/);
  });

  it("a value on the command line", async () => {
    const error = await failure(["train", config, "--set", "training.epochs=0"]);
    expect(error).toMatchObject({ file: "--set", key: "training.epochs", value: 0 });
  });

  it("a network that no machine holds", async () => {
    const error = await failure(["train", config, "--set", "network.hidden=[65536,65536]"]);
    expect(error).toMatchObject({ code: "networkTooLarge", key: "network.hidden" });
  });

  it("no config, a folder as config, no JSON", async () => {
    expect((await failure(["train", path.join(folder, "no.json")])).message).toMatch(/There is no config .*no\.json/);
    expect((await failure(["train", folder])).message).toMatch(/is not a file/);
    await writeFile(config, "{");
    expect((await train()).code).toBe("syntax");
  });

  it("a missing data folder", async () => {
    await writeConfig({ dataset: { name: "idx", folder: "nowhere" } });
    expect(await train()).toMatchObject({
      code: "datasetNotFound",
      key: "dataset.folder",
      value: "nowhere",
      file: path.join(folder, "nowhere"),
    });
  });

  it.each([
    [
      "truncated",
      { "train-images-idx3-ubyte": idxImages(12, 2, 2).slice(0, 63) },
      "idxTruncated",
      /64 bytes.*63 bytes/,
    ],
    ["wrong magic", { "train-images-idx3-ubyte": idxLabels([1]) }, "idxMagic", /0x00000801.*0x00000803/],
    [
      "a label out of range",
      { "t10k-labels-idx1-ubyte": idxLabels([1, 2, 10]) },
      "labelOutOfRange",
      /label 2 .* is 10/,
    ],
  ])("IDX files: %s", async (_, change, code, message) => {
    const data = await writeData(change);
    const error = await train();
    expect(error).toMatchObject({ code, file: path.join(data, Object.keys(change)[0] as string) });
    expect(error.message).toMatch(message);
  });

  it("a run folder that is not empty, or no folder; nothing is written there", async () => {
    expect(await failure(["train", config, "--out", folder])).toMatchObject({ file: folder, key: "--out" });
    expect((await failure(["train", config, "--out", config])).message).toMatch(/is a file/);
    expect(readdirSync(folder)).toEqual(["small.rectiscope.json"]);
  });

  it.each([
    [[], /rectiscope train CONFIG/],
    [["trian", "x"], /no command "trian"/],
    [["train"], /train needs a config/],
    [["train", "a", "b"], /"b" is one argument too many/],
    [["train", "--nope"], /--nope/],
    [["train", "x", "--set"], /--set/],
    [["inspect", "x", "--set", "a=1"], /inspect has no option --set/],
  ])("usage: %j", async (args, message) => {
    const { code, stdout, stderr } = await runCli(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  });

  it("inspect of what is no run", async () => {
    expect(await failure(["inspect", folder])).toMatchObject({ code: "notARun" });
    await writeFile(path.join(folder, "run.json"), "{");
    expect(await failure(["inspect", folder])).toMatchObject({ code: "damaged" });
  });
});

it.skipIf(!isBuilt)("--help and --version", async () => {
  expect(await runCli(["--help"])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("rectiscope train CONFIG"),
  });
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  expect(await runCli(["--version"])).toMatchObject({ code: 0, stdout: `${version}\n` });
});

describe.skipIf(!isBuilt)("where a run cannot be written", () => {
  /** Mounts a small file system on a new folder; null, with the reason printed, where that is not allowed. */
  async function mounted(options: string): Promise<string | null> {
    const target = path.join(folder, "mount");
    await mkdir(target);
    const { status, stderr } = spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", target], {
      encoding: "utf8",
    });
    if (status === 0) return target;
    console.warn(`Skipped: a file system cannot be mounted here (${stderr?.trim() || "no mount command"}).`);
    return null;
  }
  const unmount = () => spawnSync("umount", ["-l", path.join(folder, "mount")]);
  afterEach(unmount);

  it("a read-only mount: exit code 1, the folder named", async ({ skip }) => {
    const target = await mounted("size=1m,ro");
    if (!target) return skip();
    const ended = await runCli(["train", config, "--out", path.join(target, "run"), "--json"]);
    expect(ended.code).toBe(1);
    expect(jsonOf(ended)).toMatchObject({
      error: { code: "notWritable", message: expect.stringContaining(target), file: path.join(target, "run") },
    });
  });

  it.for([16, 200, 700])("a disk of %d KB: exit code 1, says that it is full", async (size, { skip }) => {
    const target = await mounted(`size=${size}k`);
    if (!target) return skip();
    const big = ["--set", "network.hidden=[100]", "--set", "training.epochs=3"];
    const ended = await runCli(["train", config, ...big, "--out", path.join(target, "run"), "--json"]);
    expect(ended.code).toBe(1);
    expect(jsonOf(ended)).toMatchObject({ error: { code: "diskFull", message: expect.stringContaining(target) } });
  });
});
