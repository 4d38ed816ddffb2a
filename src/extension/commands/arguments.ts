/** What commands are called with: a Uri from a menu, an item of a view, or a path from code. */
import path from "node:path";
import * as vscode from "vscode";

/** Absolute path of the config that is meant, if the argument names one. */
export function configFileArgument(argument: unknown): string | undefined {
  if (argument instanceof vscode.Uri) return fileOf(argument);
  return absolutePath(argument) ?? absolutePath(property(argument, "file"));
}

/** Absolute path of the run folder that is meant, if the argument names one. */
export function folderArgument(argument: unknown): string | undefined {
  if (argument instanceof vscode.Uri) return fileOf(argument);
  return absolutePath(argument) ?? absolutePath(property(argument, "folder"));
}

function fileOf(uri: vscode.Uri): string {
  if (uri.scheme === "file") return uri.fsPath;
  throw new Error(
    uri.scheme === "untitled"
      ? vscode.l10n.t("Save the experiment first: its runs are written beside it.")
      : vscode.l10n.t("Rectiscope works with files on disk, not with {0}.", uri.toString()),
  );
}

function absolutePath(value: unknown): string | undefined {
  return typeof value === "string" && path.isAbsolute(value) ? path.normalize(value) : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
