// Runs in the page, in place of VS Code: records what the data set page says, and sends it invented data sets.
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
  messagesOf: (state) => states[state](),
};
