// Runs in the page, in place of VS Code: answers nothing by itself, records what the dashboard says.
import { states } from "./states.ts";

const posted = [];
let remembered = null;

globalThis.acquireVsCodeApi = () => ({
  postMessage: (message) => posted.push(message),
  setState: (state) => {
    remembered = state;
  },
  getState: () => remembered,
});

globalThis.harness = {
  posted,
  remembered: () => remembered,
  send: (message) => window.dispatchEvent(new MessageEvent("message", { data: message })),
  show: (state) => {
    for (const message of states[state]()) globalThis.harness.send(message);
  },
  messagesOf: (state) => states[state](),
};
