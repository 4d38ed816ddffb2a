/** The page's words for what files hold. */

import { megabytes } from "../../src/common/format.js";
import { printable } from "../../src/common/printable.js";
import { t } from "../shared/l10n.js";
import { language, noFigure } from "../shared/numbers.js";

/** [784, 1000] → "784 × 1000" */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? t("scalar") : shape.map((size) => String(size)).join(" × ");
}

/** What stands where a figure is still to come. */
export const notYet = "…";

/** 3120 → "3.1 kB", 4_200_000 → "4.2 MB" */
export function bytesText(bytes: number): string {
  const of = (value: number, digits: number) =>
    value.toLocaleString(language.locale, { maximumFractionDigits: digits });
  if (bytes < 1000) return `${of(bytes, 0)} B`;
  if (bytes < 1e6) return `${of(bytes / 1e3, 1)} kB`;
  return bytes < 1e9 ? megabytes(bytes, language.locale) : `${of(bytes / 1e9, 2)} GB`;
}

export function fileName(file: string): string {
  return printable(file.split(/[\\/]/).findLast(Boolean) ?? file);
}

/** Null where a figure does not exist; undefined where it is still to come. */
export function shownOr<T>(value: T | null | undefined, show: (value: T) => string): string {
  if (value === undefined) return notYet;
  return value === null ? noFigure : show(value);
}
