// Runs in a page, in place of VS Code: records what the page says, and sends it invented messages, by the name of a state.
export function actAsVsCode(states) {
  const posted = [];
  const kept = "remembered";
  const send = (message) => window.dispatchEvent(new MessageEvent("message", { data: message }));
  globalThis.acquireVsCodeApi = () => ({
    postMessage: (message) => posted.push(message),
    setState: (state) => sessionStorage.setItem(kept, JSON.stringify(state)),
    getState: () => JSON.parse(sessionStorage.getItem(kept) ?? "null") ?? undefined,
  });
  globalThis.harness = {
    posted,
    remembered: () => JSON.parse(sessionStorage.getItem(kept) ?? "null"),
    send,
    show: (state) => {
      for (const message of states[state]()) send(message);
    },
    messagesOf: (state) => states[state](),
  };
}
