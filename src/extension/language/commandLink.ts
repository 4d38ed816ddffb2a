/** Commands as addresses, which hovers and problems link to. */
import * as vscode from "vscode";

export function commandUri(command: string, ...args: unknown[]): vscode.Uri {
  return vscode.Uri.parse(`command:${command}?${encodeURIComponent(JSON.stringify(args))}`);
}

/** Those that links of ours may run. */
export const linkedCommands = ["rectiscope.openRun", "rectiscope.openUnit"];
