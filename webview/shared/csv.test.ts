import { expect, it } from "vitest";
import { csvOf } from "./csv.js";

it("writes raw values, quoting what would break a line", () => {
  const cell = (value: number | string | null) => ({ text: "shown", value });
  const table = {
    columns: ["Epoch", 'a "b", c'],
    rows: [
      [cell(1), cell(0.018499999999999999)],
      [cell(2), cell(null)],
      [cell("1–2"), cell(Number.NaN)],
    ],
  };
  expect(csvOf(table)).toBe('Epoch,"a ""b"", c"\n1,0.0185\n2,\n1–2,\n');
});
