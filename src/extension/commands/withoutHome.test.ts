import { expect, test } from "vitest";
import { withoutHome } from "./withoutHome.js";

test("the home folder becomes ~, also where it is written as JSON", () => {
  expect(withoutHome('in /home/ada/x and ["/home/ada/y"]', "/home/ada")).toBe('in ~/x and ["~/y"]');
  expect(withoutHome('C:\\Users\\ada\\x ["C:\\\\Users\\\\ada\\\\y"]', "C:\\Users\\ada")).toBe('~\\x ["~\\\\y"]');
});

test("a home that is the root is left alone", () => {
  expect(withoutHome("/data/x", "/")).toBe("/data/x");
});
