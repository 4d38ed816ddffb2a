import { describe, expect, it } from "vitest";
import { View } from "./view.js";
import { initialViewState, restoreViewState } from "./viewState.js";

describe("restoreViewState", () => {
  it("gives back what was remembered", () => {
    const state = {
      folder: "/runs/a",
      layer: 2,
      sort: "position" as const,
      step: 5000,
      zoom: [1, 2.5] as const,
      open: ["more", "table:loss"],
      logarithmic: { loss: false },
    };
    expect(restoreViewState(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });

  it("knows moments of pre-training", () => {
    expect(restoreViewState({ step: "1200/2" }).step).toBe("1200/2");
    for (const step of ["1200", "1200/", "x/1", "-1/2"]) expect(restoreViewState({ step }).step).toBeNull();
  });

  it.each([
    null,
    undefined,
    3,
    "text",
    [],
    { layer: -1, sort: "size", step: "7", zoom: [2, 1], open: [1], logarithmic: { a: 1 } },
    { zoom: [1], open: {}, logarithmic: [], step: Number.NaN },
  ])("ignores what it does not understand: %j", (kept) => {
    expect(restoreViewState(kept)).toEqual(initialViewState());
  });

  it("knows the first version's state, which was a folder alone", () => {
    expect(restoreViewState({ folder: "/runs/a" })).toEqual(initialViewState("/runs/a"));
  });
});

describe("View", () => {
  it("tells of every change, and keeps choices within a run", () => {
    let changes = 0;
    const view = new View({ folder: "a", layer: 2 }, () => changes++);
    view.setFolder("a");
    expect([changes, view.state.layer]).toEqual([0, 2]);
    view.setOpen("more", true);
    view.setOpen("more", true);
    view.setStep(100);
    expect([changes, view.isOpen("more"), view.state.step]).toEqual([2, true, 100]);
    view.setFolder("b");
    expect(view.state).toEqual(initialViewState("b"));
  });
});
