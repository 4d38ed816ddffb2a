import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { lockFileOf } from "../../engine/runs/runLock.js";
import { isOwnerGone, runOwner } from "./runOwner.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "rs-owner-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const write = (owner: unknown) => writeFileSync(lockFileOf(folder), JSON.stringify(owner));

test("no lock and a broken one have no owner", () => {
  expect(runOwner(folder)).toBeNull();
  expect(isOwnerGone(folder)).toBe(false);
  write({ pid: "1" });
  expect(runOwner(folder)).toBeNull();
});

test("a process of this machine is there or gone; of another machine's nothing is known", () => {
  write({ pid: process.pid, host: os.hostname() });
  expect(isOwnerGone(folder)).toBe(false);
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  write({ pid, host: os.hostname() });
  expect(isOwnerGone(folder)).toBe(true);
  write({ pid, host: "elsewhere" });
  expect(isOwnerGone(folder)).toBe(false);
});
