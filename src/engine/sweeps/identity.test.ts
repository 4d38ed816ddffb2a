import { expect, test } from "vitest";
import { experimentSchema } from "../../common/experiment.js";
import { trialKey } from "./identity.js";

const config = experimentSchema.parse({
  dataset: { name: "idx", folder: "data" },
  network: { hidden: [20] },
  training: { learningRate: 0.1, epochs: 2 },
});
const engine = { rectiscope: "1.0.0", kernels: "abc" };
const key = (change: object = {}, data = "d", version = engine) => trialKey({ ...config, ...change }, data, version);

test("names, threads and where the data lie do not count; whatever decides the figures does", () => {
  const same = key();
  expect(same).toMatch(/^[0-9a-f]{64}$/);
  for (const change of [
    { name: "x" },
    { description: "y" },
    { threads: 4 },
    { dataset: { ...config.dataset, folder: "elsewhere" } },
    // the order of keys
    { training: Object.fromEntries(Object.entries(config.training).reverse()) },
  ])
    expect(key(change)).toBe(same);
  const others = [
    key({ seed: 2 }),
    key({ training: { ...config.training, l1: 0.1 } }),
    key({ dataset: { ...config.dataset, fold: { index: 1, of: 5, seed: 1 } } }),
    key({ evaluation: { ...config.evaluation, everySteps: 5 } }),
    key({ warmStart: { run: "a", checkpoint: "best", sha256: "1" } }),
    key({}, "other data"),
    key({}, "d", { ...engine, rectiscope: "1.0.1" }),
    key({}, "d", { ...engine, kernels: "abd" }),
  ];
  expect(new Set([same, ...others]).size).toBe(others.length + 1);
});

test("a warm start counts by the network, not by its path", () => {
  const start = (run: string, sha256: string) => key({ warmStart: { run, checkpoint: "best", sha256 } });
  expect(start("a", "1")).toBe(start("b", "1"));
  expect(start("a", "1")).not.toBe(start("a", "2"));
});
