/** docs/reproduction.md says what docs/results holds: `npm run reproduce` writes its tables. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { sweepSuffix } from "../../src/common/sweep.js";
import { reproducedSoFar } from "../../src/engine/studies/reproduce.js";
import { studyMarkdown, withTables } from "../../src/engine/studies/reproductionTables.js";
import { readSweep } from "../../src/engine/sweeps/sweepFile.js";

const root = path.resolve(import.meta.dirname, "../..");
const document = readFileSync(path.join(root, "docs/reproduction.md"), "utf8");
const kept = readdirSync(path.join(root, "examples/studies"))
  .map((file) => file.slice(0, -sweepSuffix.length))
  .filter((name) => existsSync(path.join(root, "docs/results", name)));

test("something is kept", () => expect(kept).toEqual(["figure3", "table1-mnist"]));

test.each(kept)("the tables of %s are those of its trials, all of which it names", async (name) => {
  const file = path.join(root, "examples/studies", name + sweepSuffix);
  const { plan } = await readSweep(readFileSync(file, "utf8"), file, async () => "");
  const results = path.join(root, "docs/results", name);
  const study = await reproducedSoFar(plan!, results);
  expect(withTables(document, name, studyMarkdown(study))).toBe(document);
  // a file that belongs to no trial would be a result that nobody sees
  const finished = study.trials.filter(({ state }) => state === "finished");
  expect(finished).toHaveLength(readdirSync(results).length);
});
