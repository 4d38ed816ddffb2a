import { expect, test } from "vitest";
import { RunQueue } from "./runQueue.js";

function queue(slots: number) {
  const started: string[] = [];
  const limit = { slots };
  const runs = new RunQueue<{ folder: string }>(
    () => limit.slots,
    ({ folder }) => started.push(folder),
  );
  return { runs, started, limit };
}

test("starts what there is room for, and the others in their order", () => {
  const { runs, started } = queue(2);
  expect(["a", "b", "c", "d"].map((folder) => runs.add({ folder }))).toEqual([true, true, false, false]);
  expect(runs.items.map(({ folder }) => folder)).toEqual(["c", "d"]);
  runs.release();
  expect(started).toEqual(["a", "b", "c"]);
  runs.release();
  runs.release();
  expect(started).toEqual(["a", "b", "c", "d"]);
});

test("one that is taken out is not started", () => {
  const { runs, started } = queue(1);
  for (const folder of ["a", "b", "c"]) runs.add({ folder });
  expect(runs.remove("b")?.folder).toBe("b");
  expect(runs.remove("b")).toBeUndefined();
  expect(runs.remove("a")).toBeUndefined();
  runs.release();
  expect(started).toEqual(["a", "c"]);
});

test("more slots count at once, fewer when something ends", () => {
  const { runs, started, limit } = queue(1);
  for (const folder of ["a", "b", "c", "d"]) runs.add({ folder });
  limit.slots = 3;
  runs.fill();
  expect(started).toEqual(["a", "b", "c"]);
  limit.slots = 1;
  runs.release();
  runs.release();
  expect(started).toHaveLength(3);
  runs.release();
  expect(started).toEqual(["a", "b", "c", "d"]);
});
