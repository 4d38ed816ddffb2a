/** Checks what comes from a webview: anything could. */
import type { DashboardRequest, FromDashboard } from "../../common/messages.js";
import { mostPoints, type TrainingWindow } from "../../common/trainingSeries.js";

const plainActions = [
  "stop",
  "pause",
  "resume",
  "revive",
  "runAgain",
  "openConfig",
  "revealFolder",
  "copyPath",
  "checkClaims",
  "cancelClaims",
] as const;

/** A request whose action is not known still has to be answered. */
export type Received = FromDashboard | { type: "unknownRequest"; id: number };

/** @returns null for what is no message at all */
export function receivedFromDashboard(message: unknown): Received | null {
  if (typeof message !== "object" || message === null) return null;
  const { type, id, ...rest } = message as Record<string, unknown>;
  if (type === "drawn") return { type };
  if (type === "ready" || type === "window") {
    const window = windowOf(rest.window);
    return window && { type, window };
  }
  if (type !== "request" || typeof id !== "number" || !Number.isSafeInteger(id)) return null;
  const request = requestOf(rest);
  return request ? { type, id, ...request } : { type: "unknownRequest", id };
}

function requestOf({ action, step, layer, unit, from }: Record<string, unknown>): DashboardRequest | null {
  if (action === "units") {
    if (!isCount(step)) return null;
    if (layer === undefined) return { action, step };
    return isCount(layer) && layer > 0 ? { action, step, layer } : null;
  }
  if (action === "openUnit") return isCount(layer) && layer > 0 && isCount(unit) ? { action, layer, unit } : null;
  if (action === "pictures") return isCount(from) ? { action, from } : null;
  const plain = plainActions.find((known) => known === action);
  return plain ? { action: plain } : null;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function windowOf(window: unknown): TrainingWindow | null {
  if (typeof window !== "object" || window === null) return null;
  const { range, points, layers } = window as Record<string, unknown>;
  if (!Number.isSafeInteger(points) || (points as number) < 1 || (points as number) > mostPoints) return null;
  if (typeof layers !== "boolean") return null;
  if (range === null) return { range, points: points as number, layers };
  if (!Array.isArray(range) || range.length !== 2 || !range.every(Number.isFinite)) return null;
  return { range: [range[0], range[1]], points: points as number, layers };
}

/** The run folder that a dashboard noted before the window was reloaded; null when it noted none. */
export function folderOfState(state: unknown): string | null {
  if (typeof state !== "object" || state === null) return null;
  const { folder } = state as Record<string, unknown>;
  return typeof folder === "string" && folder.length > 0 && !folder.includes("\0") ? folder : null;
}
