/** Which files are experiments, or sweeps of them, as VS Code's patterns. (`experimentSuffix` of the schema says the same, but loads the schema.) */
export const experimentPattern = "**/*.rectiscope.json";
/** Never experiments: packages, and what runs wrote. */
export const notExperiments = "**/{node_modules,.rectiscope}/**";

const suffix = ".rectiscope.json";
const sweepSuffix = ".sweep.rectiscope.json";

/** The name that people know an experiment by: its file's name without the suffix. */
export function experimentName(file: string): string {
  const base = file.replace(/^.*[\\/]/, "");
  return base.endsWith(suffix) ? base.slice(0, -suffix.length) : base;
}

export function isExperiment(file: string): boolean {
  return file.endsWith(suffix) && !isSweep(file);
}

/** Sweeps match the pattern of experiments, too. */
export function isSweep(file: string): boolean {
  return file.endsWith(sweepSuffix);
}

export function experimentFileName(name: string): string {
  return name.endsWith(suffix) ? name : `${name}${suffix}`;
}
