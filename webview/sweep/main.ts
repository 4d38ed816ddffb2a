/** The sweep page's entry: messages into the model, at most one redraw a frame, requests out. */
import "../dashboard/dashboard.css";
import "../shared/controls.css";
import "./sweep.css";
import type { SweepAction, SweepRequest, ToSweepPage } from "../../src/common/sweepMessages.js";
import { Host } from "../shared/host.js";
import { mount } from "../shared/mount.js";
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
  mount(page.root);
  page.render(model, view);
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
