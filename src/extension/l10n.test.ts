import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { readBundle, textsOf, textsOfSources, translations } from "../../scripts/l10n.mjs";

const root = path.join(import.meta.dirname, "../..");
const texts = textsOfSources();
const placeholders = (text: string) => (text.match(/\{\d+\}/g) ?? []).sort();

test("l10n/bundle.l10n.json has every text of the sources, and no other: `npm run l10n` writes it", () => {
  expect(texts.length).toBeGreaterThan(300);
  expect(Object.keys(readBundle("bundle.l10n.json"))).toEqual(texts);
});

test("there is a translation", () => {
  expect(translations()).toContain("bundle.l10n.de.json");
});

for (const name of translations()) {
  test(`${name} has every text, with the same placeholders`, () => {
    const bundle = readBundle(name);
    expect(Object.keys(bundle).sort()).toEqual(texts);
    for (const [text, translated] of Object.entries(bundle)) {
      expect(placeholders(translated), text).toEqual(placeholders(text));
      expect(translated.trim(), text).not.toBe("");
    }
  });

  test(`package.nls${name.slice("bundle.l10n".length)} has every text of the manifest, with the same links`, () => {
    const read = (file: string): Record<string, string> => JSON.parse(readFileSync(path.join(root, file), "utf8"));
    const [english, translated] = [read("package.nls.json"), read(`package.nls${name.slice("bundle.l10n".length)}`)];
    const links = (text = "") => (text.match(/\]\([^)]+\)|`[^`]+`/g) ?? []).sort();
    expect(Object.keys(translated)).toEqual(Object.keys(english));
    for (const key of Object.keys(english)) expect(links(translated[key]), key).toEqual(links(english[key]));
  });
}

test("texts are found wherever they are said, and what could not be found is refused", () => {
  const source =
    'vscode.l10n.t("a"); t(`b {0}`, 1); counted(n, "one {0}", "many {0}"); t(live ? "c" : "d"); t(message);';
  expect(textsOf("x.ts", source)).toEqual(["a", "b {0}", "one {0}", "many {0}", "c", "d"]);
  expect(() => textsOf("x.ts", "\nt(words[0])")).toThrow(/x\.ts:2/);
});
