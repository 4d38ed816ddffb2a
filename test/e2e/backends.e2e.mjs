// Backends with a process of their own: one that is killed fails its run alone; one that does not load starts nothing.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { Dashboard } from "./dashboard.mjs";
import { lastValidation, readRun, runFolders, writeExperiment } from "./run-folder.mjs";
import { inSteps } from "./steps.mjs";
import { inSession } from "./story.mjs";
import { retry } from "./workbench.mjs";

describe("backends with a process of their own", () => {
  inSteps();
  const story = inSession({
    settings: { "rectiscope.concurrentRuns": 2, "rectiscope.tensorflow.folder": "/no-tensorflow" },
  });
  const folderOf = (name) => runFolders(story.workspace, name).at(-1);

  async function launch(name, backend, shape) {
    writeExperiment(story.workspace, name, shape);
    const file = path.join(story.workspace, `${name}.rectiscope.json`);
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), backend }));
    await story.workbench.runCommand("Rectiscope: Train…");
    await story.workbench.pick(name);
  }

  /** Processes of this editor's own extension in which TensorFlow.js computes. */
  function tensorflowProcesses() {
    const inside = path.dirname(story.workspace);
    const listed = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" }).split("\n");
    return listed
      .filter((line) => line.includes(inside) && line.includes("tensorflow.js"))
      .map((line) => Number.parseInt(line, 10));
  }

  it("a process that is killed fails its run, which keeps its checkpoint; other runs and the editor go on", async () => {
    const { workbench } = story;
    await launch("other", "builtin", { hidden: [200], epochs: 20_000 });
    await (await Dashboard.of(workbench, "other")).waitForState("running");
    await launch("native", "tfjs-cpu", { hidden: [20], epochs: 20_000 });
    const dashboard = await Dashboard.of(workbench, "native");
    await dashboard.waitForState("running");
    await retry("an evaluation", () => assert.ok(lastValidation(folderOf("native")).epoch >= 1), { limitMs: 90_000 });
    const found = tensorflowProcesses();
    assert.equal(found.length, 1);
    process.kill(found[0], "SIGKILL");
    await dashboard.waitForState("failed");
    const { state, error } = readRun(folderOf("native"));
    assert.equal(state, "failed");
    assert.equal(error.code, "backendEnded");
    assert.match(error.message, /ended by SIGKILL[^=]*last checkpoint is kept/);
    assert.ok(existsSync(path.join(folderOf("native"), "checkpoints/last.safetensors")));
    assert.match(await dashboard.text("notice"), /ended by SIGKILL/);
    await workbench.screenshot("backend-killed");
    assert.equal(readRun(folderOf("other")).state, "running");
    const { step } = readRun(folderOf("other")).progress;
    await retry("steps of the other run", () => assert.ok(readRun(folderOf("other")).progress.step > step));
  });

  it("it goes on from that checkpoint", async () => {
    const { workbench } = story;
    const { step } = lastValidation(folderOf("native"));
    const dashboard = await Dashboard.of(workbench, "native");
    await dashboard.click("resume");
    await dashboard.waitForState("running");
    await retry("a later evaluation", () => assert.ok(lastValidation(folderOf("native")).step > step), {
      limitMs: 90_000,
    });
    await dashboard.stop();
    await dashboard.waitForState("stopped");
    await retry("the process gone", () => assert.deepEqual(tensorflowProcesses(), []));
    await workbench.openTab("other");
    const other = await Dashboard.of(workbench, "other");
    await other.stop();
    await other.waitForState("stopped");
  });

  it("TensorFlow that is not installed starts nothing, and the message has the command", async () => {
    const { workbench } = story;
    await launch("wanted", "tensorflow", { hidden: [20], epochs: 1 });
    await workbench.notification("npm install --prefix /no-tensorflow @tensorflow/tfjs-node@4.22.0");
    await workbench.screenshot("backend-missing");
    assert.equal(folderOf("wanted"), undefined);
  });

  it("leaves no error and no breach of the policy behind", () => {
    assert.deepEqual(story.workbench.pageErrors, []);
    assert.deepEqual(story.workbench.policyViolations, []);
  });
});
