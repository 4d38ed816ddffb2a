/** What is known of TensorFlow's native library on this machine, and how that is said. */
import type { Language } from "./language.js";

/** The version that Rectiscope is written for. */
export const tensorflowVersion = "4.22.0";

export interface TensorflowFound {
  /**
   * `notInstalled`: there is no tfjs-node in the folder; `noLibrary`: there is, without the native library, which it downloads when it is
   * installed; `broken`: it is all there and does not load.
   */
  state: "ready" | "notInstalled" | "noLibrary" | "broken";
  /** The folder where tfjs-node is looked for. */
  folder: string;
  /** Whether someone named it; else it is the usual one. */
  named: boolean;
  /** tfjs-node or tfjs-node-gpu, where it is found. */
  package: { name: string; version: string; folder: string } | null;
  /** Of what loads: TensorFlow's version, and whether it computes on a GPU. */
  library: { version: string | null; gpu: boolean } | null;
  /** Functions of Node's `util` that it needs, that this Node has no more, and that it was given. */
  provided: string[];
  /** What it said when it did not load. */
  problem: string | null;
  /** What would install it; null where there is nothing to install. */
  command: string | null;
  /** Node's version, platform and processor of the process that loads it. */
  host: string;
}

/** In one sentence or two, without the command. */
export function tensorflowSummary(found: TensorflowFound, { t }: Language): string {
  const { state, folder, package: installed, library, problem } = found;
  const name = installed ? `${installed.name} ${installed.version}` : "";
  if (state === "ready")
    return t(
      "TensorFlow loads: {0} from {1}, {2}.",
      [name, library?.version && `TensorFlow ${library.version}`].filter(Boolean).join(", "),
      folder,
      library?.gpu ? t("on the GPU") : t("on the processor"),
    );
  if (state === "notInstalled")
    return t("TensorFlow is not installed: there is no @tensorflow/tfjs-node in {0}.", folder);
  if (state === "noLibrary")
    return t(
      "{0} is in {1}, but not its native library: it is downloaded from storage.googleapis.com when the package is installed, and that failed or was skipped.",
      name,
      folder,
    );
  return t("{0} in {1} does not load: {2}", name, folder, problem ?? "");
}

/** What was found and what is missing, a line each. */
export function tensorflowReport(found: TensorflowFound, language: Language): string[] {
  const { t } = language;
  const { state, folder, named, package: installed, library, provided, problem, command, host } = found;
  const yesNo = (yes: boolean) => (yes ? t("found") : t("missing"));
  return [
    tensorflowSummary(found, language),
    "",
    t("folder: {0} ({1})", folder, named ? t("as it was named") : t("the usual one")),
    installed
      ? t("package: {0} {1}, in {2}", installed.name, installed.version, installed.folder)
      : t("package: {0}", yesNo(false)),
    t("native library: {0}", yesNo(state === "ready" || state === "broken")),
    ...(library
      ? [t("TensorFlow: {0}", [library.version ?? t("version unknown"), library.gpu ? "GPU" : "CPU"].join(", "))]
      : []),
    t("host: {0}", host),
    ...(provided.length > 0 ? [t("given to it, as this Node has it no more: {0}", provided.join(", "))] : []),
    ...(problem ? [t("it said: {0}", problem)] : []),
    ...(command ? ["", t("To install it:"), `  ${command}`] : []),
  ];
}
