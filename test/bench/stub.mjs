// VS Code runs a test module only on behalf of some development extension: an empty one.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

/** @returns its folder, in `state` */
export function writeStub(state) {
  const stub = path.join(state, "stub");
  mkdirSync(stub, { recursive: true });
  const manifest = { name: "measure", publisher: "rectiscope-tests", version: "0.0.0", engines: { vscode: "*" } };
  writeFileSync(path.join(stub, "package.json"), JSON.stringify(manifest));
  return stub;
}
