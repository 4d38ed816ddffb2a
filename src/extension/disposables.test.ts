import { expect, test } from "vitest";
import { Disposables } from "./disposables.js";

test("disposes in reverse order, once", () => {
  const order: number[] = [];
  const all = new Disposables();
  for (const n of [1, 2, 3]) all.add({ dispose: () => order.push(n) });
  all.dispose();
  all.dispose();
  expect(order).toEqual([3, 2, 1]);
});

test("what is added after the end is disposed at once", () => {
  const all = new Disposables();
  all.dispose();
  let disposed = false;
  all.add({
    dispose: () => {
      disposed = true;
    },
  });
  expect(disposed).toBe(true);
});
