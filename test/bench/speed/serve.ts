/** A contestant's side of the protocol. */
import readline from "node:readline";
import type { Answer, Request } from "./protocol.js";

export async function serve(answer: (request: Request) => Promise<Answer> | Answer): Promise<void> {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const reply = await answer(JSON.parse(line) as Request);
    process.stdout.write(`${JSON.stringify(reply)}\n`);
  }
  process.exit();
}

export function peakMemory() {
  return { peakBytes: process.resourceUsage().maxRSS * 1024 };
}
