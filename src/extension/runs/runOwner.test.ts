import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { isOwnerGone, releaseAfterDeath, runOwner } from "./runOwner.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "rs-owner-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const lock = path.join(folder, "lock");
const write = (owner: unknown) => writeFileSync(lock, JSON.stringify(owner));

test("no lock and a broken one have no owner", async () => {
  rmSync(lock, { force: true });
  expect(await runOwner(folder)).toBeNull();
  expect(await isOwnerGone(folder)).toBe(false);
  write({ pid: "1" });
  expect(await runOwner(folder)).toBeNull();
});

test("a process of this machine is there or gone; of another machine's nothing is known", async () => {
  write({ pid: process.pid, host: os.hostname() });
  expect(await isOwnerGone(folder)).toBe(false);
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  write({ pid, host: os.hostname() });
  expect(await isOwnerGone(folder)).toBe(true);
  write({ pid, host: "elsewhere" });
  expect(await isOwnerGone(folder)).toBe(false);
});

test("only this process's own lock is taken away", async () => {
  write({ pid: process.pid, host: "elsewhere" });
  await releaseAfterDeath(folder);
  expect(existsSync(lock)).toBe(true);
  write({ pid: process.pid, host: os.hostname() });
  await releaseAfterDeath(folder);
  expect(existsSync(lock)).toBe(false);
});
