import { expect, it } from "vitest";
import { packUnits, unitColumns } from "../../../src/common/unitFrames.js";
import type { MomentKey } from "../viewState.js";
import { UnitStore } from "./unitStore.js";

it("asks for one step at a time, and of those wanted meanwhile only for the newest", async () => {
  const { store, asked, answer } = fixture();
  for (const step of [1, 2, 3]) expect(store.want(step)).toBeNull();
  expect(asked).toEqual([1]);
  await answer(frame(1));
  expect(asked).toEqual([1, 3]);
  await answer(frame(3));
  expect([store.want(1)?.length, store.want(3)?.length]).toEqual([1, 1]);
  expect(asked).toEqual([1, 3]);
});

it("does not ask for what is no longer wanted", async () => {
  const { store, asked, answer } = fixture();
  store.want(1);
  store.want(2);
  store.want(1);
  await answer(frame(1));
  expect(asked).toEqual([1]);
});

it("keeps an error until asked again", async () => {
  const { store, asked, fail, answer } = fixture();
  store.want(1);
  await fail("gone");
  expect([store.want(1), store.errorAt(1)]).toEqual([null, "gone"]);
  expect(asked).toEqual([1]);
  store.retry(1);
  store.want(1);
  await answer(new ArrayBuffer(8));
  expect(store.errorAt(1)).toMatch(/Not unit figures/);
  expect(asked).toEqual([1, 1]);
});

it("keeps the last eight answers", async () => {
  const { store, asked, answer } = fixture();
  for (let step = 0; step < 9; step++) {
    store.want(step);
    await answer(frame(step));
  }
  expect(store.want(8)).not.toBeNull();
  expect(store.want(0)).toBeNull();
  expect(asked.length).toBe(10);
});

it("drops answers from before a reset", async () => {
  const { store, asked, answer } = fixture();
  store.want(1);
  store.reset();
  await answer(frame(1));
  expect(store.want(1)).toBeNull();
  expect(asked).toEqual([1, 1]);
});

function fixture() {
  const asked: MomentKey[] = [];
  const waiting: { resolve(frame: ArrayBuffer): void; reject(error: Error): void }[] = [];
  const ask = (step: MomentKey) => {
    asked.push(step);
    return new Promise<ArrayBuffer>((resolve, reject) => waiting.push({ resolve, reject }));
  };
  const store = new UnitStore(ask, () => {});
  const settled = () => new Promise((done) => setTimeout(done));
  return {
    store,
    asked,
    answer: async (frame: ArrayBuffer) => {
      waiting.shift()?.resolve(frame);
      await settled();
    },
    fail: async (words: string) => {
      waiting.shift()?.reject(new Error(words));
      await settled();
    },
  };
}

function frame(value: number): ArrayBuffer {
  const columns = Object.fromEntries(unitColumns.map((column) => [column, [value]]));
  return packUnits([{ ...columns, activeUnits: [0, 1] } as unknown as Parameters<typeof packUnits>[0][number]]);
}
