/** Checks what comes from a unit's page: anything could. */
import { type FromUnitPage, type UnitRequest, unitActions } from "../../common/unitPage.js";
import { mendKeys } from "../../common/unitReport.js";
import { placeOf, trailOf } from "../../common/unitTrail.js";

/** A request whose action is not known still has to be answered. */
export type ReceivedFromUnitPage = FromUnitPage | { type: "unknownRequest"; id: number };

/** @returns null for what is no message at all */
export function receivedFromUnitPage(message: unknown): ReceivedFromUnitPage | null {
  if (typeof message !== "object" || message === null) return null;
  const { type, id, ...rest } = message as Record<string, unknown>;
  if (type === "ready") return { type, trail: trailOf(rest.trail) };
  if (type !== "request" || typeof id !== "number" || !Number.isSafeInteger(id)) return null;
  const request = requestOf(rest);
  return request ? { type, id, ...request } : { type: "unknownRequest", id };
}

function requestOf({ action, layer, unit, key }: Record<string, unknown>): UnitRequest | null {
  if (action === "openUnit") {
    const place = placeOf({ layer, unit });
    return place && { action, ...place };
  }
  if (action === "revealKey") {
    const known = mendKeys.find((one) => one === key);
    return known && known !== "layerBelow" ? { action, key: known } : null;
  }
  const plain = unitActions.find((one) => one === action);
  return plain ? { action: plain } : null;
}
