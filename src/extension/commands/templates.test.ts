import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { english } from "../../common/language.js";
import { readExperiment } from "../../engine/experiment/experimentFile.js";
import { templates } from "./templates.js";

const root = path.join(import.meta.dirname, "../../..");

test.each(templates(english))("$file is a valid experiment", ({ file }) => {
  const { experiment, problems } = readExperiment(readFileSync(path.join(root, file), "utf8"), file);
  expect(problems).toEqual([]);
  expect(experiment?.seed).toBe(1);
});
