import { expect, test } from "vitest";
import { receivedFromUnitPage } from "./unitMessage.js";

const request = (rest: object) => receivedFromUnitPage({ type: "request", id: 1, ...rest });
const unknown = { type: "unknownRequest", id: 1 };

test("a page that listens may remember where it was", () => {
  const trail = { back: [], here: { layer: 2, unit: 7 }, ahead: [] };
  expect(receivedFromUnitPage({ type: "ready", trail })).toEqual({ type: "ready", trail });
  expect(receivedFromUnitPage({ type: "ready", trail: { here: "/etc/passwd" } })).toEqual({
    type: "ready",
    trail: null,
  });
});

test("units are asked for by layer and number, keys by one of those that mend", () => {
  expect(request({ action: "openUnit", layer: 1, unit: 0 })).toEqual({
    type: "request",
    id: 1,
    action: "openUnit",
    layer: 1,
    unit: 0,
  });
  for (const rest of [{ layer: 0, unit: 0 }, { layer: 1, unit: -1 }, { layer: "1", unit: 0 }, { layer: 1 }])
    expect(request({ action: "openUnit", ...rest })).toEqual(unknown);
  expect(request({ action: "revealKey", key: "training.l1" })).toEqual({
    type: "request",
    id: 1,
    action: "revealKey",
    key: "training.l1",
  });
  for (const key of ["layerBelow", "__proto__", "dataset.folder", undefined])
    expect(request({ action: "revealKey", key })).toEqual(unknown);
});

test("only known actions are obeyed, and only what they need is taken over", () => {
  expect(request({ action: "nextDead", folder: "/etc" })).toEqual({ type: "request", id: 1, action: "nextDead" });
  expect(request({ action: "toString" })).toEqual(unknown);
  for (const message of [null, "ready", { type: "request", action: "next" }, { type: "request", id: "1" }])
    expect(receivedFromUnitPage(message)).toBeNull();
});
