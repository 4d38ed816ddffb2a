/** The page's words for the states of trials. */
import type { TrialState } from "../../src/common/sweepRecord.js";
import { t } from "../shared/l10n.js";

export const trialWords: Record<TrialState, string> = {
  pending: t("waiting"),
  running: t("running"),
  paused: t("paused"),
  stopped: t("stopped"),
  finished: t("finished"),
  failed: t("failed"),
};
