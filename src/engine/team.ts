/** A helper thread of the kernels: waits for programs and runs its share of them. Bundled as team.js; started by startTeam.ts. */
import { parentPort, workerData } from "node:worker_threads";
import { control, instantiate, type TeamMember } from "./kernels/wasmKernels.js";

const { module, memory, thread, threads } = workerData as TeamMember;
const exports = instantiate(module, memory);
const words = new Int32Array(memory.buffer);
const at = control.address / 4;

parentPort?.postMessage("ready");
for (let sequence = 0; ; ) {
  sequence = exports.awaitChange(control.address + control.sequence * 4, sequence);
  const count = words[at + control.count] as number;
  if (count < 0) break;
  exports.run(control.address, words[at + control.program] as number, count, thread, threads);
}
