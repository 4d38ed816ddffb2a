import { expect, it } from "vitest";
import { type Curve, curvesSvg, svgAddress } from "./figureCurves.js";

const look = { text: "#ccc", rule: "#888" };
const curve = (values: number[], changes: Partial<Curve> = {}): Curve => ({
  ...{ label: "Dead", values, high: "9 %", low: "0 %", colour: "#f00", dashed: false },
  ...changes,
});
const points = (svg: string) => /points="([^"]+)"/.exec(svg)?.[1]?.split(" ") ?? [];

it("a curve goes from the lowest to the highest value over the whole width", () => {
  const found = points(curvesSvg([curve([0, 1, 2])], look)).map((point) => point.split(",").map(Number));
  const [first, middle, last] = found as [number[], number[], number[]];
  expect(first[0]).toBeLessThan(middle[0] as number);
  expect(middle[0]).toBe(((first[0] as number) + (last[0] as number)) / 2);
  expect(middle[1]).toBe(((first[1] as number) + (last[1] as number)) / 2);
  expect(last[1]).toBeLessThan(first[1] as number);
});

it("values that are all alike are a level line with one mark", () => {
  const svg = curvesSvg([curve([0, 0, 0], { high: "0 %", low: "0 %" })], look);
  expect(new Set(points(svg).map((point) => point.split(",")[1])).size).toBe(1);
  expect(svg.split("0 %").length).toBe(2);
});

it("many evaluations make a picture that is small enough to be an address, with the last of them", () => {
  const values = Array.from({ length: 50_000 }, (_, i) => Math.sin(i));
  const svg = curvesSvg([curve(values), curve([...values, 5])], look);
  expect(points(svg)).toHaveLength(120);
  expect(svgAddress(svg).length).toBeLessThan(10_000);
});

it("words cannot break out of their place", () => {
  expect(curvesSvg([curve([0, 1], { label: '<script>"&' })], look)).not.toContain("<script>");
});
