/** What a person is told before anything is downloaded. */
import { megabytes } from "../../common/format.js";
import type { Language } from "../../common/language.js";
import type { RunError } from "../../common/run.js";
import {
  type DownloadableName,
  type DownloadSource,
  downloadBytes,
  downloadSources,
  hostsOf,
  isDownloadable,
  storedBytes,
} from "../../engine/data/sources.js";

/** "Download MNIST (11.6 MB)…" */
export function downloadLabel(source: DownloadSource, { t, locale }: Language): string {
  return t("Download {0} ({1})…", source.title, megabytes(downloadBytes(source), locale));
}

/** "11.6 MB · CC BY-SA 3.0 · ossci-datasets.s3.amazonaws.com" */
export function downloadSummary(source: DownloadSource, { locale }: Language): string {
  return [megabytes(downloadBytes(source), locale), source.licence.name, hostsOf(source)[0]].join(" · ");
}

/** The question, and below it from where, how much, under which licence and where to. */
export function downloadQuestion(
  source: DownloadSource,
  folder: string,
  { t, locale }: Language,
): { question: string; detail: string } {
  const size = megabytes(downloadBytes(source), locale);
  const [first, ...others] = hostsOf(source);
  const from = others.length > 0 ? t("{0}; where that fails, {1}", first ?? "", others.join(", ")) : (first ?? "");
  const { name, holders, address } = source.licence;
  return {
    question: t("Download {0}, {1}, from {2}?", source.title, size, first ?? ""),
    detail: [
      t("From: {0}", from),
      t("Size: {0} to download, {1} on disk", size, megabytes(storedBytes(source), locale)),
      t("Licence: {0}, © {1} ({2})", name, holders, address),
      t("Stored in: {0}", folder),
      t("Every file is compared with its SHA-256 before it counts."),
    ].join("\n"),
  };
}

/** The data set whose download would let a run start that could not; null where something else was wrong. */
export function missingDataset({ code, key, value }: RunError): DownloadableName | null {
  return code === "datasetNotFound" && key === "dataset.name" && isDownloadable(value) ? value : null;
}

/** What to say of a run that could not start for want of it, in place of the error that lists every folder searched. */
export function missingDatasetOffer(error: RunError, language: Language): { message: string; label: string } | null {
  const name = missingDataset(error);
  if (!name) return null;
  const source = downloadSources[name];
  return {
    message: language.t(
      "{0} was not found on this machine. Download it, or say in dataset.folder where it is.",
      source.title,
    ),
    label: downloadLabel(source, language),
  };
}
