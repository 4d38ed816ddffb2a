/** What the page of a unit shows, and the messages between it and the extension host. */
import type { Response } from "./messages.js";
import type { MendKey, UnitProgress, UnitReport } from "./unitReport.js";

/** A hidden unit of a run. */
export interface UnitPlace {
  /** From 1. */
  layer: number;
  /** From 0. */
  unit: number;
}

/** Which units somebody looked at, one after the other. */
export interface UnitTrail {
  /** The last one at the end. */
  back: UnitPlace[];
  here: UnitPlace;
  /** Those that were left by going back; the nearest at the end. */
  ahead: UnitPlace[];
}

/** What is told of a unit before anything is computed. */
export interface UnitHead {
  /** Of the run. */
  folder: string;
  name: string;
  trail: UnitTrail;
  /** Of the layer. */
  units: number;
  /** Dead units of the run at its last evaluation; null where that is not known, or not defined. */
  dead: number | null;
  /** There is a config to open. */
  config: boolean;
}

/** How far the computing of a report has come. */
export type UnitWork =
  /** Null until it has told. */
  | { state: "computing"; progress: UnitProgress | null }
  | { state: "done" }
  | { state: "cancelled" }
  | { state: "failed"; message: string };

/** `report` is null until there is a part of it, and an older one of the same unit until a newer has come. */
export type ToUnitPage =
  | { type: "unit"; head: UnitHead; report: UnitReport | null; work: UnitWork }
  /** Only this has changed. */
  | { type: "work"; work: UnitWork }
  /** The run folder cannot be read, or has no such unit. */
  | { type: "unreadable"; folder: string; message: string }
  | Response;

export const unitActions = [
  "back",
  "ahead",
  "previous",
  "next",
  "nextDead",
  "openDashboard",
  "openConfig",
  /** Computes anew. */
  "refresh",
  "cancel",
] as const;
export type UnitAction = (typeof unitActions)[number];

export type UnitRequest =
  | { action: UnitAction }
  | ({ action: "openUnit" } & UnitPlace)
  /** Opens the config where it says this key, or where it would. */
  | { action: "revealKey"; key: RevealedKey };

/** Keys that stand in the config. */
export type RevealedKey = Exclude<MendKey, "layerBelow">;

export type FromUnitPage =
  /** The page listens; `trail` is what it remembers from before the window was reloaded. */
  { type: "ready"; trail: UnitTrail | null } | ({ type: "request"; id: number } & UnitRequest);
