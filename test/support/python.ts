/** A Python with PyTorch, where there is one. */
import { spawnSync } from "node:child_process";

/** PyTorch may be installed for the system's Python while another is first on the path. */
export function pythonWithTorch(): string | null {
  const candidates = [process.env.PYTHON, "python3", "/usr/bin/python3", "python"];
  return (
    candidates.find((name) => name && spawnSync(name, ["-c", "import torch"], { stdio: "ignore" }).status === 0) ?? null
  );
}
