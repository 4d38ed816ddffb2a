/** common/format in the user's language, which the host writes into the page's `lang`. */
import * as format from "../../src/common/format.js";
import { t } from "./l10n.js";

/** As functions of common/format take it. */
export const locale = usableLocale(typeof document === "undefined" ? "en" : document.documentElement.lang);

export const language = { t, locale };

/** What stands where there is no figure. */
export const noFigure = "–";

export function percent(share: number, digits: number): string {
  return format.percent(share, digits, locale);
}

export function integer(value: number): string {
  return format.integer(value, locale);
}

export function significant(value: number): string {
  return format.significant(value, locale);
}

/** An RMSE in stars. */
export function stars(value: number): string {
  return format.stars(value, locale);
}

export function duration(seconds: number): string {
  return format.duration(seconds, language);
}

export function recipeOf(run: Parameters<typeof format.recipeOf>[0]): string {
  return format.recipeOf(run, language);
}

/** 0.00123 → "1.23e-3" where plain digits would be hard to count, else three significant digits. */
export function compact(value: number): string {
  if (value === 0) return "0"; // −0 as well
  if (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e6) return significant(value);
  return value.toLocaleString(locale, { notation: "scientific", maximumFractionDigits: 2 }).toLowerCase();
}

/** A share of examples however small: 0.5 → "50 %", 0.0013 → "0.13 %". */
export function smallPercent(share: number): string {
  return `${(share * 100).toLocaleString(locale, { maximumSignificantDigits: share >= 0.1 && share < 1 ? 3 : 2 })} %`;
}

/** 8 → "8", 8.25 → "8.25": evaluations may fall between epochs. */
export function epochNumber(epoch: number, digits = 2): string {
  return epoch.toLocaleString(locale, { maximumFractionDigits: digits });
}

/** "1 unit", "14 units". @param one text with {0} for a count of one; a key of the bundle, as `many` is */
export function counted(count: number, one: string, many: string): string {
  const message = count === 1 ? one : many;
  return t(message, integer(count));
}

/** −4 → "10⁻⁴", 0 → "1" */
export function powerOfTen(exponent: number): string {
  if (exponent === 0) return "1";
  const raised = [...String(exponent)].map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)])).join("");
  return `10${raised}`;
}

function usableLocale(lang: string): string | undefined {
  try {
    return Intl.NumberFormat.supportedLocalesOf(lang)[0];
  } catch {
    return undefined; // not a language tag: the browser's own language will do
  }
}
