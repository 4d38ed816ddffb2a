/** The results of the paper that a sweep can name. Imports nothing, so that small bundles stay small. */

export const studyIds = [
  "table1-mnist",
  "table1-cifar10",
  "table1-nistp",
  "table1-norb",
  "softplus-sharpness",
  "figure3",
  "figure4",
  "opentable",
  "amazon",
] as const;
export type StudyId = (typeof studyIds)[number];
