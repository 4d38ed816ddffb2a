/** What the page knows of its sweep. */
import type { StudyReport } from "../../src/common/studyReport.js";
import type { ToSweepPage } from "../../src/common/sweepMessages.js";
import { noProgress, type SweepProgress, type SweepRecord } from "../../src/common/sweepRecord.js";
import type { SweepSummary } from "../../src/common/sweepSummary.js";

export class SweepModel {
  folder = "";
  record: SweepRecord | null = null;
  progress: SweepProgress = noProgress;
  summary: SweepSummary = { groups: [] };
  /** Null for a sweep that repeats nothing of the paper. */
  study: StudyReport | null = null;
  /** Why the folder cannot be read; null while it can. */
  unreadable: string | null = null;
  /** Differs whenever a trial does. */
  revision = 0;

  apply(message: Exclude<ToSweepPage, { type: "response" }>): void {
    switch (message.type) {
      case "sweep":
        this.folder = message.folder;
        this.record = message.record;
        this.progress = message.progress;
        this.summary = message.summary;
        this.study = message.study;
        this.unreadable = null;
        this.revision++;
        break;
      case "progress":
        this.progress = message.progress;
        break;
      case "unreadable":
        this.folder = message.folder;
        this.record = null;
        this.unreadable = message.message;
        break;
    }
  }

  get live(): boolean {
    return this.record?.state === "running";
  }
}
