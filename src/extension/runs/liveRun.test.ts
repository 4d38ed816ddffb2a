import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import type { FromWorker, WorkerInput } from "../../common/messages.js";
import type { RunError, RunRecord } from "../../common/run.js";
import { LiveRun } from "./liveRun.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "rs-liveRun-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const prelude = `const { parentPort, workerData } = require("node:worker_threads");
  const flag = new Int32Array(workerData.stop);
  const post = (message) => parentPort.postMessage(message);
  const run = (state) => ({ name: "fake", state });
`;

/** Runs a fake worker and notes everything that comes out of it. */
function live(code: string) {
  const file = path.join(folder, `${Math.random().toString(36).slice(2)}.cjs`);
  writeFileSync(file, prelude + code);
  const messages: FromWorker[] = [];
  const deaths: RunError[] = [];
  let output = "";
  const run = new LiveRun(
    file,
    { runFolder: folder } as WorkerInput,
    {
      message: (message) => messages.push(message),
      output: (text) => {
        output += text;
      },
      died: async (error) => {
        deaths.push(error);
        return { name: "fake", state: "failed", error } as RunRecord;
      },
    },
    { silence: 300, exit: 100 },
  );
  return { run, messages, deaths, output: () => output };
}

test("a run starts, prints, stops when asked and ends once", async () => {
  const { run, messages, deaths, output } = live(`
    console.log("hello");
    post({ type: "started", run: run("running") });
    const wait = setInterval(() => {
      if (Atomics.load(flag, 0) === 0) return;
      clearInterval(wait);
      post({ type: "ended", run: run("stopped"), error: null });
    }, 5);`);
  expect((await run.started)?.state).toBe("running");
  expect(run.ending).toBe(false);
  run.stop();
  run.stop();
  expect(run.ending).toBe(true);
  expect((await run.ended).run?.state).toBe("stopped");
  expect(messages.map((message) => message.type)).toEqual(["started", "ended"]);
  expect(deaths).toEqual([]);
  expect(output()).toContain("hello");
});

test("a run pauses when asked; asked to stop as well, it stops", async () => {
  const code = `
    post({ type: "started", run: run("running") });
    setTimeout(() => post({ type: "ended", run: run("flag " + Atomics.load(flag, 0)), error: null }), 50);`;
  const asked = async (...wishes: ("stop" | "pause")[]) => {
    const { run } = live(code);
    await run.started;
    for (const wish of wishes) run[wish]();
    return (await run.ended).run?.state;
  };
  expect(await asked("pause")).toBe("flag 2");
  expect(await asked("pause", "stop")).toBe("flag 1");
  expect(await asked("stop", "pause")).toBe("flag 1");
});

test("a worker that is slow to end, but says something, is let be", async () => {
  const { run, deaths } = live(`
    post({ type: "started", run: run("running") });
    const alive = setInterval(() => post({ type: "evaluation", line: {} }), 50);
    setTimeout(() => { clearInterval(alive); post({ type: "ended", run: run("stopped"), error: null }); }, 900);`);
  await run.started;
  run.stop();
  expect((await run.ended).run?.state).toBe("stopped");
  expect(deaths).toEqual([]);
});

test("a run that ends before it starts resolves both promises", async () => {
  const { run } = live(`post({ type: "ended", run: null, error: { code: "data", message: "No such folder" } });`);
  expect(await run.started).toBeNull();
  expect((await run.ended).error?.message).toBe("No such folder");
});

test.each([
  ["throws", `throw new Error("boom")`, "workerCrashed", "boom"],
  ["exits", `process.exit(3)`, "workerExited", "code 3"],
  ["returns without a last message", "", "workerExited", "code 0"],
])("a worker that %s fails the run", async (_, code, expected, text) => {
  const { run, messages, deaths } = live(`post({ type: "started", run: run("running") }); ${code}`);
  const { run: record, error } = await run.ended;
  expect(error?.code).toBe(expected);
  expect(error?.message).toContain(text);
  expect(record?.state).toBe("failed");
  expect(deaths).toHaveLength(1);
  expect(messages.at(-1)?.type).toBe("ended");
});

test("a worker that does not stop, not even by a busy loop, is terminated", async () => {
  const { run } = live(`post({ type: "started", run: run("running") }); for (;;);`);
  await run.started;
  run.stop();
  expect((await run.ended).error?.code).toBe("workerStuck");
});

test("a missing worker file fails the run", async () => {
  const run = new LiveRun(path.join(folder, "none.cjs"), { runFolder: folder } as WorkerInput, {
    message() {},
    output() {},
    died: async () => null,
  });
  expect(await run.started).toBeNull();
  expect((await run.ended).error?.code).toBe("workerCrashed");
});

test("terminate ends the run without a verdict", async () => {
  const { run, deaths } = live("setInterval(() => {}, 1000);");
  await run.terminate();
  expect(await run.ended).toEqual({ run: null, error: null });
  expect(deaths).toEqual([]);
});
