/** The benchmark: works one after the other, in each all contestants in turn; tables, and docs/performance.json. */
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { compileCeiling, measureCeiling } from "./ceilings.js";
import { compete } from "./compete.js";
import { turnSeconds, warmUpSeconds } from "./contestants.js";
import { commit, machine } from "./machine.js";
import { Material } from "./material.js";
import { root } from "./places.js";
import { findPython } from "./python.js";
import { ceilingTable, memoryTable, pointsTable, ratesTable, ratiosTable, warnings } from "./report.js";
import { pointResult, type WorkResult, workResult } from "./results.js";
import { type Work, works } from "./works.js";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", multiple: true },
    rounds: { type: "string" },
    retrain: { type: "boolean", default: false },
  },
});
const rounds = options.rounds === undefined ? (options.quick ? 2 : 7) : Number(options.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error(`--rounds is "${options.rounds}": give a whole number from 1.`);
for (const name of options.only ?? [])
  if (!works.some((work) => work.name === name))
    throw new Error(`--only is "${name}": give one of ${works.map((work) => work.name).join(", ")}.`);

const started = machine();
const material = new Material({ quick: options.quick, anew: options.retrain, say });
const python = findPython(say);
if (!python) say("PyTorch is not available: no Python with torch (on Debian: apt-get install python3-torch)");
compileCeiling();

const results: WorkResult[] = [];
for (const work of works) {
  if (options.only && !options.only.includes(work.name)) continue;
  const result = await measure(work);
  if (!result) continue;
  results.push(result);
  say(`\n${pointsTable([result])}\n\n${ratiosTable([result])}\n`);
}
const ceilings = results.map(({ ceiling }) => ceiling);
const tables = [ratesTable, ratiosTable, pointsTable, memoryTable].map((of) => of(results));
console.log(`\n${[...tables, ceilingTable(ceilings), ...warnings(results)].join("\n\n")}`);
if (options.quick) console.log("\nQuick: networks after 1 epoch stand in for trained ones, and works are cut short.");
// a part of the benchmark must not pass for the whole
if (!options.quick && !options.only) save();

async function measure(work: Work): Promise<WorkResult | null> {
  const points = work.points.filter(({ label }) => !options.quick || work.quick.includes(label));
  if (points.length === 0) return null;
  const ceiling = measureCeiling();
  const measured = [];
  const keep: Record<string, string> = {};
  for (const point of points) {
    const problem = await point.problem(material);
    const tell = (line: string) => say(`${work.name}, ${point.label}: ${line}`);
    const competition = await compete(problem, work.contestants, { python, rounds, say: tell, keep });
    for (const [name, { chosen }] of Object.entries(competition.outcomes)) if (chosen) keep[name] = chosen;
    measured.push(pointResult(point, problem, competition, ceiling));
  }
  return workResult(work, measured, ceiling);
}

function save(): void {
  const report = {
    recorded: new Date().toISOString(),
    commit: commit(),
    machine: started,
    blas: python?.blas ?? null,
    rounds,
    warmUpSeconds,
    turnSeconds,
    states: material.origins,
    works: results,
  };
  const file = path.join(root, "docs/performance.json");
  fs.writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  console.log(`written to ${path.relative(root, file)}`);
}

function say(line: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
}
