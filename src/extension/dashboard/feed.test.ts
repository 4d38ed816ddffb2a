import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Feed } from "./feed.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function feed() {
  const send = vi.fn();
  return { send, feed: new Feed(50, send) };
}

test("a view that never answers gets one message, whatever happens", () => {
  const { feed: blocked, send } = feed();
  blocked.begin();
  for (let i = 0; i < 10_000; i++) {
    blocked.changed();
    vi.advanceTimersByTime(20);
  }
  expect(send).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
  blocked.drawn();
  expect(send).toHaveBeenCalledTimes(2);
});

test("a view that draws at once gets 20 messages a second, and the last change", () => {
  const { feed: quick, send } = feed();
  quick.begin();
  for (let i = 0; i < 1000; i++) {
    quick.changed();
    quick.drawn();
    vi.advanceTimersByTime(1);
  }
  expect(send).toHaveBeenCalledTimes(1 + 1000 / 50);
  quick.drawn();
  quick.changed();
  vi.advanceTimersByTime(50);
  expect(send).toHaveBeenCalledTimes(2 + 1000 / 50);
});

test("nothing is sent without a change, nor after the end", () => {
  const { feed: quiet, send } = feed();
  quiet.begin();
  quiet.drawn();
  vi.advanceTimersByTime(1000);
  quiet.drawn();
  expect(send).toHaveBeenCalledTimes(1);
  quiet.changed();
  quiet.changed();
  quiet.dispose();
  quiet.drawn();
  vi.advanceTimersByTime(1000);
  expect(send).toHaveBeenCalledTimes(2);
});

test("a page that was loaded anew is served though the old one owes an answer", () => {
  const { feed: moved, send } = feed();
  moved.begin();
  vi.advanceTimersByTime(50);
  moved.begin();
  expect(send).toHaveBeenCalledTimes(2);
});
