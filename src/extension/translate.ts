/** What `vscode.l10n.t` is to code that does not import vscode. */
export type Translate = (message: string, ...values: (string | number)[]) => string;

/** A person's language: how words and numbers are written. */
export interface Language {
  t: Translate;
  /** Locale of numbers and dates, such as `en` or `de`. */
  locale: string;
}

/** Fills {0}, {1}, … in, untranslated; for tests. */
export const english: Language = {
  t: (message, ...values) => message.replace(/\{(\d+)\}/g, (_, index) => String(values[Number(index)])),
  locale: "en",
};
