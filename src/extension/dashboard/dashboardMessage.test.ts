import { expect, test } from "vitest";
import { folderOfState, receivedFromDashboard } from "./dashboardMessage.js";

test("messages of the protocol pass", () => {
  expect(receivedFromDashboard({ type: "ready" })).toEqual({ type: "ready" });
  expect(receivedFromDashboard({ type: "request", id: 3, action: "stop" })).toEqual({
    type: "request",
    id: 3,
    action: "stop",
  });
});

test.each([
  undefined,
  null,
  7,
  "ready",
  [],
  {},
  { type: "request" },
  { type: "request", id: "1", action: "stop" },
  { type: "request", id: Number.NaN, action: "stop" },
  { type: "snapshot", folder: "/etc" },
])("%j is ignored", (message) => {
  expect(receivedFromDashboard(message)).toBeNull();
});

test.each(["erase", "toString", "__proto__", undefined, { action: "stop" }])(
  "action %j is answered, not obeyed",
  (action) => {
    expect(receivedFromDashboard({ type: "request", id: 1, action })).toEqual({ type: "unknownRequest", id: 1 });
  },
);

test("units are asked for by step", () => {
  const request = { type: "request", id: 1, action: "units" };
  expect(receivedFromDashboard({ ...request, step: 40 })).toEqual({ ...request, step: 40 });
  for (const step of [undefined, -1, 0.5, "40", "../../etc/passwd", Number.POSITIVE_INFINITY])
    expect(receivedFromDashboard({ ...request, step })).toEqual({ type: "unknownRequest", id: 1 });
});

test("only what a request needs is taken over", () => {
  const received = receivedFromDashboard({ type: "request", id: 1, action: "stop", folder: "/etc" });
  expect(received).toEqual({ type: "request", id: 1, action: "stop" });
});

test("state of a webview", () => {
  expect(folderOfState({ folder: "/runs/a" })).toBe("/runs/a");
  for (const state of [undefined, null, "x", {}, { folder: 1 }, { folder: "" }, { folder: "a\0b" }])
    expect(folderOfState(state)).toBeNull();
});
