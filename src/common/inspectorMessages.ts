/** The messages between the inspector's thread, the extension host and its page. Each direction is one discriminated union. */
import type { Layer, LayerStructure } from "./layers.js";
import type { Response } from "./messages.js";
import type { ProbeFailure, ProbeProgress, ProbeReport } from "./probe.js";
import type { SetName } from "./run.js";
import type { TensorDescription } from "./tensors.js";

/** What the thread is started with: one file, or two to compare, the earlier first. Absolute paths. */
export interface InspectorInput {
  files: readonly string[];
}

/** What is known of a file as soon as its header is read. */
export interface OpenedFile {
  file: string;
  /** As people call it, such as "ONNX". */
  format: string;
  /** Of the file itself, without those that it names. */
  fileBytes: number;
  tensors: number;
  layers: number;
}

/** JSON of `Listed`. */
export type ListedJson = string;
/** JSON of TensorFigures[]; a norm that is not finite is null. */
export type FiguresJson = string;

export interface Listed {
  tensors: TensorDescription[];
  layers: Layer[];
}

export type InspectionState = "opening" | "reading" | "cancelled" | "done" | "failed";

export interface InspectionProgress {
  state: InspectionState;
  /** Stored bytes of tensors that have been gone through, and those that there are to go through; weights of layers twice. */
  readBytes: number;
  totalBytes: number;
}

/** Why a file cannot be read, in words that say what to do. */
export interface InspectionError {
  /** Stable, for programs: such as `truncated`. */
  code: string;
  file: string;
  message: string;
}

/** Thread → page, passed on by the host as they are. `side` is the file's place in the input. */
export type FromInspector =
  /** Everything anew: what came before is void. */
  | { type: "begin"; files: readonly string[] }
  | { type: "opened"; side: number; opened: OpenedFile }
  /** Each of these goes on where the last of its kind and side ended; as JSON, which costs the host, that passes it on, the least. */
  | { type: "listed"; side: number; json: ListedJson }
  | { type: "figures"; side: number; json: FiguresJson }
  /** Null for layers whose units are no rectifiers, or not known to be. */
  | { type: "structures"; side: number; structures: (LayerStructure | null)[] }
  | { type: "progress"; progress: InspectionProgress }
  | { type: "failed"; error: InspectionError };

/** Host → thread. */
export type ToInspector =
  /** The page listens: everything from the beginning, then what is new as it comes. */
  | { type: "show" }
  /** It listens no more; reading goes on. */
  | { type: "hide" }
  /** Stop between two pieces; what is known is kept. */
  | { type: "cancel" }
  | { type: "goOn" };

/** An experiment whose data set could run through the model. */
export interface ProbeChoice {
  /** Absolute path of the config. */
  file: string;
  name: string;
  /** Name of its data set; null where the config has to be mended. */
  dataset: string | null;
  /** One of the examples that are packed with Rectiscope. */
  packed: boolean;
}

export interface ProbeChoices {
  experiments: ProbeChoice[];
  /** The one that the model was trained by, where its folder says so: a choice like the others. */
  suggested: string | null;
  /** A probe runs the model, on files that the config names: not in a workspace that is not trusted. */
  trusted: boolean;
}

/** What a person asked a probe to run through the model. */
export interface ProbeAsked {
  config: string;
  set: SetName;
  /** The first examples; null for all. */
  n: number | null;
}

/** The inspector's last probe, as far as it has come. */
export type ProbeState = { asked: ProbeAsked } & (
  | { state: "running"; progress: ProbeProgress | null }
  | { state: "ended"; report: ProbeReport }
  | { state: "failed"; failure: ProbeFailure }
  | { state: "cancelled" }
);

/** Host → page. */
export type ToInspectorPage =
  | FromInspector
  | { type: "probeChoices"; choices: ProbeChoices }
  /** Null where there was none, or the file was read anew since. */
  | { type: "probe"; probe: ProbeState | null }
  /** What became of a file since it was opened. */
  | { type: "onDisk"; file: string; what: "changed" | "deleted" }
  | Response;

export const inspectorActions = [
  "cancel",
  "goOn",
  "reload",
  "compareWith",
  "copyPath",
  "showLog",
  /** Answered when `probeChoices` has been sent. */
  "listExperiments",
  /** Asks for a file; it becomes the suggested one of new `probeChoices`. */
  "browseExperiment",
  "cancelProbe",
] as const;
export type InspectorAction = (typeof inspectorActions)[number];
export const exportKinds = ["csv", "json"] as const;
export type ExportKind = (typeof exportKinds)[number];

export type InspectorRequest =
  | { action: InspectorAction }
  /** Takes the place of a probe that is going on. What comes of it is told by `probe`. */
  | ({ action: "probe" } & ProbeAsked)
  /** Asks where to, and writes it. */
  | { action: "export"; kind: ExportKind; text: string };

/** Page → host. Every request is answered, an error included. */
export type FromInspectorPage = { type: "ready" } | ({ type: "request"; id: number } & InspectorRequest);
