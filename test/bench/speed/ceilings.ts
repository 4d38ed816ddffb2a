/** The machine's ceiling for one thread: measured again before every work, since it moves on shared machines. */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { program, root, source } from "./places.js";

export interface Ceiling {
  /** 10⁹ multiply-adds of single floats a second, in registers, as WebAssembly's 128-bit SIMD does them. */
  gigaMultiplyAdds: number;
  /** 10⁹ bytes a second, by the size of the memory that is gone over. */
  gigabytesRead: Record<string, number>;
  gigabytesUpdated: Record<string, number>;
}

/** Of 64 KiB: room for 64 MB. */
const pages = 1100;
const module = path.join(program, "ceiling.wasm");

export function compileCeiling(): void {
  const asc = path.join(root, "node_modules/assemblyscript/bin/asc.js");
  const memory = `--importMemory --sharedMemory --initialMemory ${pages} --maximumMemory ${pages}`;
  const options = `-O3 --noAssert --runtime stub --enable simd --enable threads --use abort= ${memory}`.split(" ");
  run([asc, path.join(source, "assembly/ceiling.ts"), "-o", module, ...options]);
}

export function measureCeiling(): Ceiling {
  return JSON.parse(run([path.join(program, "ceiling.mjs"), module, String(pages)])) as Ceiling;
}

function run(args: string[]): string {
  const done = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${args[0]}: ${done.stderr}`);
  return done.stdout;
}
