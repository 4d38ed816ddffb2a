/** A web server on this machine and small data sets on it, for tests. */
import { createHash } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import type { DownloadSource } from "./sources.js";

export interface Seen {
  path: string;
  headers: http.IncomingHttpHeaders;
}

/** @returns true when it has answered; otherwise the file is sent as it should be */
export type Behaviour = (request: http.IncomingMessage, response: http.ServerResponse, file: Uint8Array) => boolean;

export class TestServer {
  readonly seen: Seen[] = [];
  private readonly files = new Map<string, Uint8Array>();
  private readonly server = http.createServer((request, response) => this.answer(request, response));
  behaviour: Behaviour = () => false;

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** A data set with these uncompressed files; each home is a folder of this server with all of them. */
  publish(files: Record<string, Uint8Array>, homes: string[] = ["/home/"]): DownloadSource {
    const packed = Object.entries(files).map(([name, bytes]) => ({ name, bytes, gzip: gzipSync(bytes, { level: 1 }) }));
    for (const home of homes) for (const { name, gzip } of packed) this.put(`${home}${name}.gz`, gzip);
    return {
      name: "small",
      title: "Small",
      licence: { name: "None", address: "https://example.org/licence", holders: "Nobody" },
      about: "https://example.org/",
      homes: homes.map((home) => this.origin + home),
      files: packed.map(({ name, bytes, gzip }) => ({
        name,
        bytes: bytes.length,
        sha256: createHash("sha256").update(bytes).digest("hex"),
        compressedBytes: gzip.length,
      })),
    };
  }

  put(path: string, bytes: Uint8Array): void {
    this.files.set(path, bytes);
  }

  /** Of the requests for one file. */
  ranges(name: string): (string | undefined)[] {
    return this.seen.filter(({ path }) => path.endsWith(`${name}.gz`)).map(({ headers }) => headers.range);
  }

  private answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    const path = request.url ?? "";
    this.seen.push({ path, headers: request.headers });
    const file = this.files.get(path) ?? new Uint8Array();
    if (this.behaviour(request, response, file)) return;
    if (!this.files.has(path)) response.writeHead(404).end("There is no such file.");
    else sendFile(request, response, file);
  }
}

/** As static file servers do: with a strong ETag, and from where it is asked to. */
export function sendFile(request: http.IncomingMessage, response: http.ServerResponse, file: Uint8Array): void {
  const etag = etagOf(file);
  const condition = request.headers["if-range"];
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? Number.NaN);
  if (Number.isNaN(start) || (condition !== undefined && condition !== etag)) {
    response.writeHead(200, { "content-length": file.length, etag }).end(file);
  } else if (start >= file.length) {
    response.writeHead(416, { "content-range": `bytes */${file.length}` }).end();
  } else {
    const range = `bytes ${start}-${file.length - 1}/${file.length}`;
    response.writeHead(206, { "content-length": file.length - start, "content-range": range, etag });
    response.end(file.subarray(start));
  }
}

/** Announces the whole file, sends that many bytes, and ends the connection. */
export function sendAndCut(response: http.ServerResponse, file: Uint8Array, bytes: number): true {
  response.writeHead(200, { "content-length": file.length, etag: etagOf(file) });
  response.write(file.subarray(0, bytes), () => setTimeout(() => response.destroy(), 20)); // until they have arrived
  return true;
}

/** Bytes that hardly compress, the same every time. */
export function noise(length: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

function etagOf(file: Uint8Array): string {
  return `"${createHash("sha256").update(file).digest("hex").slice(0, 16)}"`;
}
