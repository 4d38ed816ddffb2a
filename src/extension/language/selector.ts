/** The documents that the language features are for. */
import type * as vscode from "vscode";
import { experimentPattern } from "../experiments/experimentPattern.js";

export const experimentSelector: vscode.DocumentSelector = [
  { scheme: "file", pattern: experimentPattern },
  { scheme: "untitled", pattern: experimentPattern },
];
