import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { english } from "../../common/language.js";
import { DataError } from "../../engine/data/dataError.js";
import { loadDataset } from "../../engine/data/registry.js";
import { downloadSources } from "../../engine/data/sources.js";
import {
  downloadLabel,
  downloadQuestion,
  downloadSummary,
  missingDataset,
  missingDatasetOffer,
} from "./downloadOffer.js";

const { mnist } = downloadSources;
const fashion = downloadSources["fashion-mnist"];

it("the question names data set, size and source; below it stand licence, size on disk, mirrors and place", () => {
  expect(downloadQuestion(mnist, "/storage/mnist", english)).toEqual({
    question: "Download MNIST, 11.6 MB, from ossci-datasets.s3.amazonaws.com?",
    detail: `\
From: ossci-datasets.s3.amazonaws.com; where that fails, storage.googleapis.com
Size: 11.6 MB to download, 55.0 MB on disk
Licence: CC BY-SA 3.0, © Yann LeCun and Corinna Cortes (https://creativecommons.org/licenses/by-sa/3.0/)
Stored in: /storage/mnist
Every file is compared with its SHA-256 before it counts.`,
  });
  expect(downloadQuestion({ ...fashion, homes: ["https://a.org/"] }, "/f", english).detail).toMatch(/^From: a\.org\n/);
});

it("numbers are written as the person writes them", () => {
  expect(downloadLabel(mnist, { ...english, locale: "de" })).toBe("Download MNIST (11,6 MB)…");
  expect(downloadSummary(fashion, english)).toBe("30.9 MB · MIT · raw.githubusercontent.com");
});

it("a run that lacks a data set is offered it; no other run is", async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "rectiscope-offer-"));
  try {
    const places = { configFolder: folder, dataFolders: [folder], assets: folder };
    const error = await loadDataset({ name: "mnist-sample", classes: 10 }, places).catch((reason) => reason);
    expect(error).toBeInstanceOf(DataError);
    expect(missingDataset(error)).toBeNull();
    expect(missingDataset({ ...error, value: "mnist" })).toBe("mnist");
    expect(missingDatasetOffer({ ...error, value: "mnist" }, english)).toEqual({
      message: "MNIST was not found on this machine. Download it, or say in dataset.folder where it is.",
      label: "Download MNIST (11.6 MB)…",
    });
    // a folder that the config names does not fill when something is downloaded elsewhere
    const named = await loadDataset({ name: "mnist", classes: 10, folder: "none" }, places).catch((reason) => reason);
    expect(missingDatasetOffer(named, english)).toBeNull();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
