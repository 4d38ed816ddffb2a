import { expect, test } from "vitest";
import { folderOfState, receivedFromDashboard } from "./dashboardMessage.js";

test("messages of the protocol pass", () => {
  const window = { range: null, points: 240, layers: true };
  expect(receivedFromDashboard({ type: "ready", window })).toEqual({ type: "ready", window });
  const zoomed = { range: [1.5, 2], points: 1, layers: false };
  expect(receivedFromDashboard({ type: "window", window: zoomed })).toEqual({ type: "window", window: zoomed });
  expect(receivedFromDashboard({ type: "drawn" })).toEqual({ type: "drawn" });
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
  { type: "ready" },
  { type: "window", window: null },
  { type: "window", window: { range: null, points: 1e9, layers: true } },
  { type: "window", window: { range: null, points: 2.5, layers: true } },
  { type: "window", window: { range: [0, "1"], points: 240, layers: true } },
  { type: "window", window: { range: [0, 1, 2], points: 240, layers: true } },
  { type: "window", window: { range: null, points: 240 } },
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

test("units of a layer's pre-training are asked for by layer as well, pictures by the filter they begin with", () => {
  const units = { type: "request", id: 1, action: "units", step: 40 };
  expect(receivedFromDashboard({ ...units, layer: 2 })).toEqual({ ...units, layer: 2 });
  for (const layer of [0, -1, 1.5, "2", null])
    expect(receivedFromDashboard({ ...units, layer })).toEqual({ type: "unknownRequest", id: 1 });
  const pictures = { type: "request", id: 1, action: "pictures" };
  expect(receivedFromDashboard({ ...pictures, from: 72 })).toEqual({ ...pictures, from: 72 });
  for (const from of [undefined, -1, 0.5, "0"])
    expect(receivedFromDashboard({ ...pictures, from })).toEqual({ type: "unknownRequest", id: 1 });
});

test("a unit's page is asked for by layer and number", () => {
  const request = { type: "request", id: 1, action: "openUnit" };
  expect(receivedFromDashboard({ ...request, layer: 3, unit: 0 })).toEqual({ ...request, layer: 3, unit: 0 });
  for (const rest of [
    { layer: 0, unit: 0 },
    { layer: 1, unit: -1 },
    { layer: "1", unit: 0 },
    { layer: 1 },
    { unit: 1 },
  ])
    expect(receivedFromDashboard({ ...request, ...rest })).toEqual({ type: "unknownRequest", id: 1 });
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
