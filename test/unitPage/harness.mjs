/** What the dashboard's harness needs to show a unit's page instead. */
import path from "node:path";

export const root = path.join(import.meta.dirname, "../..");
export const harness = { entry: "webview/unit/main.ts", stub: "test/unitPage/stub.mjs" };
