/** The dashboard's entry: messages into the model, at most one redraw a frame, requests out. */
import "uplot/dist/uPlot.min.css";
import "./dashboard.css";
import type { DashboardRequest, ToDashboard } from "../../src/common/messages.js";
import { Host } from "../shared/host.js";
import { coalesced } from "../shared/redraw.js";
import { onThemeChange } from "../shared/theme.js";
import { DashboardModel } from "./model.js";
import { Page } from "./page.js";

const model = new DashboardModel();
const page = new Page(ask);
const redraw = coalesced(draw);
const repaint = coalesced(() => page.repaint());

const host = new Host<DashboardRequest, ToDashboard>((update) => {
  model.apply(update);
  if (update.type === "snapshot" || update.type === "unreadable") host.remember({ folder: model.folder });
  // Before the first snapshot there is nothing to draw changes of.
  if (model.folder) redraw();
});
onThemeChange(repaint);
host.ready();

function draw(): void {
  if (!page.root.isConnected) document.getElementById("app")?.replaceChildren(page.root);
  page.render(model);
  if (document.documentElement.dataset.firstPaint === undefined) requestAnimationFrame(markFirstPaint);
}

/** Milliseconds from navigation to the frame after the first drawing; tests and budgets read it. */
function markFirstPaint(): void {
  document.documentElement.dataset.firstPaint = performance.now().toFixed(1);
}

async function ask(action: DashboardRequest["action"]): Promise<void> {
  page.hideRequestError();
  try {
    await host.request({ action });
  } catch (error) {
    page.showRequestError(error instanceof Error ? error.message : String(error));
    throw error;
  }
}
