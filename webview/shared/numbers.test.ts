import { expect, it } from "vitest";
import { epochInProgress } from "../../src/common/format.js";
import { compact, counted, powerOfTen, smallPercent } from "./numbers.js";

it("keeps very small figures readable", () => {
  expect([0, -0, 0.5, -0.0123, 0.0001234, 12_345_678].map(compact)).toEqual([
    "0",
    "0",
    "0.5",
    "-0.0123",
    "1.23e-4",
    "1.23e7",
  ]);
});

it("shows shares from one in a million to all", () => {
  expect([0, 0.0001, 0.00133, 0.25, 0.9876, 1].map(smallPercent)).toEqual([
    "0 %",
    "0.01 %",
    "0.13 %",
    "25 %",
    "98.8 %",
    "100 %",
  ]);
});

it("raises ten", () => {
  expect([-4, -12, 0, 3].map(powerOfTen)).toEqual(["10⁻⁴", "10⁻¹²", "1", "10³"]);
});

it("counts one and many", () => {
  expect([counted(1, "{0} unit", "{0} units"), counted(1200, "{0} unit", "{0} units")]).toEqual([
    "1 unit",
    "1,200 units",
  ]);
});

it("names the epoch in progress of a live run, and the epochs completed of any other", () => {
  const at = (epoch: number, live: boolean) => epochInProgress({ epoch, epochs: 30 }, live);
  expect([at(0, true), at(0.4, true), at(1, true), at(29.9, true), at(30, true)]).toEqual([1, 1, 2, 30, 30]);
  expect([at(0.4, false), at(6.2, false), at(30, false)]).toEqual([0, 6, 30]);
});
