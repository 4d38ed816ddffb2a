// Runs in the page, in place of VS Code: records what the dashboard says, and answers nothing but what it asks for figures.
import { frameOf, picturesFrom, states, unitsOf, windowOf } from "./states.ts";

const posted = [];
let shownRun = null;
const prepared = new Map();
/** What VS Code would keep over a reload. */
const kept = "remembered";

globalThis.acquireVsCodeApi = () => ({
  postMessage: (message) => {
    posted.push(message);
    if (message.action === "units" && globalThis.harness.answersUnits) answerUnits(message);
    if (message.action === "pictures") answerPictures(message);
    if (message.type === "window") setTimeout(() => globalThis.harness.send(windowOf(shownRun, message.window)));
  },
  setState: (state) => sessionStorage.setItem(kept, JSON.stringify(state)),
  getState: () => JSON.parse(sessionStorage.getItem(kept) ?? "null") ?? undefined,
});

globalThis.harness = {
  posted,
  answersUnits: true,
  /** Gets the pictures that were invented; what it returns is answered, an error as one. */
  pictures: (invented) => invented,
  remembered: () => JSON.parse(sessionStorage.getItem(kept) ?? "null"),
  send: (message) => {
    if (message.run) shownRun = message.run;
    window.dispatchEvent(new MessageEvent("message", { data: message }));
  },
  show: (state) => {
    for (const message of states[state]()) globalThis.harness.send(message);
  },
  messagesOf: (state) => states[state](),
  shownRun: () => shownRun,
  framesOf: frameOf,
  prepareUnits: (steps) => {
    for (const step of steps) prepared.set(step, unitsOf(shownRun, step));
  },
};

function answerPictures({ id, from }) {
  const respond = (rest) => setTimeout(() => globalThis.harness.send({ type: "response", id, ...rest }));
  try {
    respond({ ok: true, pictures: globalThis.harness.pictures(picturesFrom(shownRun, from)) });
  } catch (error) {
    respond({ ok: false, message: error.message });
  }
}

function answerUnits({ id, step }) {
  const units = prepared.get(step) ?? unitsOf(shownRun, step);
  setTimeout(() => globalThis.harness.send({ type: "response", id, ok: true, units }));
}
