import { expect, test } from "vitest";
import { receivedFromSweepPage } from "./sweepMessage.js";

test("messages are taken for what they are, and everything else is not", () => {
  expect(receivedFromSweepPage({ type: "ready", more: 1 })).toEqual({ type: "ready" });
  const request = (rest: object) => receivedFromSweepPage({ type: "request", id: 1, ...rest });
  expect(request({ action: "stop", number: 3 })).toEqual({ type: "request", id: 1, action: "stop" });
  expect(request({ action: "openTrial", number: 3 })).toEqual({
    type: "request",
    id: 1,
    action: "openTrial",
    number: 3,
  });
  for (const rest of [
    {},
    { action: "rm" },
    { action: "openTrial" },
    { action: "openTrial", number: 0.5 },
    { action: "openTrial", number: "1" },
  ])
    expect(request(rest)).toEqual({ type: "unknownRequest", id: 1 });
  for (const message of [null, 3, "ready", {}, { type: "request" }, { type: "request", id: "1", action: "stop" }])
    expect(receivedFromSweepPage(message)).toBeNull();
});
