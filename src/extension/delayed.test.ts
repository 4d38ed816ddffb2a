import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Delayed } from "./delayed.js";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function counted() {
  let runs = 0;
  return {
    delayed: new Delayed(100, () => {
      runs++;
    }),
    runs: () => runs,
  };
}

test("restart waits for quiet", () => {
  const { delayed, runs } = counted();
  for (let i = 0; i < 10; i++) {
    delayed.restart();
    vi.advanceTimersByTime(60);
  }
  expect(runs()).toBe(0);
  vi.advanceTimersByTime(40);
  expect(runs()).toBe(1);
});

test("ensure does not starve", () => {
  const { delayed, runs } = counted();
  for (let i = 0; i < 10; i++) {
    delayed.ensure();
    vi.advanceTimersByTime(60);
  }
  expect(runs()).toBe(5);
});

test("nothing runs after cancel or dispose", () => {
  const { delayed, runs } = counted();
  delayed.ensure();
  delayed.cancel();
  vi.advanceTimersByTime(200);
  delayed.ensure();
  delayed.dispose();
  delayed.ensure();
  vi.advanceTimersByTime(200);
  expect(runs()).toBe(0);
});
