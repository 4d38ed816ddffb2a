/** The messages between worker, extension host and webview. Each direction is one discriminated union. */

import type { BackendName } from "./backends.js";
import type { ClaimsView } from "./claims.js";
import type { Experiment } from "./experiment.js";
import type { Pictures } from "./pictures.js";
import type { PretrainingView } from "./pretrainingSeries.js";
import type {
  EvalLine,
  PretrainingLine,
  Progress,
  ReconstructionLine,
  ReviveLine,
  RunError,
  RunPhase,
  RunRecord,
  RunState,
} from "./run.js";
import type { TrainingView, TrainingWindow, TrainLoss } from "./trainingSeries.js";

/** What a worker is started with (workerData). */
export interface WorkerInput {
  /** Absolute path of the config. */
  configFile: string;
  experiment: Experiment;
  /** Absolute path of the run folder: absent or empty. */
  runFolder: string;
  /** Folders searched for data sets that the config does not locate itself, absolute. */
  dataFolders: string[];
  /** Folder with kernels.wasm, team.js, tensorflow.js and the packed sample. */
  assets: string;
  version: string;
  /** Where tfjs-node is installed, absolute; the usual folder where nobody says. */
  tensorflowFolder?: string;
  /** How many threads `"threads": "auto"` stands for here; half of the cores where nobody says. */
  autoThreads?: number;
  /** Int32Array of one, one of `stopSignals`: what the run is asked to do at its next step. */
  stop: SharedArrayBuffer;
  /** Int32Array of one: 1 asks the run to revive units once, between two steps; it becomes 0 when they are. */
  revive?: SharedArrayBuffer;
  /** The run in `runFolder` goes on from its last checkpoint; configFile and experiment are those of its record. */
  resume?: boolean;
  /** In place of the config's number, which does not change the result. */
  threads?: number;
  /** In place of the config's: a run may go on with another. */
  backend?: BackendName;
}

/** A paused run keeps what it has for later; a stopped one is measured on the test set as well. Both can be resumed. */
export const stopSignals = { goOn: 0, stop: 1, pause: 2 } as const;

export type FromWorker =
  | { type: "started"; run: RunRecord }
  /** At most 20 a second: training lines since the last frame (common/frames), transferred. */
  | { type: "frame"; lines: ArrayBuffer; progress: Progress }
  | { type: "evaluation"; line: EvalLine }
  /** Units were revived, after the evaluation at the same step. */
  | { type: "revival"; line: ReviveLine }
  /** A phase of a run that has several begins: all that have begun. */
  | { type: "phase"; phases: RunPhase[] }
  /** At most 15 a second, and when a layer has been measured: lines of pre-training since the last. */
  | { type: "pretraining"; lines: PretrainingLine[]; progress: Progress }
  /** The last message; `run` is null when the run folder could not be made. */
  | { type: "ended"; run: RunRecord | null; error: RunError | null };

/** An evaluation with the training loss up to it. */
export interface ToldEvaluation extends EvalLine {
  trainLoss: TrainLoss | null;
}

export interface ToldRun {
  run: RunRecord;
  training: TrainingView;
  evaluations: ToldEvaluation[];
  /** Absent where it has not changed, or there is none. */
  pretraining?: PretrainingView;
  reconstructions?: ReconstructionLine[];
  /** All of them; absent where none has come. */
  revivals?: ReviveLine[];
}

/** Host → dashboard. The host sends the next snapshot or frame only when the dashboard has said that it drew the last one. */
export type ToDashboard =
  /** Complete; sent whenever the view becomes visible. */
  | ({ type: "snapshot"; folder: string } & ToldRun)
  /** Where the run stands; only evaluations and reconstructions are those since the last message. */
  | ({ type: "frame" } & ToldRun)
  /** How the run's claims stand; `reveal` when somebody asked to see them. */
  | { type: "claims"; claims: ClaimsView; reveal: boolean }
  /** The run folder cannot be read. */
  | { type: "unreadable"; folder: string; message: string }
  | Response;

/** Dashboard → host. Every request is answered, an error included. */
export type FromDashboard =
  /** The page listens, and shows this part of the training figures. */
  | { type: "ready"; window: TrainingWindow }
  /** It shows another part of them. */
  | { type: "window"; window: TrainingWindow }
  /** It has drawn what was last sent. */
  | { type: "drawn" }
  | ({ type: "request"; id: number } & DashboardRequest);

export type DashboardRequest =
  | { action: "stop" }
  | { action: "pause" }
  /** The run goes on from its last checkpoint. */
  | { action: "resume" }
  /** Units are revived once: between two steps of a run in progress, of any other before it goes on. */
  | { action: "revive" }
  /** Starts the run's config again as a new run. */
  | { action: "runAgain" }
  | { action: "openConfig" }
  | { action: "revealFolder" }
  | { action: "copyPath" }
  /** Checks the claims on the run, anew where they have been checked; how far it is, and what came out, is told by `claims`. */
  | { action: "checkClaims" }
  | { action: "cancelClaims" }
  /** Opens the page of a unit. */
  | { action: "openUnit" /** From 1. */; layer: number /** From 0. */; unit: number }
  /** The units at an evaluation on the validation set; answered with `units`. */
  | { action: "units"; step: number /** Of a measurement in the pre-training of this layer. */; layer?: number }
  /** A page of the first layer's filters, and examples with what is made of them; answered with `pictures`. */
  | { action: "pictures"; from: number };

export type Response =
  /** `units`: common/unitFrames, `pictures`: common/pictures, for the requests of these names. */
  ({ type: "response"; id: number; ok: true } & Figures) | { type: "response"; id: number; ok: false; message: string };

/** What a request for figures is answered with. */
export interface Figures {
  units?: ArrayBuffer;
  /** Null where the inputs are no images. */
  pictures?: Pictures | null;
}

/** True while a run can still change. */
export function isLive(state: RunState): boolean {
  return state === "running";
}
