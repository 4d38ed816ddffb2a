import { expect, test } from "vitest";
import { contrastRatio, legible } from "./contrast.js";

test("ratios as WCAG gives them", () => {
  expect(contrastRatio("#000", "#ffffff")).toBeCloseTo(21, 5);
  expect(contrastRatio("rgb(255, 255, 255)", "#fff")).toBeCloseTo(1, 5);
  expect(contrastRatio("#777777ff", "#ffffff")).toBeCloseTo(4.48, 2);
  expect(contrastRatio("color-mix(in srgb, red, blue)", "#fff")).toBeNull();
});

test("a theme's colour is kept where it stands out, and replaced where it does not", () => {
  // the dark brown that a dark theme of VS Code gives as orange
  expect(legible("#1f1f1f", "#613214", "#d18616", "#cccccc")).toBe("#d18616");
  expect(legible("#ffffff", "#b5641b", "#d18616")).toBe("#b5641b");
  expect(legible("#ffffff", "#eeeeee", "#dddddd", "#cccccc")).toBe("#cccccc");
});
