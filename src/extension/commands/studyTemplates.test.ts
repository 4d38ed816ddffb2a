import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { english } from "../../common/language.js";
import { studyIds } from "../../common/studyIds.js";
import { sweepSuffix } from "../../common/sweep.js";
import { readSweep } from "../../engine/sweeps/sweepFile.js";
import { studiesFolder, studyTemplates } from "./studyTemplates.js";

const folder = path.join(import.meta.dirname, "../../..", studiesFolder);
const templates = studyTemplates(english);

test("every file of the folder is offered, and every study has one", () => {
  const files = readdirSync(folder).filter((file) => file.endsWith(sweepSuffix));
  expect(templates.map(({ name }) => name + sweepSuffix).sort()).toEqual(files.sort());
  expect([...new Set(templates.map(({ study }) => study))].sort()).toEqual([...studyIds].sort());
});

test.each(templates)("$name is a valid sweep that names its study", async ({ name, study }) => {
  const file = path.join(folder, name + sweepSuffix);
  const { plan, problems } = await readSweep(readFileSync(file, "utf8"), file, async () => "");
  expect(problems).toEqual([]);
  expect(plan?.sweep.study).toBe(study);
});
