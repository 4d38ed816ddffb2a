import path from "node:path";
import { expect, it } from "vitest";
import { userDataFolder } from "./downloadFolder.js";

const absolute = path.resolve("/data");

it.each([
  ["linux", {}, "/home/me/.local/share/rectiscope/data-sets"],
  ["linux", { XDG_DATA_HOME: absolute }, `${absolute}/rectiscope/data-sets`],
  ["linux", { XDG_DATA_HOME: "relative" }, "/home/me/.local/share/rectiscope/data-sets"],
  ["linux", { XDG_DATA_HOME: "" }, "/home/me/.local/share/rectiscope/data-sets"],
  ["darwin", { XDG_DATA_HOME: absolute }, "/home/me/Library/Application Support/rectiscope/data-sets"],
  ["win32", { LOCALAPPDATA: "C:/Users/me/AppData/Local" }, "C:/Users/me/AppData/Local/rectiscope/data-sets"],
  ["win32", {}, "/home/me/AppData/Local/rectiscope/data-sets"],
] as const)("on %s with %j", (platform, environment, expected) => {
  expect(userDataFolder(platform, environment, "/home/me")).toBe(path.normalize(expected));
});
