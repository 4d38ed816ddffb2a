/** Values from the command line, `--set path=value`, on top of what a config says. */
import { defineOwn, formatPath, type KeyPath } from "./configTree.js";

export interface SettingProblem {
  message: string;
  key: string;
  value: unknown;
}

export interface Applied {
  /** A changed copy. */
  value: unknown;
  /** The paths that settings gave, in order. */
  paths: KeyPath[];
  problems: SettingProblem[];
}

/**
 * Applies settings such as `training.epochs=3`, `network.hidden=[100, 100]` or `network.hidden[0]=500`, one after the other. Values
 * parse as JSON, else they are texts. Whether keys and values make sense is for the validation that follows.
 * @param config a parsed config; anything but an object counts as an empty one
 */
export function applySettings(config: unknown, settings: readonly string[]): Applied {
  const applied: Applied = { value: isContainer(config) ? clone(config) : {}, paths: [], problems: [] };
  if (settings.length === 0) return { ...applied, value: config };
  for (const setting of settings) {
    const problem = applyOne(applied, setting);
    if (problem) applied.problems.push(problem);
  }
  return applied;
}

function applyOne(applied: Applied, setting: string): SettingProblem | null {
  const equals = setting.indexOf("=");
  const path = parsePath(setting.slice(0, equals).trim());
  if (equals < 0 || !path)
    return {
      message: `${JSON.stringify(setting)} is not a setting. Write a path, an equals sign and a value, such as training.epochs=3.`,
      key: "",
      value: setting,
    };
  const problem = setAt(applied.value as object, path, parseValue(setting.slice(equals + 1)));
  if (!problem) applied.paths.push(path);
  return problem;
}

/** Puts a value at a path of a config, making the sections on the way. */
export function setAt(config: object, path: KeyPath, value: unknown): SettingProblem | null {
  let place = config;
  for (const [depth, segment] of path.entries()) {
    const last = depth === path.length - 1;
    if (Array.isArray(place) && !(typeof segment === "number" && segment < place.length))
      return {
        message: `${formatPath(path)} cannot be set: ${formatPath(path.slice(0, depth))} has ${place.length} items, [0] to [${place.length - 1}]. Set one of these, or the whole list.`,
        key: formatPath(path),
        value,
      };
    const key = String(segment);
    if (last) defineOwn(place, key, value);
    else {
      if (!Object.hasOwn(place, key)) defineOwn(place, key, {});
      const next = (place as Record<string, unknown>)[key];
      if (!isContainer(next))
        return {
          message: `${formatPath(path)} cannot be set: ${formatPath(path.slice(0, depth + 1))} is a value, not a section. Check the path.`,
          key: formatPath(path),
          value,
        };
      place = next;
    }
  }
  return null;
}

/** `network.hidden[0]` or `network.hidden.0` → `["network", "hidden", 0]`; null when it is none. */
export function parsePath(text: string): KeyPath | null {
  const segments = text.replace(/\[(\d{1,9})\]/g, ".$1").split(".");
  if (segments.some((segment) => segment === "")) return null;
  return segments.map((segment) => (/^\d{1,9}$/.test(segment) ? Number(segment) : segment));
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

export function clone(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(clone);
  if (!isContainer(value)) return value;
  const out = {};
  for (const [key, child] of Object.entries(value)) defineOwn(out, key, clone(child));
  return out;
}
