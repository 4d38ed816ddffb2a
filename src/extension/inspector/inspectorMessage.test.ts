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

test("a probe names an experiment, a set and a number of examples", () => {
  const probe = { type: "request", id: 5, action: "probe", config: "/a.rectiscope.json", set: "valid", n: 7 };
  expect(receivedFromInspectorPage({ ...probe, kind: "csv" })).toEqual(probe);
  expect(receivedFromInspectorPage({ ...probe, n: null })).toEqual({ ...probe, n: null });
  for (const wrong of [
    { config: "" },
    { config: "/a\0" },
    { set: "all" },
    { n: 0 },
    { n: 1.5 },
    { n: "7" },
    { n: undefined },
  ])
    expect(receivedFromInspectorPage({ ...probe, ...wrong })).toEqual({ type: "unknownRequest", id: 5 });
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
