/**
 * A Python with PyTorch, and a fast BLAS for it. Debian's PyTorch multiplies with whatever libblas.so.3 is there, and alone that is
 * the reference BLAS, six times slower than OpenBLAS: comparing with that would prove nothing.
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { cache } from "./places.js";

export interface Python {
  program: string;
  environment: NodeJS.ProcessEnv;
  /** File names of the BLAS that it loads. */
  blas: string;
}

const probe = `
import re, torch
from pathlib import Path
torch.rand(8, 8) @ torch.rand(8, 8)
print(",".join(sorted({Path(f).resolve().name for f in re.findall(r"/\\S*(?:blas|mkl)\\S*", Path("/proc/self/maps").read_text())})))`;

/** @returns null where there is no PyTorch */
export function findPython(say: (line: string) => void): Python | null {
  const candidates = [process.env.PYTHON, "python3", "/usr/bin/python3", "python"];
  for (const program of candidates) {
    if (!program) continue;
    const blas = blasOf(program, {});
    if (blas === null) continue;
    if (isFast(blas)) return { program, environment: {}, blas };
    const libraries = openBlas(say);
    if (libraries) {
      const environment = { LD_LIBRARY_PATH: libraries.join(path.delimiter) };
      const better = blasOf(program, environment);
      if (better && isFast(better)) return { program, environment, blas: better };
    }
    say(
      `PyTorch multiplies with ${blas || "an unknown BLAS"}, which is slow. Install libopenblas0-pthread for a fair comparison.`,
    );
    return { program, environment: {}, blas };
  }
  return null;
}

export function isFast(blas: string): boolean {
  return /openblas|mkl|blis/.test(blas);
}

function blasOf(program: string, environment: NodeJS.ProcessEnv): string | null {
  const done = spawnSync(program, ["-c", probe], { encoding: "utf8", env: { ...process.env, ...environment } });
  return done.status === 0 ? done.stdout.trim() : null;
}

/** Folders with Debian's OpenBLAS, unpacked beside the system's into .cache/bench/openblas; null where that cannot be had. */
function openBlas(say: (line: string) => void): string[] | null {
  const folder = path.join(cache, "openblas");
  const libraries = () =>
    fs.existsSync(folder)
      ? fs
          .readdirSync(folder, { recursive: true, encoding: "utf8" })
          .filter((file) => /\/(libblas\.so\.3|libgfortran\.so\.5)$/.test(file))
          .map((file) => path.dirname(path.join(folder, file)))
      : [];
  if (libraries().length === 0) {
    say("fetching Debian's OpenBLAS for PyTorch into .cache/bench/openblas (apt-get download, 7.5 MB)");
    fs.mkdirSync(folder, { recursive: true });
    const in_ = { cwd: folder, stdio: "ignore" } as const;
    spawnSync("apt-get", ["download", "libopenblas0-pthread", "libgfortran5"], in_);
    for (const file of fs.readdirSync(folder).filter((name) => name.endsWith(".deb")))
      spawnSync("dpkg", ["-x", file, "."], in_);
  }
  const found = libraries();
  return found.length > 0 ? found : null;
}
