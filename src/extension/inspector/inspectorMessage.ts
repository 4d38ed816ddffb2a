/** Checks what comes from an inspector's page: anything could. */
import {
  exportKinds,
  type FromInspectorPage,
  type InspectorRequest,
  inspectorActions,
} from "../../common/inspectorMessages.js";
import { setNames } from "../../common/run.js";

/** A request whose action is not known still has to be answered. */
export type ReceivedFromInspectorPage = FromInspectorPage | { type: "unknownRequest"; id: number };

/** @returns null for what is no message at all */
export function receivedFromInspectorPage(message: unknown): ReceivedFromInspectorPage | null {
  if (typeof message !== "object" || message === null) return null;
  const { type, id, ...rest } = message as Record<string, unknown>;
  if (type === "ready") return { type };
  if (type !== "request" || typeof id !== "number" || !Number.isSafeInteger(id)) return null;
  const request = requestOf(rest);
  return request ? { type, id, ...request } : { type: "unknownRequest", id };
}

function requestOf({ action, kind, text, config, set, n }: Record<string, unknown>): InspectorRequest | null {
  if (action === "export") {
    const known = exportKinds.find((one) => one === kind);
    return known && typeof text === "string" ? { action, kind: known, text } : null;
  }
  if (action === "probe") {
    const known = setNames.find((one) => one === set);
    const count = n === null || (typeof n === "number" && Number.isSafeInteger(n) && n > 0);
    return known && count && isPath(config) ? { action, config, set: known, n } : null;
  }
  const plain = inspectorActions.find((one) => one === action);
  return plain ? { action: plain } : null;
}

/** The two files that a comparison noted before the window was reloaded; null when it noted none. */
export function filesOfState(state: unknown): [string, string] | null {
  if (typeof state !== "object" || state === null) return null;
  const { files } = state as Record<string, unknown>;
  if (!Array.isArray(files) || files.length !== 2) return null;
  return files.every(isPath) ? (files as [string, string]) : null;
}

function isPath(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && !value.includes("\0");
}
