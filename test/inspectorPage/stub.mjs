// Runs in the page, in place of VS Code: records what the inspector says, and sends it invented models.
import { states } from "./states.ts";

const posted = [];
const kept = "remembered";

globalThis.acquireVsCodeApi = () => ({
  postMessage: (message) => posted.push(message),
  setState: (state) => sessionStorage.setItem(kept, JSON.stringify(state)),
  getState: () => JSON.parse(sessionStorage.getItem(kept) ?? "null") ?? undefined,
});

globalThis.harness = {
  posted,
  remembered: () => JSON.parse(sessionStorage.getItem(kept) ?? "null"),
  send: (message) => window.dispatchEvent(new MessageEvent("message", { data: message })),
  show: (state) => {
    for (const message of states[state]()) globalThis.harness.send(message);
  },
};
