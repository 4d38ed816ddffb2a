/** What the dashboard's harness needs to show the sweep page instead. */
import path from "node:path";

export const root = path.join(import.meta.dirname, "../..");
export const harness = { entry: "webview/sweep/main.ts", stub: "test/sweepPage/stub.mjs" };
