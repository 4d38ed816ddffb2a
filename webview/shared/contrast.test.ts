import { expect, test } from "vitest";
import { contrastRatio, legible } from "./contrast.js";

test("ratios as WCAG gives them", () => {
  expect(contrastRatio("#000", "#ffffff")).toBeCloseTo(21, 5);
  expect(contrastRatio("rgb(255, 255, 255)", "#fff")).toBeCloseTo(1, 5);
  expect(contrastRatio("#777777ff", "#ffffff")).toBeCloseTo(4.48, 2);
  // translucent: half of white on black is a middle grey
  expect(contrastRatio("#ffffff80", "#000")).toBeCloseTo(contrastRatio("#808080", "#000") as number, 1);
  expect(contrastRatio("rgba(255, 255, 255, 0.5)", "#000")).toBeCloseTo(5.28, 1);
  expect(contrastRatio("rgba(234, 92, 0, 0.33)", "#1f1f1f")).toBeLessThan(2.5);
  expect(contrastRatio("color-mix(in srgb, red, blue)", "#fff")).toBeNull();
});

test("a theme's colour is kept where it stands out, and replaced where it does not", () => {
  // the translucent orange of VS Code's modern themes, a dark brown on black
  expect(legible("#1f1f1f", "rgba(234, 92, 0, 0.33)", "#d18616", "#cccccc")).toBe("#d18616");
  expect(legible("#ffffff", "#b5641b", "#d18616")).toBe("#b5641b");
  expect(legible("#ffffff", "#eeeeee", "#dddddd", "#cccccc")).toBe("#cccccc");
});
