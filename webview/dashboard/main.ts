/** The dashboard's entry: messages into the model, at most one redraw a frame, requests out. */
import "uplot/dist/uPlot.min.css";
import "./dashboard.css";
import "../shared/unitList.css";
import type { DashboardRequest, ToDashboard } from "../../src/common/messages.js";
import type { Pictures } from "../../src/common/pictures.js";
import type { TrainingWindow } from "../../src/common/trainingSeries.js";
import { Host } from "../shared/host.js";
import { t } from "../shared/l10n.js";
import { mount } from "../shared/mount.js";
import { coalesced } from "../shared/redraw.js";
import { onThemeChange } from "../shared/theme.js";
import { firstWindow } from "./charts/trainingCurves.js";
import type { ClaimsAction } from "./claims/claimsSection.js";
import { DashboardModel } from "./model.js";
import { Page } from "./page.js";
import type { Action } from "./toolbar.js";
import { View } from "./view.js";

const host = new Host<DashboardRequest, ToDashboard>((update) => {
  if (update.type === "claims") {
    // told beside the figures: the host does not wait for it to be drawn
    model.apply(update);
    if (update.reveal) page.revealClaims();
    redraw();
    return;
  }
  undrawn = true;
  redraw();
  const before = model.folder;
  model.apply(update);
  if (update.type === "frame") return;
  page.renew(before !== model.folder);
  view.setFolder(model.folder);
  // At once: should the window go, the folder is what brings the dashboard back.
  host.remember(view.state);
});
const model = new DashboardModel();
/** Something has come that the host waits to see drawn. */
let undrawn = false;
/** The part of the training figures that the host was asked for. */
let asked = "";
const redraw = coalesced(draw);
const remember = coalesced(() => host.remember(view.state));
const view = new View(host.recall(), () => {
  redraw();
  remember();
});
const page = new Page(view, { act, units, pictures, openUnit }, redraw);
const repaint = coalesced(() => page.repaint());

onThemeChange(repaint);
ask("ready", firstWindow(view.state.zoom));
window.addEventListener("resize", redraw);

function draw(): void {
  try {
    if (model.folder) render();
  } finally {
    if (undrawn) host.say({ type: "drawn" });
    undrawn = false;
  }
}

function render(): void {
  mount(page.root);
  page.render(model);
  ask("window", page.window(model));
}

/** @param type `ready` asks for everything there is to show */
function ask(type: "ready" | "window", window: TrainingWindow): void {
  const words = JSON.stringify(window);
  if (words === asked) return;
  asked = words;
  host.say({ type, window });
}

async function act(action: Action | ClaimsAction): Promise<void> {
  page.hideRequestError();
  try {
    await host.request({ action });
  } catch (error) {
    page.showRequestError(error instanceof Error ? error.message : String(error));
    throw error;
  }
}

function openUnit(layer: number, unit: number): void {
  page.hideRequestError();
  host.request({ action: "openUnit", layer, unit }).catch((error: Error) => page.showRequestError(error.message));
}

async function units(step: number, layer?: number): Promise<ArrayBuffer> {
  const response = await host.request({ action: "units", step, ...(layer !== undefined && { layer }) });
  if (!response.units) throw new Error(t("The answer held no units."));
  return response.units;
}

async function pictures(from: number): Promise<Pictures | null> {
  const response = await host.request({ action: "pictures", from });
  if (response.pictures === undefined) throw new Error(t("The answer held no pictures."));
  return response.pictures;
}
