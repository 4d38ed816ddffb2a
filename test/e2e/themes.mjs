// VS Code's own themes of each kind, and how a workspace comes to one.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { retry } from "./workbench.mjs";

/** By the name of their kind; `workbench` is the class that the workbench has in it, `webview` what webviews call it. */
export const themes = {
  dark: { label: "Default Dark Modern", workbench: "vs-dark", webview: "vscode-dark" },
  light: { label: "Default Light Modern", workbench: "vs", webview: "vscode-light" },
  "hc-dark": { label: "Default High Contrast", workbench: "hc-black", webview: "vscode-high-contrast" },
  "hc-light": { label: "Default High Contrast Light", workbench: "hc-light", webview: "vscode-high-contrast-light" },
};

/** Through the workspace's settings, as the preferences would. */
export async function chooseTheme({ workbench, workspace }, name) {
  const { label, workbench: kind } = themes[name];
  const file = path.join(workspace, ".vscode/settings.json");
  const settings = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ ...settings, "workbench.colorTheme": label }, null, 2));
  await retry(`the theme ${label}`, async () => {
    const classes = await workbench.page.locator(".monaco-workbench").first().getAttribute("class");
    if (!classes.split(" ").includes(kind)) throw new Error(classes);
  });
}
