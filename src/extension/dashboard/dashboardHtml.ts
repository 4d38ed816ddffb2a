/** The dashboard's page: a shell with the strictest policy that its own files allow. */
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { escaped } from "./escaped.js";

/**
 * @param page name of the bundle to show
 * @param opening what stands there until it has been loaded
 */
export function dashboardHtml(
  webview: vscode.Webview,
  files: vscode.Uri,
  page = "dashboard",
  opening = vscode.l10n.t("Reading the run…"),
): string {
  const nonce = randomBytes(16).toString("base64url");
  const source = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(files, name)).toString();
  const policy = [
    "default-src 'none'",
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} data:`,
    `script-src 'nonce-${nonce}'`,
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" id="vscode-codicon-stylesheet" href="${source("codicon.css")}">
    <link rel="stylesheet" href="${source(`${page}.css`)}">
    <title>Rectiscope</title>
  </head>
  <body>
    <main id="app"><p class="opening" role="status">${escaped(opening)}</p></main>${wordsOf(vscode.l10n.bundle, nonce)}
    <script nonce="${nonce}" src="${source(`${page}.js`)}"></script>
  </body>
</html>`;
}

/** The translations, for the page's own script to read. */
function wordsOf(bundle: Record<string, string> | undefined, nonce: string): string {
  if (!bundle) return "";
  // no `<` in the data can end the block
  const json = JSON.stringify(bundle).replaceAll("<", "\\u003c");
  return `\n    <script nonce="${nonce}" type="application/json" id="l10n">${json}</script>`;
}
