import { describe, expect, it } from "vitest";
import { epochDigits, shownEpochs, zoomBy, zoomTo } from "./zoom.js";

describe("zoom", () => {
  it("shows all epochs, or those chosen", () => {
    expect(shownEpochs(null, 10)).toEqual([0, 10]);
    expect(shownEpochs([2, 4], 10)).toEqual([2, 4]);
    expect(shownEpochs([12, 14], 10)).toEqual([0, 10]);
  });

  it("takes two places in any order, and everything as none", () => {
    expect(zoomTo(4, 2, 10)).toEqual([2, 4]);
    expect(zoomTo(-3, 5, 10)).toEqual([0, 5]);
    expect([zoomTo(0, 10, 10), zoomTo(-1, 99, 10), zoomTo(3, 3, 10)]).toEqual([null, null, null]);
  });

  it("tells epochs apart however near they are", () => {
    expect([5, 0.1, 0.01, 0.005, 0.001, 0.0002].map(epochDigits)).toEqual([2, 2, 2, 3, 3, 4]);
  });

  it("goes nearer and farther around a place, within the run", () => {
    expect(zoomBy(null, 10, 0.5, 5)).toEqual([2.5, 7.5]);
    expect(zoomBy(null, 10, 0.5, 10)).toEqual([5, 10]);
    expect(zoomBy([0, 2], 10, 2, 0)).toEqual([0, 4]);
    expect(zoomBy([2, 8], 10, 2, 5)).toBeNull();
    expect(zoomBy([5, 5.0005], 10, 0.5, 5)).toEqual([5, 5.0005]);
  });
});
