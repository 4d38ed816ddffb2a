// Measures what watching costs training: one real run in the packaged extension, by turns without a view, with a dashboard, with one
// that never draws, and with one whose page is busy nearly all the time; examples a second, from the run folder.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { temporaryFolder } from "../host/folders.mjs";
import { runInHost } from "../host/in-host.mjs";
import { root, vsixFile } from "../host/paths.mjs";
import { installVsix } from "../host/served.mjs";
import { dashboardFrame } from "./dashboardFrame.mjs";
import { writeStub } from "./stub.mjs";

const rounds = 10;
const windowMs = 3_000;
/** From a view's opening or closing to the measurement. */
const settledMs = 1_500;
const batchSize = 10;
const experiment = {
  name: "watched",
  dataset: { name: "mnist-sample" },
  network: { hidden: [1000, 1000, 1000] },
  training: { learningRate: 0.05, batchSize, epochs: 20_000 },
  evaluation: { everySteps: 500 },
  threads: 1,
  seed: 1,
};

/** What is done to a dashboard before the measurement; null for none at all. */
const modes = {
  none: null,
  watched: () => {},
  blocked: () => {
    window.requestAnimationFrame = () => 0;
  },
  busy: () => {
    setInterval(() => {
      const end = performance.now() + 240;
      while (performance.now() < end);
    }, 250);
  },
};

/** @returns for each mode the examples a second in each round */
export async function measureViews() {
  const state = temporaryFolder("views");
  installVsix({ state, vsix: vsixFile });
  const [workspace, shared] = ["workspace", "measured"].map((name) => path.join(state, name));
  for (const folder of [workspace, shared]) mkdirSync(folder);
  writeFileSync(path.join(workspace, "watched.rectiscope.json"), JSON.stringify(experiment));
  const rates = Object.fromEntries(Object.keys(modes).map((name) => [name, []]));
  const good = await runInHost({
    state,
    workspace,
    extension: writeStub(state),
    testModule: path.join(root, "test/vscode/measureViews.cjs"),
    limitMs: 1_200_000,
    environment: { RECTISCOPE_MEASURE: shared },
    during: async (page, over) => {
      const folder = await appeared(path.join(shared, "folder"), over);
      const ask = asker(shared, over);
      for (let round = 0; round < rounds && !over.aborted; round++) {
        // the other way round every other time: what drifts meanwhile drifts for all
        const names = round % 2 === 0 ? Object.keys(modes) : Object.keys(modes).reverse();
        for (const name of names) {
          await ask(["workbench.action.closeAllEditors"]);
          if (modes[name]) {
            await ask(["rectiscope.openDashboard", folder]);
            await (await dashboardFrame(page)).evaluate(modes[name]);
          }
          await sleep(settledMs);
          rates[name].push(await examplesPerSecond(folder));
        }
      }
      await ask("end", false);
    },
  });
  if (!good) throw new Error("The measurement of views failed; VERBOSE=1 shows its log.");
  return rates;
}

/** Asks the module in the extension host. */
function asker(shared, over) {
  let asked = 0;
  return async (words, answered = true) => {
    const file = path.join(shared, `ask-${asked}`);
    writeFileSync(`${file}.part`, JSON.stringify(words));
    renameSync(`${file}.part`, file);
    if (answered) await appeared(path.join(shared, `done-${asked}`), over);
    asked++;
  };
}

async function appeared(file, over) {
  while (!existsSync(file)) {
    if (over.aborted) throw new Error(`${path.basename(file)} has not come.`);
    await sleep(20);
  }
  return readFileSync(file, "utf8");
}

/** Between two moments at which the run told of a step. */
async function examplesPerSecond(folder) {
  const file = path.join(folder, "metrics.jsonl");
  const first = await nextStep(file);
  await sleep(windowMs);
  const last = await nextStep(file);
  return ((last.step - first.step) * batchSize * 1000) / (last.at - first.at);
}

async function nextStep(file) {
  const before = lastStep(file);
  const deadline = Date.now() + 30_000;
  for (;;) {
    const step = lastStep(file);
    if (step > before) return { step, at: performance.now() };
    if (Date.now() > deadline) throw new Error("The run does not go on.");
    await sleep(2);
  }
}

/** −1 before the first line. */
function lastStep(file) {
  const text = readFileSync(file, "utf8");
  const complete = text.slice(0, text.lastIndexOf("\n"));
  return complete === "" ? -1 : JSON.parse(complete.slice(complete.lastIndexOf("\n") + 1)).step;
}
