import { expect, it } from "vitest";
import { fillIn } from "../../src/common/language.js";
import { bundleOf, t } from "./l10n.js";

it("speaks English without a bundle", () => {
  expect(t("Epoch {0} of {1}", 3, 30)).toBe("Epoch 3 of 30");
});

it("fills in placeholders in any order and as often as they stand there", () => {
  expect(fillIn("{1} von {0}, {1}", [30, 3])).toBe("3 von 30, 3");
  expect(fillIn("{0} {2}", ["a"])).toBe("a {2}");
});

it("takes the texts of a bundle and nothing else", () => {
  expect(bundleOf('{"Stop": "Anhalten", "n": 1}')).toEqual({ Stop: "Anhalten" });
  expect([bundleOf("no JSON"), bundleOf("null"), bundleOf("")]).toEqual([{}, {}, {}]);
});
