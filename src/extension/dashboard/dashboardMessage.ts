/** Checks what comes from a webview: anything could. */
import type { DashboardRequest, FromDashboard } from "../../common/messages.js";

const actions: Record<DashboardRequest["action"], true> = {
  stop: true,
  runAgain: true,
  openConfig: true,
  revealFolder: true,
  copyPath: true,
};

/** A request whose action is not known still has to be answered. */
export type Received = FromDashboard | { type: "unknownRequest"; id: number };

/** @returns null for what is no message at all */
export function receivedFromDashboard(message: unknown): Received | null {
  if (typeof message !== "object" || message === null) return null;
  const { type, id, action } = message as Record<string, unknown>;
  if (type === "ready") return { type };
  if (type !== "request" || typeof id !== "number" || !Number.isSafeInteger(id)) return null;
  if (typeof action !== "string" || !Object.hasOwn(actions, action)) return { type: "unknownRequest", id };
  return { type, id, action: action as DashboardRequest["action"] };
}

/** The run folder that a dashboard noted before the window was reloaded; null when it noted none. */
export function folderOfState(state: unknown): string | null {
  if (typeof state !== "object" || state === null) return null;
  const { folder } = state as Record<string, unknown>;
  return typeof folder === "string" && folder.length > 0 && !folder.includes("\0") ? folder : null;
}
