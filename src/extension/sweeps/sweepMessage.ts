/** Checks what comes from a sweep page: anything could. */
import { type FromSweepPage, type SweepRequest, sweepActions } from "../../common/sweepMessages.js";

/** A request whose action is not known still has to be answered. */
export type ReceivedFromSweepPage = FromSweepPage | { type: "unknownRequest"; id: number };

/** @returns null for what is no message at all */
export function receivedFromSweepPage(message: unknown): ReceivedFromSweepPage | null {
  if (typeof message !== "object" || message === null) return null;
  const { type, id, action, number } = message as Record<string, unknown>;
  if (type === "ready") return { type };
  if (type !== "request" || typeof id !== "number" || !Number.isSafeInteger(id)) return null;
  const request = requestOf(action, number);
  return request ? { type, id, ...request } : { type: "unknownRequest", id };
}

function requestOf(action: unknown, number: unknown): SweepRequest | null {
  if (action === "openTrial")
    return typeof number === "number" && Number.isSafeInteger(number) && number > 0 ? { action, number } : null;
  const known = sweepActions.find((one) => one === action);
  return known ? { action: known } : null;
}
