// `npm run package`: builds for production, makes rectiscope.vsix, and checks what is inside and how large it is.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

const root = path.join(import.meta.dirname, "..");
const vsix = path.join(root, "rectiscope.vsix");
const limitBytes = 5e6;

/** Folders that ship, as they are called inside the package, and what may lie in them. */
const allowed = [
  /^extension\/dist\/([\w.-]+\.(js|wasm|wasm\.br|json)|ThirdPartyNotices\.txt)$/,
  /^extension\/dist\/(webview|data)\/.+$/,
  /^extension\/(media|examples)\/.+$/,
  /^extension\/(package\.json|package\.nls(\.\w+)?\.json|l10n\/bundle\.l10n\.\w+\.json|readme\.md|changelog\.md|LICENSE(\.txt)?)$/i,
  /^(extension\.vsixmanifest|\[Content_Types\]\.xml)$/,
];
const forbidden = /\.map$|\/\.rectiscope\/|\/node_modules\/|\.test\./;
const required = [
  ...[
    "extension.js",
    "worker.js",
    "pictures.js",
    "claims.js",
    "dataset.js",
    "sweep.js",
    "trial.js",
    "probe.js",
    "units.js",
    "inspector.js",
    "team.js",
    "onnxruntime.wasm.br",
    "tensorflow.js",
    "tfjs-backend-wasm-simd.wasm",
    "cli.js",
    "kernels.wasm",
    "experiment.editing.schema.json",
    "ThirdPartyNotices.txt",
  ].map((file) => `dist/${file}`),
  ...[
    "dashboard.js",
    "dashboard.css",
    "sweep.js",
    "sweep.css",
    "dataset.js",
    "dataset.css",
    "unitCurves.js",
    "unitCurves.css",
    "unit.js",
    "unit.css",
    "inspector.js",
    "inspector.css",
    "codicon.css",
    "codicon.ttf",
  ].map((file) => `dist/webview/${file}`),
  ...[
    "package.json",
    "package.nls.json",
    "package.nls.de.json",
    "l10n/bundle.l10n.de.json",
    "examples/quick.rectiscope.json",
    "examples/quick.sweep.rectiscope.json",
    "examples/studies/first-look.sweep.rectiscope.json",
    "media/icon.png",
  ],
].map((file) => `extension/${file}`);
const sample = "extension/dist/data/";

run("esbuild.mjs", "--production");
run(
  "node_modules/@vscode/vsce/vsce",
  ...["package", "--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links"],
  ...["--out", vsix],
);
check(entriesOf(readFileSync(vsix)));

function run(script, ...args) {
  const { status } = spawnSync(process.execPath, [path.join(root, script), ...args], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(1);
}

function check(entries) {
  const names = new Set(entries.map(({ name }) => name));
  const strays = entries.filter(({ name }) => forbidden.test(name) || !allowed.some((pattern) => pattern.test(name)));
  const missing = required.filter((name) => !names.has(name));
  const size = (list) => list.reduce((sum, { compressed }) => sum + compressed, 0);
  const whole = size(entries);
  const bare = size(entries.filter(({ name }) => !name.startsWith(sample)));
  console.log(
    `rectiscope.vsix: ${megabytes(whole)}, ${megabytes(bare)} without the sample data, ${entries.length} files`,
  );

  const faults = [
    ...strays.map(({ name }) => `${name} should not be inside`),
    ...missing.map((name) => `${name} is missing`),
    ...(bare > limitBytes ? [`more than ${megabytes(limitBytes)} without the sample data`] : []),
  ];
  for (const fault of faults) console.error(`rectiscope.vsix: ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}

/** Names and compressed sizes, from the central directory at the end of a zip file. */
function entriesOf(zip) {
  const endMark = Buffer.from([0x50, 0x4b, 5, 6]);
  const end = zip.lastIndexOf(endMark);
  if (end < 0) throw new Error("Not a zip file.");
  const count = zip.readUInt16LE(end + 10);
  const entries = [];
  let at = zip.readUInt32LE(end + 16);
  for (let i = 0; i < count; i++) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    const name = zip.toString("utf8", at + 46, at + 46 + nameLength);
    entries.push({ name, compressed: zip.readUInt32LE(at + 20) });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}
