/** The benchmark: works one after the other, in each all contestants in turn; a table, and docs/performance.json. */
import { parseArgs } from "node:util";
import { type Competition, compete } from "./compete.js";
import { Material } from "./material.js";
import { findPython } from "./python.js";
import { speedup, spreadOf } from "./statistics.js";
import { type Work, works } from "./works.js";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", multiple: true },
    rounds: { type: "string" },
    retrain: { type: "boolean", default: false },
  },
});
const rounds = Number(options.rounds ?? (options.quick ? 3 : 7));
const say = (line: string) => process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
const material = new Material({ quick: options.quick, anew: options.retrain, say: (line) => say(`${line}\n`) });
const python = findPython(say);

for (const work of works) {
  if (options.only && !options.only.includes(work.name)) continue;
  const problem = await work.problem(material);
  const competition = await compete(problem, work.contestants, {
    python,
    rounds,
    say: (l) => say(`${work.name}: ${l}`),
  });
  print(work, competition, problem.steps > 0 ? problem.batchSize : problem.labels.length);
}

function print(work: Work, { outcomes, density }: Competition, examples: number): void {
  console.log(`\n${work.title}; active ${density.map((share) => (100 * share).toFixed(1)).join(", ")} %`);
  for (const [name, { seconds, chosen, peakBytes }] of Object.entries(outcomes)) {
    const { median, lowest, highest } = spreadOf(seconds);
    const rate = (s: number) => Math.round(examples / s);
    console.log(
      `  ${name.padEnd(16)} ${String(rate(median)).padStart(7)}/s (${rate(highest)}–${rate(lowest)})  ${Math.round(peakBytes / 2 ** 20)} MiB  ${chosen}`,
    );
  }
  for (const theirs of ["PyTorch", "PyTorch by hand"] as const)
    for (const ours of ["ours 1 thread", "ours 2 threads"] as const) {
      const [a, b] = [outcomes[theirs], outcomes[ours]];
      if (a && b)
        console.log(
          `  ${ours} ÷ ${theirs}: ${speedup(a.seconds, b.seconds).median.toFixed(2)} (floor ${work.floor}, goal ${work.goal})`,
        );
    }
  const [one, two] = [outcomes["ours 1 thread"], outcomes["ours 2 threads"]];
  if (one && two) console.log(`  two threads ÷ one: ${speedup(one.seconds, two.seconds).median.toFixed(2)}`);
}
