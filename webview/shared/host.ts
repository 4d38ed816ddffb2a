/** The way to the extension host: messages in, requests out. A webview has one host, and can ask VS Code for it only once. */
import type { FromDashboard, Response } from "../../src/common/messages.js";

interface VsCodeApi {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
  getState(): unknown;
}

type Done = Extract<Response, { ok: true }>;

declare function acquireVsCodeApi(): VsCodeApi;

/**
 * @typeParam Request what the view may ask of the host
 * @typeParam Incoming everything the host sends, responses included
 * @typeParam Said what the view tells the host without an answer
 */
export class Host<
  Request extends { action: string },
  Incoming extends { type: string },
  Said = Exclude<FromDashboard, { type: "request" }>,
> {
  private readonly api = acquireVsCodeApi();
  private readonly waiting = new Map<number, { resolve: (response: Done) => void; reject: (error: Error) => void }>();
  private lastId = 0;

  /** @param receive gets every message that is not the response to a request */
  constructor(private readonly receive: (message: Exclude<Incoming, Response>) => void) {
    window.addEventListener("message", (event: MessageEvent<Incoming | Response>) => this.handle(event.data));
  }

  /** What the host does not answer. */
  say(message: Said): void {
    this.api.postMessage(message);
  }

  /** Resolves when the host has done it. @throws Error with the host's words when it could not */
  request(request: Request): Promise<Done> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.api.postMessage({ type: "request", id, ...request });
    });
  }

  /** Kept by VS Code while the view is hidden or the window reloads. */
  remember(state: object): void {
    this.api.setState(state);
  }

  /** What was last remembered, in this view's life or before; anything, since another version may have written it. */
  recall(): unknown {
    return this.api.getState();
  }

  private handle(message: Incoming | Response): void {
    if (!isResponse(message)) {
      this.receive(message as Exclude<Incoming, Response>);
      return;
    }
    const request = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.ok) request?.resolve(message);
    else request?.reject(new Error(message.message));
  }
}

function isResponse(message: { type: string }): message is Response {
  return message.type === "response";
}
