/** What the page of a data set shows, and the messages between it and the extension host. */
import type { Response } from "./messages.js";
import type { SetName } from "./run.js";

export interface DatasetFile {
  name: string;
  bytes: number;
  /** Hexadecimal. */
  sha256: string;
  /** Whether these are the published bytes; null where none are known. */
  verified: boolean | null;
}

export interface DatasetClass {
  name: string;
  /** Examples in each part, in the order of `parts`. */
  counts: number[];
}

export interface DatasetSummary {
  /** Folder. */
  origin: string;
  sha256: string;
  dimension: number;
  /** [rows, columns]; planes lie one below the other. */
  imageShape: readonly [number, number] | null;
  planes: number;
  /** Those with labels first. */
  parts: { name: SetName | "unlabelled"; n: number }[];
  classes: DatasetClass[];
  /** Of all values of the training set. */
  zeros: number;
  least: number;
  greatest: number;
  /** The first of many, and how many there are. */
  files: DatasetFile[];
  fileCount: number;
  bytes: number;
  /** Of images: by class a few training examples, each its values as 0…255 in base64. */
  samples: string[][] | null;
  /** Of texts: the most frequent, with the share of training examples that have it. */
  terms: { term: string; share: number }[] | null;
}

/** What is told of a data set before it is read. */
export interface DatasetHead {
  title: string;
  /** Such as "mnist". */
  name: string;
  licence: string | null;
  about: string | null;
  /** Config that describes it; null for a known one. */
  config: string | null;
  /** "Download MNIST (11.6 MB)…"; null where it cannot be downloaded, or need not. */
  download: string | null;
}

export type ToDatasetPage =
  | { type: "dataset"; head: DatasetHead; summary: DatasetSummary }
  /** It is being read. */
  | { type: "reading"; head: DatasetHead }
  /** It is not on this machine. */
  | { type: "missing"; head: DatasetHead; message: string }
  | { type: "failed"; head: DatasetHead; message: string }
  | Response;

export const datasetActions = ["download", "openConfig", "train", "revealFolder", "copyPath", "refresh"] as const;
export type DatasetAction = (typeof datasetActions)[number];

export interface DatasetRequest {
  action: DatasetAction;
}

export type FromDatasetPage = { type: "ready" } | ({ type: "request"; id: number } & DatasetRequest);
