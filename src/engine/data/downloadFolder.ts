/** Where Rectiscope keeps what is no run's: in the folder that the system has for a person's data. */
import os from "node:os";
import path from "node:path";

/** Where the command line stores data sets. @param home the person's home folder */
export function userDataFolder(
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
  home: string = os.homedir(),
): string {
  return path.join(base(platform, environment, home), "rectiscope", "data-sets");
}

/** Where TensorFlow is looked for unless a folder is named. */
export function userTensorflowFolder(): string {
  return path.join(base(process.platform, process.env, os.homedir()), "rectiscope", "tensorflow");
}

function base(platform: NodeJS.Platform, { LOCALAPPDATA, XDG_DATA_HOME }: NodeJS.ProcessEnv, home: string): string {
  if (platform === "win32") return LOCALAPPDATA || path.join(home, "AppData", "Local");
  if (platform === "darwin") return path.join(home, "Library", "Application Support");
  // a relative path does not count, says the XDG Base Directory Specification
  return XDG_DATA_HOME && path.isAbsolute(XDG_DATA_HOME) ? XDG_DATA_HOME : path.join(home, ".local", "share");
}
