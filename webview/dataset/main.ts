/** The data set page's entry: each message draws the page anew; requests go out. */
import "../dashboard/dashboard.css";
import "./dataset.css";
import type { DatasetRequest, ToDatasetPage } from "../../src/common/datasetPage.js";
import { Host } from "../shared/host.js";
import { onThemeChange } from "../shared/theme.js";
import { Page } from "./page.js";

const host = new Host<DatasetRequest, ToDatasetPage, { type: "ready" }>((message) => {
  if (!page.root.isConnected) document.getElementById("app")?.replaceChildren(page.root);
  page.render(message);
  if (document.documentElement.dataset.firstPaint === undefined) requestAnimationFrame(markFirstPaint);
});
const page = new Page(async (action) => {
  page.hideRequestError();
  try {
    await host.request({ action });
  } catch (error) {
    page.showRequestError(error instanceof Error ? error.message : String(error));
    throw error;
  }
});

/** Milliseconds from navigation to the frame after the first drawing; tests read it. */
function markFirstPaint(): void {
  document.documentElement.dataset.firstPaint = performance.now().toFixed(1);
}

onThemeChange(() => page.repaint());
host.say({ type: "ready" });
