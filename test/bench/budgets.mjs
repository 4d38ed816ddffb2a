// `npm run budgets`: measures what using the packaged extension costs (activation, the dashboard's first paint, blocks
// of the extension host, size) in the served VS Code, and writes docs/budgets.json. It records; it does not judge.
// Large runs are synthetic (synthetic.mjs): nothing is trained in them.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { copyExamples, temporaryFolder } from "../host/folders.mjs";
import { runInHost } from "../host/in-host.mjs";
import { root, vsixFile } from "../host/paths.mjs";
import { installVsix } from "../host/served.mjs";
import { writeStub } from "./stub.mjs";
import { measureSweeps } from "./sweeps.mjs";
import { measureSynthetic } from "./synthetic.mjs";
import { measureViews } from "./views.mjs";

const outputFile = path.join(root, "docs/budgets.json");

if (!existsSync(vsixFile)) throw new Error("rectiscope.vsix is missing: run `npm run package` first.");
const { host, paints } = await measure();
const synthetic = await measureSynthetic();
const { "20-layers": layers, "million-steps": steps } = synthetic;
const views = await measureViews();
const opened = paints.map(({ at }, opening) => at - host.commandTimes[opening]);

const turns = `median of ${views.none.length} turns of 3 s; the ratios below are medians of those within each round`;
const synthetically = "a synthetic run of 20 layers of 1000 units at 20 frames a second";
const figures = [
  figure("activation", host.activationMs, "ms", "the extension's own activate()"),
  figure("first dashboard of a window", opened[0], "ms", "from the Train command to painted"),
  figure("dashboard", median(opened.slice(1)), "ms", "from the Open Dashboard command to painted, median of 5"),
  figure(
    "dashboard's own part",
    median(paints.slice(1).map(({ own }) => own)),
    "ms",
    "from resolve to paint, median of 5",
  ),
  figure("longest block, own", host.longestBlockMs, "ms", "longest that the extension held its host, by its own count"),
  figure("longest block, all", host.longestDelayMs, "ms", "longest delay of the extension host during a quick run"),
  figure("20 layers: frames", layers.page.end.perSecond, "per second", `drawn while ${synthetically} is told`),
  figure("20 layers: longest task", longestTask(layers.page), "ms", "of the dashboard's page, meanwhile"),
  figure("20 layers: longest block", layers.host.longestDelayMs, "ms", "of the extension host, meanwhile"),
  ...["start", "end"].flatMap((at) => [
    figure(`10⁶ steps: frame time at its ${at}`, steps.page[at].median, "ms", "median, of the dashboard's page"),
    figure(`10⁶ steps: late frames at its ${at}`, steps.page[at].p95, "ms", "95th percentile of frame times"),
    figure(
      `10⁶ steps: memory of the page at its ${at}`,
      steps.page[at].heap,
      "MiB",
      "JavaScript heap, the workbench's too",
    ),
  ]),
  figure(
    "10⁶ steps: memory of the host at its start",
    steps.host.atStart.heap,
    "MiB",
    "JavaScript heap of all extensions",
  ),
  figure("10⁶ steps: memory of the host at its end", steps.host.atEnd.heap, "MiB", "JavaScript heap of all extensions"),
  figure("training, unwatched", median(views.none), "examples/s", `784–1000–1000–1000–10, one thread; ${turns}`),
  figure("training, watched", ratio("watched"), "of unwatched", "with its dashboard in view"),
  figure("training, view blocked", ratio("blocked"), "of unwatched", "with a dashboard that never draws"),
  figure("training, view busy", ratio("busy"), "of unwatched", "with a dashboard whose page is busy 96 % of the time"),
  figure("package", statSync(vsixFile).size / 1024, "KiB", "size of the .vsix"),
  ...measureSweeps().map(({ name, value, unit, what }) => figure(name, value, unit, what)),
];
const report = { recorded: new Date().toISOString(), commit: commit(), machine: machine(), figures };
mkdirSync(path.dirname(outputFile), { recursive: true });
writeFileSync(outputFile, `${JSON.stringify(report, null, 2)}\n`);
console.table(
  Object.fromEntries(figures.map(({ name, value, unit, what }) => [name, { value: value ?? "none", unit, what }])),
);
console.log(`written to ${path.relative(root, outputFile)}`);

async function measure() {
  const state = temporaryFolder("budgets");
  installVsix({ state, vsix: vsixFile });
  const shared = path.join(state, "measured");
  mkdirSync(shared);

  const hostFile = path.join(shared, "host.json");
  const paints = [];
  const watch = async (page, over) => {
    while (!over.aborted) {
      paints.push(await nextPaint(page, over));
      writeFileSync(path.join(shared, `painted-${paints.length - 1}`), "");
    }
  };
  const good = await runInHost({
    state,
    workspace: copyExamples(path.join(state, "workspace")),
    extension: writeStub(state),
    testModule: path.join(root, "test/vscode/measure.cjs"),
    environment: { RECTISCOPE_MEASURE: shared },
    during: watch,
  });
  if (!good) throw new Error("The measurement inside the extension host failed; VERBOSE=1 shows its log.");
  const host = JSON.parse(readFileSync(hostFile, "utf8"));
  return { host, paints: paints.slice(0, host.commandTimes.length) };
}

/** Waits until no dashboard is there, then until one is painted. */
async function nextPaint(page, over) {
  while (!over.aborted && (await firstPaint(page)) !== undefined) await sleep(50);
  for (;;) {
    const own = await firstPaint(page);
    if (own !== undefined || over.aborted) return { at: Date.now(), own };
    await sleep(5);
  }
}

/** What a dashboard in the page says of its first paint, in ms; undefined where there is none. */
async function firstPaint(page) {
  for (const frame of page.frames()) {
    const value = await frame.evaluate(() => document.documentElement.dataset.firstPaint).catch(() => undefined);
    if (value !== undefined) return Number(value);
  }
  return undefined;
}

/** Of neighbours in time, so that what else the machine does falls out. */
function ratio(mode) {
  return median(views[mode].map((rate, round) => rate / views.none[round]));
}

function longestTask({ start, end }) {
  return Math.max(start.longestTask, end.longestTask);
}

function figure(name, value, unit, what) {
  return { name, value: value === null ? null : Number(value.toPrecision(3)), unit, what };
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function machine() {
  const [cpu] = os.cpus();
  return {
    cpu: cpu?.model.trim(),
    cores: os.cpus().length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    platform: `${os.platform()}-${os.arch()}`,
    vscode: host.vscode,
    node: host.node,
  };
}

/** The commit measured; "+" says that files differed from it. */
function commit() {
  try {
    const git = (...args) =>
      execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return git("rev-parse", "--short", "HEAD").trim() + (git("status", "--porcelain").trim() ? "+" : "");
  } catch {
    return null;
  }
}
