/** The language of VS Code's own interface. */
import * as vscode from "vscode";
import type { Language } from "../common/language.js";

export const uiLanguage: Language = {
  t: (message, ...values) => vscode.l10n.t(message, ...values),
  get locale() {
    return vscode.env.language;
  },
};
