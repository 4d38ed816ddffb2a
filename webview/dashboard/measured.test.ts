import { expect, it } from "vitest";
import type { ToldEvaluation } from "../../src/common/messages.js";
import type { ReconstructionLine } from "../../src/common/run.js";
import { isOf, keyOf, measuredOf } from "./measured.js";

const line = (layer: number, step: number, dead: number) =>
  ({
    kind: "reconstruction",
    layer,
    step,
    epoch: step / 10,
    set: "valid",
    n: 5,
    figures: { dead },
  }) as ReconstructionLine;
const evaluation = { step: 20, epoch: 2, error: 0.5, layers: [{ dead: 7 }, { dead: 8 }] } as ToldEvaluation;
const measured = measuredOf([line(1, 0, 1), line(1, 10, 2), line(2, 10, 3), line(2, 20, 4)], [evaluation]);
const dead = measured.map(({ layers }) => layers.map((figures) => figures?.dead ?? null));

it("keeps the figures of the layers below as they were last, and has none of those above", () => {
  expect(dead).toEqual([[1], [2], [2, 3], [2, 4], [7, 8]]);
});

it("tells moments at the same step apart", () => {
  expect(measured.map(keyOf)).toEqual(["0/1", "10/1", "10/2", "20/2", 20]);
});

it("knows which layers were measured at a moment", () => {
  expect(measured.map((moment) => [1, 2].filter((layer) => isOf(moment, layer)))).toEqual([[1], [1], [2], [2], [1, 2]]);
});
