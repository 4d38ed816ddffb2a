/** Imports go one way: common ← engine ← cli, extension; common ← webview. */
import fs from "node:fs";
import path from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");

/** What each part may import beside itself. Packages are named; "node:*" stands for Node's own modules. */
const rules: { from: RegExp; folders: string[]; packages: RegExp }[] = [
  { from: /^src\/common\//, folders: ["src/common"], packages: /^zod$/ },
  {
    from: /^src\/engine\/(kernels|network|training|sparsity|formats)\//,
    folders: ["src/common", "src/engine"],
    packages: /^fflate$/,
  },
  { from: /^src\/engine\/statistics\//, folders: ["src/engine/statistics"], packages: /^@stdlib\// },
  {
    from: /^src\/engine\/probe\//,
    folders: ["src/common", "src/engine"],
    packages: /^(node:.*|onnxruntime-web\/wasm)$/,
  },
  {
    from: /^src\/engine\/tensorflow\//,
    folders: ["src/common", "src/engine"],
    packages: /^(node:.*|@tensorflow\/tfjs-(core|backend-cpu|backend-wasm))$/,
  },
  {
    from: /^src\/engine\//,
    folders: ["src/common", "src/engine"],
    packages: /^(node:.*|zod|jsonc-parser|fflate|fast-png|csv-parse|nanotar)$/,
  },
  {
    from: /^src\/cli\//,
    folders: ["src/common", "src/engine", "src/cli"],
    packages: /^(node:.*|cli-progress)$/,
  },
  {
    from: /^src\/extension\//,
    folders: ["src/common", "src/engine", "src/extension"],
    packages: /^(node:.*|vscode|jsonc-parser)$/,
  },
  {
    from: /^webview\//,
    folders: ["src/common", "webview"],
    packages: /^(uplot|@vscode-elements\/elements|@vscode\/codicons)(\/.*)?$/,
  },
];

const sources = ["src", "webview"]
  .flatMap((folder) =>
    fs.readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" }).map((f) => `${folder}/${f}`),
  )
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => /\.ts$/.test(file) && !/\.(test|d)\.ts$/.test(file) && !file.includes("/assembly/"));

test("imports go one way", () => {
  expect(sources.length).toBeGreaterThan(30);
  const broken: string[] = [];
  for (const { file, target } of importsOf(sources)) {
    const rule = rules.find(({ from }) => from.test(file));
    if (!rule) broken.push(`${file} is in no part of the layout`);
    else if (target.startsWith(".")) {
      const resolved = path.posix.join(path.posix.dirname(file), target);
      if (!rule.folders.some((folder) => resolved.startsWith(`${folder}/`))) broken.push(`${file} imports ${target}`);
    } else if (!rule.packages.test(target)) broken.push(`${file} imports ${target}`);
  }
  expect(broken).toEqual([]);
});

test("the check sees what it should: types too, and the bare names of Node's modules", () => {
  const seen = importsOf(["src/engine/worker.ts", "src/engine/kernels/kernels.ts"]);
  expect(seen).toContainEqual({ file: "src/engine/worker.ts", target: "node:worker_threads" });
  expect(seen).toContainEqual({ file: "src/engine/kernels/kernels.ts", target: "../network/network.js" });
});

test("no module is the target of a default export or an index of others", () => {
  const offenders = sources.filter((file) => {
    const text = fs.readFileSync(path.join(root, file), "utf8");
    return /^export default /m.test(text) || /(^|\/)index\.ts$/.test(file);
  });
  expect(offenders).toEqual([]);
});

/** Every import as written, of types too. */
function importsOf(files: string[]): { file: string; target: string }[] {
  return files.flatMap((file) => {
    const { importedFiles } = ts.preProcessFile(fs.readFileSync(path.join(root, file), "utf8"));
    return importedFiles.map(({ fileName }) => ({ file, target: fileName }));
  });
}
