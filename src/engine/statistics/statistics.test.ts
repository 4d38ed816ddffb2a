import { expect, test } from "vitest";
import { comparePaired, meanAndSd } from "./statistics.js";

/**
 * p-values of scipy.stats 1.17.1: ttest_rel(x, y); wilcoxon(x, y), exact without ties, and with ties
 * wilcoxon(x, y, method="approx", correction=True). Means and deviations of numpy (ddof=1).
 */
const known = [
  {
    what: "five pairs without ties",
    x: [0.0183, 0.0179, 0.0191, 0.0188, 0.0175],
    y: [0.0201, 0.0195, 0.019, 0.0199, 0.0187],
    tTest: 0.027627389589349433,
    wilcoxon: 0.125,
    mean: 0.01832,
    sd: 0.000649615270756468,
  },
  {
    what: "eight pairs without ties",
    x: [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06],
    y: [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14],
    tTest: 0.014368647173749608,
    wilcoxon: 0.0390625,
    mean: 1.825,
    sd: 0.741773935527915,
  },
  {
    what: "two pairs",
    x: [1, 2],
    y: [1.5, 2.75],
    tTest: 0.1256659163780024,
    wilcoxon: 0.5,
    mean: 1.5,
    sd: Math.SQRT1_2,
  },
  {
    what: "ties and a pair without difference",
    x: [2, 4, 6, 8, 10, 12, 14, 16, 18, 20],
    y: [1, 5, 4, 8, 12, 11, 15, 13, 20, 17],
    tTest: 0.5217069270814159,
    wilcoxon: 0.5483061686853479,
    mean: 11,
    sd: 6.0553007081949835,
  },
];

test.each(known)("$what", ({ x, y, tTest, wilcoxon, mean, sd }) => {
  const compared = comparePaired(x, y);
  expect(compared.n).toBe(x.length);
  expect(compared.tTest).toBeCloseTo(tTest, 10);
  expect(compared.wilcoxon).toBeCloseTo(wilcoxon, 10);
  const found = meanAndSd(x);
  expect(found.mean).toBeCloseTo(mean, 12);
  expect(found.sd).toBeCloseTo(sd, 12);
  expect(compared.difference).toBeCloseTo(mean - meanAndSd(y).mean, 12);
});

test("what says nothing has no p-value and no deviation", () => {
  expect(meanAndSd([3])).toEqual({ mean: 3, sd: null });
  expect(comparePaired([1], [2])).toEqual({ n: 1, difference: -1, tTest: null, wilcoxon: null });
  expect(comparePaired([1, 2, 3], [1, 2, 3])).toMatchObject({ tTest: null, wilcoxon: null });
  expect(comparePaired([2, 3, 4], [1, 2, 3]).tTest).toBeNull();
  expect(() => meanAndSd([])).toThrow(RangeError);
  expect(() => comparePaired([1], [])).toThrow(RangeError);
});
