import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { noise, TestServer } from "../engine/data/downloadFixture.js";
import { type DownloadSource, downloadSources } from "../engine/data/sources.js";
import { downloadCommand, offer } from "./download.js";

const server = new TestServer();
let folder: string;
let source: DownloadSource;
let [out, err] = ["", ""];

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "rectiscope-download-"));
  await server.start();
  source = server.publish({ "train-images-idx3-ubyte": noise(200_000, 1), "train-labels-idx1-ubyte": noise(10, 2) });
  [out, err] = ["", ""];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += text;
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += text;
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  server.behaviour = () => false;
  server.seen.length = 0;
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const command = (more: object, answer?: string) =>
  downloadCommand(
    { name: "small", to: folder, own: false, yes: false, json: false, ...more },
    answer === undefined ? null : async () => answer,
    source,
  );

it("an offer names source, size, licence and place", () => {
  expect(offer(downloadSources.mnist, "/sets/mnist").join("\n")).toBe(`\
MNIST (http://yann.lecun.com/exdb/mnist/)
  from      ossci-datasets.s3.amazonaws.com; where that fails, storage.googleapis.com
  size      11.6 MB to download, 55.0 MB on disk
  licence   CC BY-SA 3.0, © Yann LeCun and Corinna Cortes (https://creativecommons.org/licenses/by-sa/3.0/)
  to        /sets/mnist`);
});

it("asks before anything is fetched, and takes anything but yes for no", async () => {
  for (const answer of ["", "n", "yesterday"]) expect(await command({}, answer)).toBe(0);
  expect(server.seen).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
  expect(err).toMatch(/from {6}127\.0\.0\.1.*\n {2}size.*\n {2}licence[\s\S]*Nothing was downloaded\./);
  expect(await command({}, " Y ")).toBe(0);
  expect(out).toBe(`Small is in ${path.join(folder, "small")}.\n`);
});

it("fetches nothing where there is nobody to ask, unless told to", async () => {
  await expect(command({})).rejects.toMatchObject({ code: "notConfirmed", message: expect.stringMatching(/--yes/) });
  expect(server.seen).toEqual([]);
  expect(await command({ yes: true, json: true })).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ name: "small", folder: path.join(folder, "small"), downloaded: true });
  expect(err).toMatch(/train-images-idx3-ubyte\.gz · 0\.0 MB of 0\.2 MB/);
});

it("says without asking that it is there already", async () => {
  await command({ yes: true });
  out = "";
  expect(await command({ json: true })).toBe(0);
  const { downloaded, files } = JSON.parse(out);
  expect(downloaded).toBe(false);
  expect(files.map(({ file }: { file: string }) => existsSync(file))).toEqual([true, true]);
});

it("is ended by SIGINT, with 130 and what came so far", async () => {
  server.behaviour = (_, response, file) => {
    response.writeHead(200, { "content-length": file.length }).write(file.subarray(0, 1000));
    process.emit("SIGINT", "SIGINT");
    return true;
  };
  expect(await command({ yes: true, json: true })).toBe(130);
  expect(err).toMatch(/Cancelled.*the same command goes on/);
  expect(JSON.parse(out)).toMatchObject({ error: { code: "cancelled" } });
  server.behaviour = () => false;
  expect(await command({ yes: true })).toBe(0);
});

it("knows which there are", async () => {
  await expect(
    downloadCommand({ name: "cifar", to: folder, own: false, yes: true, json: false }, null),
  ).rejects.toMatchObject({
    code: "unknownDataset",
    message: expect.stringMatching(/"cifar".*mnist, fashion-mnist, sentiment-sentences/),
  });
});
