/** The probe of one inspector: a data set runs through its model, in a process of its own; what came of it is kept until the next one. */
import * as vscode from "vscode";
import type { ProbeAsked, ProbeState } from "../../common/inspectorMessages.js";
import type { ProbeFailure } from "../../common/probe.js";
import type { ProbeError } from "../../engine/probe/probeError.js";
import { type StartedProbe, startProbe } from "../../engine/probe/startProbe.js";

export class ModelProbe implements vscode.Disposable {
  private process: StartedProbe | null = null;
  private known: ProbeState | null = null;

  /**
   * @param assets folder with probe.js
   * @param changed told whenever `state` is another
   */
  constructor(
    private readonly model: string,
    private readonly assets: string,
    private readonly dataFolders: () => string[],
    private readonly changed: (state: ProbeState | null) => void,
  ) {}

  get state(): ProbeState | null {
    return this.known;
  }

  /** Takes the place of the one that is going on. @throws Error in a workspace that is not trusted */
  start(asked: ProbeAsked): void {
    if (!vscode.workspace.isTrusted)
      throw new Error(
        vscode.l10n.t("A probe needs a trusted workspace: it runs the model on files that a config names."),
      );
    this.process?.cancel();
    const { model, assets } = this;
    const task = { ...asked, model, assets, dataFolders: this.dataFolders() };
    const started = startProbe(task, (progress) => this.tell(started, { asked, state: "running", progress }));
    this.process = started;
    this.tell(started, { asked, state: "running", progress: null });
    started.report.then(
      (report) => this.tell(started, { asked, state: "ended", report }),
      (error: ProbeError) =>
        this.tell(
          started,
          error.code === "cancelled"
            ? { asked, state: "cancelled" }
            : { asked, state: "failed", failure: failureOf(error) },
        ),
    );
  }

  cancel(): void {
    this.process?.cancel();
  }

  /** The model is another one: what was found out is of no use any more. */
  forget(): void {
    this.dispose();
    if (this.known === null) return;
    this.known = null;
    this.changed(null);
  }

  dispose(): void {
    this.process?.cancel();
    this.process = null;
  }

  private tell(from: StartedProbe, state: ProbeState): void {
    if (from !== this.process) return;
    this.known = state;
    this.changed(state);
  }
}

/** As it can be sent: without what an Error has beside it. */
function failureOf({ code, message, input, file, key, value }: ProbeError): ProbeFailure {
  return { code, message, input, file, key, value };
}
