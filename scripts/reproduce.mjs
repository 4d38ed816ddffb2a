/**
 * `npm run reproduce -- NAME [--budget HOURS] [--threads N]`: trains the trials of examples/studies/NAME.sweep.rectiscope.json, one after
 * the other, keeps each in docs/results/NAME/, and writes docs/reproduction.md's tables from all that is kept. It goes on where an earlier
 * time ended. Without a name it only writes the tables. Needs dist/ (`npm run build`).
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { commitOfSources } from "./provenance.mjs";

const root = path.resolve(import.meta.dirname, "..");
const studies = path.join(root, "examples", "studies");
const suffix = ".sweep.rectiscope.json";
const results = path.join(root, "docs", "results");
const document = path.join(root, "docs", "reproduction.md");
const dist = path.join(root, "dist");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    budget: { type: "string" },
    threads: { type: "string", default: "1" },
    data: { type: "string", multiple: true, default: [] },
  },
});
const [name, ...more] = positionals;
if (more.length > 0) fail(`${JSON.stringify(more[0])} is one name too many.`);
const known = readdirSync(studies)
  .filter((file) => file.endsWith(suffix))
  .map((file) => file.slice(0, -suffix.length));
if (name !== undefined && !known.includes(name))
  fail(`There is no study ${JSON.stringify(name)}; there are ${known.join(", ")}.`);
const hours = values.budget === undefined ? Infinity : positive("budget", values.budget);
const threads = positive("threads", values.threads);
if (!Number.isInteger(threads)) fail(`--threads is ${values.threads}; it has to be a whole number.`);
// what a timer can wait for
if (hours < Infinity && hours > 596) fail(`--budget is ${values.budget}; it can be 596 hours at most.`);
if (!existsSync(path.join(dist, "kernels.wasm"))) fail("There is no build: run `npm run build` first.");

const engine = await bundled("src/engine/studies/reproduce.ts");
const { readSweep } = await bundled("src/engine/sweeps/sweepFile.ts");
const { stopSignals } = await bundled("src/common/messages.ts");
const { studyMarkdown, withTables } = await bundled("src/engine/studies/reproductionTables.ts");
if (name !== undefined) await train();
await writeTables();

async function train() {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  let ended = "";
  const end = (why) => {
    ended = why;
    Atomics.store(stop, 0, stopSignals.pause);
  };
  // a second Ctrl+C ends at once
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => end("Interrupted"));
  const timer =
    hours < Infinity ? setTimeout(() => end(`The budget of ${hours} h is used up`), hours * 3.6e6) : undefined;
  const say = (number, of, words) =>
    console.log(`${new Date().toISOString().slice(11, 19)} trial ${number} of ${of}: ${words}`);
  const { trials } = await engine.reproduce(
    {
      name,
      file: fileOf(name),
      plan: await planOf(name),
      results: path.join(results, name),
      runs: path.join(root, ".cache", "reproduce", name),
      commit: commitOfSources(),
      dataFolders: values.data.map((folder) => path.resolve(folder)),
      assets: dist,
      version: JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")).version,
      threads,
      stop: stop.buffer,
    },
    {
      begins: (number, of, identity, { params }) => say(number, of, `${JSON.stringify(params)} (${identity})`),
      done: (number, of, { result }, again) =>
        say(number, of, `validation error ${result.valid.error}${again ? ", kept before" : ""}`),
    },
  );
  clearTimeout(timer);
  const left = trials.filter(({ state }) => state !== "finished");
  for (const { number, error } of left) if (error) console.error(`Trial ${number} failed: ${error.message}`);
  if (ended) console.log(`${ended}: the same command goes on from there.`);
  if (left.some(({ error }) => error)) process.exitCode = 1;
}

/** Of every study of which something is kept. */
async function writeTables() {
  let text = readFileSync(document, "utf8");
  for (const study of known.filter((one) => existsSync(path.join(results, one))))
    text = withTables(
      text,
      study,
      studyMarkdown(await engine.reproducedSoFar(await planOf(study), path.join(results, study))),
    );
  writeFileSync(document, text);
  console.log(path.relative(root, document));
}

async function planOf(study) {
  const file = fileOf(study);
  const read = async (base) => readFileSync(base, "utf8");
  const { plan, problems } = await readSweep(readFileSync(file, "utf8"), file, read);
  if (!plan) fail(problems.map(({ message }) => message).join("\n"));
  return plan;
}

function fileOf(study) {
  return path.join(studies, `${study}${suffix}`);
}

function positive(option, text) {
  const value = Number(text);
  return value > 0 ? value : fail(`--${option} is ${JSON.stringify(text)}; it has to be a number above 0.`);
}

function fail(words) {
  console.error(words);
  process.exit(2);
}

/** A module of the engine, bundled for Node. */
async function bundled(file) {
  const out = path.join(root, ".cache", "reproduce", `${path.basename(file, ".ts")}.cjs`);
  mkdirSync(path.dirname(out), { recursive: true });
  await build({
    entryPoints: [path.join(root, file)],
    absWorkingDir: root,
    outfile: out,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20",
    mainFields: ["module", "main"],
    logLevel: "warning",
  });
  return createRequire(import.meta.url)(out);
}
