import { expect, test } from "vitest";
import { experimentSuffix } from "../../common/experiment.js";
import { sweepSuffix } from "../../common/sweep.js";
import { experimentFileName, experimentName, experimentPattern, isExperiment, isSweep } from "./experimentPattern.js";

test("the pattern is the schema's suffix", () => {
  expect(experimentPattern).toBe(`**/*${experimentSuffix}`);
  expect(isExperiment(`/a/b${experimentSuffix}`)).toBe(true);
  expect(isExperiment("/a/b.json")).toBe(false);
  expect([isExperiment, isSweep].map((is) => is(`/a/b${sweepSuffix}`))).toEqual([false, true]);
});

test("names", () => {
  expect(experimentName("/a/quick.rectiscope.json")).toBe("quick");
  expect(experimentName("c:\\a\\quick.rectiscope.json")).toBe("quick");
  expect(experimentFileName("quick")).toBe("quick.rectiscope.json");
  expect(experimentFileName("quick.rectiscope.json")).toBe("quick.rectiscope.json");
});
