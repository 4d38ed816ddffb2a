/** Checks what comes from a data set page: anything could. */
import { datasetActions, type FromDatasetPage } from "../../common/datasetPage.js";

/** A request whose action is not known still has to be answered. */
export type ReceivedFromDatasetPage = FromDatasetPage | { type: "unknownRequest"; id: number };

/** @returns null for what is no message at all */
export function receivedFromDatasetPage(message: unknown): ReceivedFromDatasetPage | null {
  if (typeof message !== "object" || message === null) return null;
  const { type, id, action } = message as Record<string, unknown>;
  if (type === "ready") return { type };
  if (type !== "request" || typeof id !== "number" || !Number.isSafeInteger(id)) return null;
  const known = datasetActions.find((one) => one === action);
  return known ? { type, id, action: known } : { type: "unknownRequest", id };
}
