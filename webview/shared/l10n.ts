/**
 * The view's words in the user's language. The host may put a bundle into the page as
 * `<script type="application/json" id="l10n">{"English text": "translation", …}</script>`, before the view's own script; without
 * one, and for what it does not hold, the English text itself is shown. Placeholders are {0}, {1}, … as in vscode.l10n.
 */
import { fillIn } from "../../src/common/language.js";

let bundle: Record<string, string> | undefined;

/** @param message in English; also the key of its translation */
export function t(message: string, ...values: (string | number)[]): string {
  bundle ??= readBundle();
  const translated = Object.hasOwn(bundle, message) ? (bundle[message] as string) : message;
  return fillIn(translated, values);
}

/** Drops what is no text: a broken bundle must not take the view down. */
export function bundleOf(json: string): Record<string, string> {
  try {
    const parsed: unknown = JSON.parse(json);
    if (typeof parsed !== "object" || parsed === null) return {};
    return Object.fromEntries(Object.entries(parsed).filter(([, text]) => typeof text === "string"));
  } catch {
    return {};
  }
}

function readBundle(): Record<string, string> {
  if (typeof document === "undefined") return {};
  return bundleOf(document.getElementById("l10n")?.textContent ?? "");
}
