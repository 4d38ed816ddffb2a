// Measures what showing a run costs when it is as large as they get: the packaged extension, whose worker is replaced by one
// that trains nothing (syntheticWorker.ts) and tells 10⁶ steps at 20 frames a second.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "esbuild";
import { temporaryFolder } from "../host/folders.mjs";
import { runInHost } from "../host/in-host.mjs";
import { root, vsixFile } from "../host/paths.mjs";
import { installVsix } from "../host/served.mjs";
import { dashboardFrame, picture } from "./dashboardFrame.mjs";
import { writeStub } from "./stub.mjs";

/** Hidden layers by the run's name. */
const runs = {
  "20-layers": Array(20).fill(1000),
  "million-steps": [1000, 1000, 1000],
};
const runMs = 50_000;
const windowMs = 8_000;
/** When the two windows begin, after the run has. */
const windows = { start: 3_000, end: runMs - windowMs - 3_000 };

/** @returns for each run the host's figures and what the page came to at its start and end */
export async function measureSynthetic() {
  const state = temporaryFolder("synthetic");
  installVsix({ state, vsix: vsixFile });
  await replaceWorker(path.join(state, "extensions"));
  const workspace = path.join(state, "workspace");
  const shared = path.join(state, "measured");
  for (const folder of [workspace, shared]) mkdirSync(folder);
  for (const [name, hidden] of Object.entries(runs)) {
    const training = { learningRate: 0.1, epochs: 50 };
    const experiment = { name, dataset: { name: "mnist-sample" }, network: { hidden }, training };
    writeFileSync(path.join(workspace, `${name}.rectiscope.json`), JSON.stringify(experiment));
  }
  const seen = {};
  const good = await runInHost({
    state,
    workspace,
    extension: writeStub(state),
    testModule: path.join(root, "test/vscode/measureSynthetic.cjs"),
    environment: { RECTISCOPE_MEASURE: shared, RECTISCOPE_RUNS: Object.keys(runs).join(",") },
    during: async (page, over) => {
      for (const name of Object.keys(runs)) {
        seen[name] = await watch(page, path.join(shared, `begun-${name}`), over);
        writeFileSync(path.join(shared, `seen-${name}`), "");
      }
    },
  });
  if (!good) throw new Error("The measurement of synthetic runs failed; VERBOSE=1 shows its log.");
  const hostFigures = (name) => JSON.parse(readFileSync(path.join(shared, `${name}.json`), "utf8"));
  return Object.fromEntries(Object.keys(runs).map((name) => [name, { host: hostFigures(name), page: seen[name] }]));
}

async function replaceWorker(extensions) {
  const installed = readdirSync(extensions).find((name) => name.startsWith("rectiscope."));
  await build({
    entryPoints: [path.join(import.meta.dirname, "syntheticWorker.ts")],
    outfile: path.join(extensions, installed, "dist/worker.js"),
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "warning",
  });
}

async function watch(page, begun, over) {
  while (!existsSync(begun) && !over.aborted) await sleep(20);
  const at = Date.now();
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const figures = {};
  for (const [name, begins] of Object.entries(windows)) {
    await sleep(Math.max(0, at + begins - Date.now()));
    const frame = await dashboardFrame(page);
    const { metrics } = await session.send("Performance.getMetrics");
    const heap = metrics.find((metric) => metric.name === "JSHeapUsedSize").value / 2 ** 20;
    figures[name] = { heap, ...(await framesOf(frame, windowMs)) };
  }
  await picture(page, "synthetic");
  await session.detach();
  return figures;
}

/** How evenly a page draws: all in milliseconds but the first. */
async function framesOf(frame, milliseconds) {
  const { times, longest } = await frame.evaluate(async (ms) => {
    let longest = 0;
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    });
    observer.observe({ entryTypes: ["longtask"] });
    const times = [];
    let last = await new Promise(requestAnimationFrame);
    const end = last + ms;
    while (last < end) {
      const now = await new Promise(requestAnimationFrame);
      times.push(now - last);
      last = now;
    }
    observer.disconnect();
    return { times, longest };
  }, milliseconds);
  times.sort((a, b) => a - b);
  const quantile = (share) => times[Math.floor(share * (times.length - 1))];
  const total = times.reduce((sum, time) => sum + time, 0);
  return { perSecond: (1000 * times.length) / total, median: quantile(0.5), p95: quantile(0.95), longestTask: longest };
}
