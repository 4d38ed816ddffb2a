/** What a dashboard shows of a run that has not started: its place in the queue, and how to take it out. */
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { escaped } from "./escaped.js";

/** The only command that the page may run. */
export const cancelCommand = "rectiscope.cancelRun";

/** @param place in the queue, from 1; 0 once it starts */
export function waitingHtml(folder: string, place: number): string {
  const nonce = randomBytes(16).toString("base64url");
  const cancel = `command:${cancelCommand}?${encodeURIComponent(JSON.stringify([folder]))}`;
  const heading = place > 0 ? vscode.l10n.t("Queued, number {0}", place) : vscode.l10n.t("Starting…");
  const text = vscode.l10n.t(
    "This run starts by itself when one of those in progress ends. How many go on at once is the setting Rectiscope: Concurrent Runs.",
  );
  const queued =
    place > 0
      ? `<p>${escaped(text)}</p>\n    <p><a class="button" href="${escaped(cancel)}">${escaped(vscode.l10n.t("Cancel This Run"))}</a></p>`
      : "";
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Rectiscope</title>
    <style nonce="${nonce}">
      main { max-width: 42em; margin: 4em auto; padding: 0 1.5em; color: var(--vscode-foreground); }
      h1 { font-size: 1.6em; font-weight: 600; }
      p { line-height: 1.5; }
      .button {
        display: inline-block; padding: 4px 12px; text-decoration: none; border-radius: 2px;
        color: var(--vscode-button-secondaryForeground); background: var(--vscode-button-secondaryBackground);
        border: 1px solid var(--vscode-button-border, var(--vscode-contrastBorder, transparent));
      }
      .button:hover { background: var(--vscode-button-secondaryHoverBackground); }
      .button:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
    </style>
  </head>
  <body>
    <main data-field="waiting" data-value="${place}" role="status">
    <h1>${escaped(heading)}</h1>
    ${queued}
    </main>
  </body>
</html>`;
}
