/** `npm start`: builds, trains the quick example in this terminal, and says how to go on. */
import { spawnSync } from "node:child_process";
import path from "node:path";

const root = path.join(import.meta.dirname, "..");
const cli = path.join("dist", "cli.js");

process.on("SIGINT", () => {}); // Ctrl+C is for the training, which stops after a checkpoint

console.log("Building…");
run("esbuild.mjs");
console.log("Training examples/quick.rectiscope.json:\n");
run(cli, "train", path.join("examples", "quick.rectiscope.json"));
console.log(`
Next:
  npm run code                           VS Code with Rectiscope and the examples
  node ${cli} train examples/mnist-rectifier.rectiscope.json
                                         the paper's network on all of MNIST (minutes)
  examples/README.md                     what to try
`);

/** Runs a script of this repository in this terminal; ends with its exit code when it fails. */
function run(script, ...args) {
  const { status, signal } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? (signal === "SIGINT" ? 130 : 1));
}
