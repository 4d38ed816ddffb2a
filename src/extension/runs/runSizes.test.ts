import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import type { ListedRun } from "./runIndex.js";
import { RunSizes } from "./runSizes.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "rs-sizes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const listed = (heartbeat: string) => ({ folder, run: { heartbeat } }) as ListedRun;

test("counts files at any depth, follows no links, and counts again when the run has gone on", async () => {
  mkdirSync(path.join(folder, "units"));
  writeFileSync(path.join(folder, "run.json"), "x".repeat(10));
  writeFileSync(path.join(folder, "units", "0.safetensors"), "x".repeat(100));
  symlinkSync(os.tmpdir(), path.join(folder, "away"));
  const sizes = new RunSizes();
  expect(await sizes.of(listed("a"))).toBe(110);
  writeFileSync(path.join(folder, "units", "1.safetensors"), "x".repeat(100));
  expect(await sizes.of(listed("a"))).toBe(110);
  expect(await sizes.of(listed("b"))).toBe(210);
});

test("a folder that is gone takes no room", async () => {
  const gone = { folder: path.join(folder, "none"), run: { heartbeat: "" } } as ListedRun;
  expect(await new RunSizes().of(gone)).toBe(0);
});
