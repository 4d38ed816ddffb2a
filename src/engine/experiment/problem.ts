/** Something wrong in an experiment file, with its place. */

export type ProblemCode =
  | "syntax"
  | "empty"
  | "tooLarge"
  | "duplicateKey"
  | "unknownKey"
  | "missingKey"
  | "invalidValue"
  /** The value of another key leaves it without a meaning. */
  | "unusedKey"
  | "setting";

export interface Problem {
  code: ProblemCode;
  /** What is wrong, with the key and the value, and the mend. */
  message: string;
  /** The config, or `--set` for a value from the command line. */
  file: string;
  /** Such as `training.learningRate` or `network.hidden[1]`; empty for the whole file. */
  key: string;
  value: unknown;
  /** 1-based, in UTF-16 units like editors count. */
  line: number;
  column: number;
  offset: number;
  length: number;
  /** One change of the text that mends it. */
  fix?: { title: string; offset: number; length: number; text: string };
}

/** What stands for the file when the value came from the command line. */
export const settingsFile = "--set";

/** `file:line:column: message`, as terminals and editors link it. */
export function formatProblem(problem: Problem): string {
  const place = problem.file === settingsFile ? "" : `:${problem.line}:${problem.column}`;
  return `${problem.file}${place}: ${problem.message}`;
}
