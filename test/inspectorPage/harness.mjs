/** What the dashboard's harness needs to show the inspector instead. */
import path from "node:path";

export const root = path.join(import.meta.dirname, "../..");
export const harness = { entry: "webview/inspector/main.ts", stub: "test/inspectorPage/stub.mjs" };
