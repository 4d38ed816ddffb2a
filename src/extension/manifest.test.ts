import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.join(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const manifestText = read("package.json");
const manifest = JSON.parse(manifestText);
const { contributes } = manifest;
const declared: string[] = contributes.commands.map(({ command }: { command: string }) => command);

test("every text of the manifest is in package.nls.json, and every text there is used", () => {
  const used = [...manifestText.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key);
  expect([...new Set(used)].sort()).toEqual(Object.keys(JSON.parse(read("package.nls.json"))).sort());
});

test("every media file that the manifest names is there", () => {
  const named = [...manifestText.matchAll(/"(media\/[^"]+)"/g)].map(([, file]) => file as string);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
});

test("the table of commands and the manifest name the same commands", () => {
  const table = [...read("src/extension/commands/commands.ts").matchAll(/^ {4}"(rectiscope\.\w+)":/gm)];
  expect(table.map(([, id]) => id).sort()).toEqual([...declared].sort());
});

test("menus, welcome texts and steps refer to commands that exist", () => {
  const menus = Object.values(contributes.menus).flat() as { command: string }[];
  expect(menus.map(({ command }) => command).filter((id) => !declared.includes(id))).toEqual([]);
  const links = [...read("package.nls.json").matchAll(/command:(rectiscope\.\w+)/g)].map(([, id]) => id as string);
  expect(links.filter((id) => !declared.includes(id))).toEqual([]);
});

test("every command has a category and a title; those with an icon in a view have one", () => {
  for (const command of contributes.commands) {
    expect(command.category).toBe("Rectiscope");
    expect(command.title).toMatch(/^%.+%$/);
  }
  const inline = Object.values(contributes.menus).flat() as { command: string; group?: string }[];
  for (const { command, group } of inline.filter((entry) => /^(inline|navigation)/.test(entry.group ?? "")))
    expect(
      contributes.commands.find((entry: { command: string }) => entry.command === command).icon,
      group,
    ).toBeTruthy();
});

test("the package is activated by nothing that happens at the start", () => {
  expect(manifest.activationEvents).not.toContain("*");
  expect(manifest.activationEvents).not.toContain("onStartupFinished");
});
