// The licences of what is bundled: found by what the bundles were made from, so that none is forgotten.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * Writes ThirdPartyNotices.txt: name, version and licence of every package, and each licence's whole text once.
 * @param root of the project
 * @param inputs files that went into the bundles, relative to the root
 * @param more packages of which files are copied
 * @throws Error when a package says nothing of its licence
 */
export function writeNotices(root, inputs, more, file) {
  const folders = new Set([
    ...inputs.map(packageFolder).filter(Boolean),
    ...more.map((name) => `node_modules/${name}`),
  ]);
  const texts = new Map();
  for (const { title, text } of [...folders].map((folder) => noticeOf(root, folder)))
    texts.set(text, [...new Set([...(texts.get(text) ?? []), title])].sort());
  const notices = [...texts].map(([text, titles]) => `${titles.join("\n")}\n\n${text}\n`).sort();
  writeFileSync(file, `Rectiscope contains these works of others.\n\n${notices.join(`\n${"=".repeat(80)}\n\n`)}`);
}

/** The innermost package that a file belongs to. */
function packageFolder(file) {
  return file.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//)?.[1];
}

/** Packages that ship without the text of their MIT licence: whose it is, and what else has to be said. */
const withoutText = {
  "onnxruntime-web": {
    holders: "Copyright (c) 2018 - present Microsoft Corporation",
    more: ({ version }) =>
      `Its WebAssembly module contains works of others; they are named, with their licences, in https://github.com/microsoft/onnxruntime/blob/v${version}/ThirdPartyNotices.txt`,
  },
};

/** Our own licence is the same but for the holders. */
function mitText(root, holders) {
  return readFileSync(path.join(root, "LICENSE"), "utf8")
    .trim()
    .replace(/^Copyright .*$/m, holders);
}

function noticeOf(root, folder) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(root, folder, "package.json"), "utf8"));
  const texts = readdirSync(path.join(root, folder))
    .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file) && !/\.(js|ts|json)$/.test(file))
    .map((file) => readFileSync(path.join(root, folder, file), "utf8").trim());
  const known = withoutText[name];
  if (texts.length === 0 && known && license === "MIT")
    texts.push(mitText(root, known.holders), known.more({ version }));
  if (typeof license !== "string" && texts.length === 0) throw new Error(`${folder} says nothing of its licence.`);
  return { title: `${name} ${version} (${license ?? "see below"})`, text: texts.join("\n\n") };
}
