/** A person's language, as it is given to code that knows neither VS Code nor a page. */

/** Translates a message and fills its placeholders in; what `vscode.l10n.t` is. */
export type Translate = (message: string, ...values: (string | number)[]) => string;

export interface Language {
  t: Translate;
  /** Of numbers and dates, such as `en` or `de`. */
  locale: string | undefined;
}

export const english: Language = { t: (message, ...values) => fillIn(message, values), locale: "en" };

/** Placeholders are {0}, {1}, …; one without a value stays as it is. */
export function fillIn(message: string, values: readonly (string | number)[]): string {
  return message.replace(/\{(\d+)\}/g, (placeholder, index) => String(values[Number(index)] ?? placeholder));
}
