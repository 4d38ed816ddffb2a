/** The memory of the machine. */
import os from "node:os";

/** Bytes, as far as this process may use them: a container may have less than its machine. */
export function machineMemory(): number {
  const constrained = process.constrainedMemory?.() ?? 0;
  return constrained > 0 ? Math.min(constrained, os.totalmem()) : os.totalmem();
}
