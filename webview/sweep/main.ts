/** The sweep page's entry: messages into the model, at most one redraw a frame, requests out. */
import "../dashboard/dashboard.css";
import "../shared/controls.css";
import "./sweep.css";
import type { SweepAction, SweepRequest, ToSweepPage } from "../../src/common/sweepMessages.js";
import { Host } from "../shared/host.js";
import { coalesced } from "../shared/redraw.js";
import { onThemeChange } from "../shared/theme.js";
import { SweepModel } from "./model.js";
import { Page } from "./page.js";
import { initialViewState, restoreViewState, type SweepViewState } from "./viewState.js";

const model = new SweepModel();
const host = new Host<SweepRequest, ToSweepPage, { type: "ready" }>((message) => {
  model.apply(message);
  if (view.folder !== model.folder) {
    // Choices belong to a sweep: another one starts without.
    view = view.folder === "" ? { ...view, folder: model.folder } : initialViewState(model.folder);
    // At once: should the window go, the folder is what brings the page back.
    host.remember(view);
  }
  redraw();
});
let view: SweepViewState = restoreViewState(host.recall());
const redraw = coalesced(draw);
const remember = coalesced(() => host.remember(view));
const page = new Page({
  act,
  openTrial: (number) => void request({ action: "openTrial", number }).catch(() => {}),
  choose,
});

onThemeChange(coalesced(() => page.repaint()));
host.say({ type: "ready" });

function draw(): void {
  if (!model.folder) return;
  if (!page.root.isConnected) document.getElementById("app")?.replaceChildren(page.root);
  page.render(model, view);
  if (document.documentElement.dataset.firstPaint === undefined) requestAnimationFrame(markFirstPaint);
}

/** Milliseconds from navigation to the frame after the first drawing; tests and budgets read it. */
function markFirstPaint(): void {
  document.documentElement.dataset.firstPaint = performance.now().toFixed(1);
}

function choose(change: Partial<SweepViewState>): void {
  view = { ...view, ...change };
  redraw();
  remember();
}

function act(action: SweepAction): Promise<void> {
  return request({ action });
}

async function request(asked: SweepRequest): Promise<void> {
  page.hideRequestError();
  try {
    await host.request(asked);
  } catch (error) {
    page.showRequestError(error instanceof Error ? error.message : String(error));
    throw error;
  }
}
