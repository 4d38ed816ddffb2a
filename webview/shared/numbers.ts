/** common/format in the user's language, which the host writes into the page's `lang`. */
import * as format from "../../src/common/format.js";

const locale = usableLocale(document.documentElement.lang);

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

/** 8 → "8", 8.25 → "8.25": evaluations may fall between epochs. */
export function epochNumber(epoch: number): string {
  return epoch.toLocaleString(locale, { maximumFractionDigits: 2 });
}

/** "1 unit", "14 units" */
export function counted(count: number, one: string, many: string): string {
  return `${integer(count)} ${count === 1 ? one : many}`;
}

function usableLocale(lang: string): string | undefined {
  try {
    return Intl.NumberFormat.supportedLocalesOf(lang)[0];
  } catch {
    return undefined; // not a language tag: the browser's own language will do
  }
}
