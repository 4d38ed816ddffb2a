/** One request for one file: redirects followed with care, and an end to waiting for a server that says nothing. */
import { DownloadError } from "./downloadError.js";

export type Fetch = (address: string, init: RequestInit) => Promise<Response>;

export interface RequestOptions {
  fetch: Fetch;
  /** How long to wait for the next byte, or the first. */
  silenceMs: number;
  signal: AbortSignal;
  headers: Record<string, string>;
  /** The local file that it is for, for errors. */
  file: string;
}

export interface Answer {
  /** 200, 206 or 416; everything else is an error. */
  status: 200 | 206 | 416;
  headers: Headers;
  /** What comes, piece by piece. */
  pieces: AsyncIterable<Uint8Array>;
  /** To be called in the end, whether or not everything was read. */
  close(): void;
}

const mostRedirects = 5;

/**
 * @throws DownloadError cancelled, unreachable, serverSilent, serverRefused, badRedirect; while reading the pieces also
 *   connectionCut
 */
export async function requestFile(address: string, options: RequestOptions): Promise<Answer> {
  const { file, signal } = options;
  const silence = new Silence(options.silenceMs, signal);
  const failed = (error: unknown, otherwise: "unreachable" | "connectionCut") => {
    if (error instanceof DownloadError) return error;
    if (signal.aborted) return new DownloadError("The download was cancelled.", { code: "cancelled", file });
    if (silence.expired)
      return new DownloadError(`nothing came for ${options.silenceMs / 1000} s`, {
        code: "serverSilent",
        file,
        address,
      });
    const what = otherwise === "unreachable" ? "cannot be reached" : "the connection was cut";
    return new DownloadError(`${what} (${causeOf(error)})`, { code: otherwise, file, address });
  };
  let response: Response;
  try {
    response = await follow(address, options, silence.signal);
    checkAnswer(response, address, file);
  } catch (error) {
    silence.end();
    throw failed(error, "unreachable");
  }

  async function* pieces(): AsyncGenerator<Uint8Array> {
    try {
      silence.restart();
      for await (const piece of response.body ?? []) {
        silence.pause(); // the disk's time is not the server's
        yield piece;
        if (signal.aborted) throw signal.reason;
        silence.restart();
      }
    } catch (error) {
      throw failed(error, "connectionCut");
    }
  }
  return {
    status: response.status as Answer["status"],
    headers: response.headers,
    pieces: pieces(),
    close: () => silence.end(),
  };
}

/** Ends a request when the person cancels it, or when nothing has happened for too long. */
class Silence {
  private readonly controller = new AbortController();
  private readonly cancel = () => this.controller.abort(this.outer.reason);
  private timer: NodeJS.Timeout | undefined;
  expired = false;

  constructor(
    private readonly milliseconds: number,
    private readonly outer: AbortSignal,
  ) {
    if (outer.aborted) this.cancel();
    outer.addEventListener("abort", this.cancel);
    this.restart();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  restart(): void {
    this.pause();
    this.timer = setTimeout(() => {
      this.expired = true;
      this.controller.abort();
    }, this.milliseconds);
  }

  pause(): void {
    clearTimeout(this.timer);
  }

  /** Also closes the connection, if there still is one. */
  end(): void {
    this.pause();
    this.outer.removeEventListener("abort", this.cancel);
    this.controller.abort();
  }
}

async function follow(address: string, options: RequestOptions, signal: AbortSignal): Promise<Response> {
  const headers = { ...options.headers, "accept-encoding": "identity" };
  let current = address;
  for (let redirects = 0; ; redirects++) {
    const response = await options.fetch(current, { redirect: "manual", headers, signal });
    if (![301, 302, 303, 307, 308].includes(response.status)) return response;
    const location = response.headers.get("location");
    await response.body?.cancel();
    const refuse = (what: string) =>
      new DownloadError(`${what}, which is not followed`, { code: "badRedirect", file: options.file, address });
    if (location === null) throw refuse(`answers ${response.status} without saying where to go`);
    if (redirects === mostRedirects) throw refuse(`redirects more than ${mostRedirects} times`);
    const next = URL.canParse(location, current) ? new URL(location, current) : null;
    if (!next || !isAllowedTarget(next, new URL(current))) throw refuse(`redirects to ${location}`);
    current = next.href;
  }
}

/** https; http only within this machine, so that no page outside can lead to what listens here. */
function isAllowedTarget(next: URL, current: URL): boolean {
  if (isThisMachine(next)) return isThisMachine(current) && /^https?:$/.test(next.protocol);
  return next.protocol === "https:";
}

function isThisMachine({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function checkAnswer({ status, statusText, headers }: Response, address: string, file: string): void {
  const refused = (what: string) => new DownloadError(what, { code: "serverRefused", file, address });
  if (![200, 206, 416].includes(status)) throw refused(`answers ${`${status} ${statusText}`.trim()}`);
  const encoding = headers.get("content-encoding") ?? "identity";
  if (encoding !== "identity")
    throw refused(`sends the file with Content-Encoding ${encoding}, which it was asked not to`);
}

/** The innermost reason that is given: fetch itself only says that it failed. */
function causeOf(error: unknown): string {
  const { cause, code, message } = error as { cause?: unknown; code?: string; message?: string };
  if (cause) return causeOf(cause);
  return message && code && !message.includes(code) ? `${code}: ${message}` : message || code || String(error);
}
