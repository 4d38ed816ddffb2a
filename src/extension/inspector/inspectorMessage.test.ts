import { expect, test } from "vitest";
import { filesOfState, receivedFromInspectorPage } from "./inspectorMessage.js";

test("messages of the protocol pass", () => {
  expect(receivedFromInspectorPage({ type: "ready", more: 1 })).toEqual({ type: "ready" });
  expect(receivedFromInspectorPage({ type: "request", id: 3, action: "cancel", kind: "csv" })).toEqual({
    type: "request",
    id: 3,
    action: "cancel",
  });
  const request = { type: "request", id: 4, action: "export", kind: "json", text: "[]" };
  expect(receivedFromInspectorPage(request)).toEqual(request);
});

test.each([
  { action: "export", kind: "exe", text: "" },
  { action: "export", kind: "csv", text: 7 },
  { action: "constructor" },
  {},
])("what is not known is still answered: %j", (request) => {
  expect(receivedFromInspectorPage({ type: "request", id: 1, ...request })).toEqual({ type: "unknownRequest", id: 1 });
});

test.each([undefined, null, 7, "ready", [], {}, { type: "show" }, { type: "request", id: 1.5, action: "cancel" }])(
  "what is no message is dropped: %j",
  (message) => {
    expect(receivedFromInspectorPage(message)).toBeNull();
  },
);

test("a comparison's files come back, and nothing else does", () => {
  expect(filesOfState({ files: ["/a", "/b"], sort: 1 })).toEqual(["/a", "/b"]);
  for (const state of [
    null,
    {},
    { files: ["/a"] },
    { files: ["/a", 1] },
    { files: ["/a", "b\0"] },
    { files: ["", "/b"] },
  ])
    expect(filesOfState(state)).toBeNull();
});
