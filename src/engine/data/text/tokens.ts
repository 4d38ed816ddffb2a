/** From a text to its terms. */

/** Longer ones, such as addresses without spaces, are left out. */
export const longestTerm = 64;

/** Letters and digits of any script, with apostrophes between them: "don't", "l'été". */
const word = /[\p{L}\p{M}\p{N}]+(?:'[\p{L}\p{M}\p{N}]+)*/gu;

/** In lower case, as often as they occur. */
export function termsOf(text: string): string[] {
  const found = text.normalize("NFC").toLowerCase().replaceAll("’", "'").match(word) ?? [];
  return found.filter((term) => term.length <= longestTerm);
}
