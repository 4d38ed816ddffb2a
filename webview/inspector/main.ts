/** The inspector's entry: messages into the model, at most one redraw a frame, requests out. */
import "../dashboard/dashboard.css";
import "../shared/controls.css";
import "./inspector.css";
import type { ExportKind, InspectorRequest, ToInspectorPage } from "../../src/common/inspectorMessages.js";
import { Host } from "../shared/host.js";
import { mount } from "../shared/mount.js";
import { coalesced } from "../shared/redraw.js";
import { onThemeChange } from "../shared/theme.js";
import { InspectorModel } from "./model.js";
import { Page } from "./page.js";
import { type InspectorViewState, initialViewState, restoreViewState } from "./viewState.js";

const model = new InspectorModel();
const host = new Host<InspectorRequest, ToInspectorPage, { type: "ready" }>((message) => {
  const suggested = model.choices?.suggested;
  model.apply(message);
  // another file that was just chosen takes the place of what was chosen before
  if (message.type === "probeChoices" && suggested !== undefined && message.choices.suggested !== suggested)
    choose({ probe: { ...view.probe, config: null } });
  if (message.type === "begin" && view.files.join("\n") !== message.files.join("\n")) {
    // Choices belong to a file: another one starts without.
    view = initialViewState(message.files);
    page.forget();
    // At once: should the window go, the files are what brings a comparison back.
    host.remember(view);
  }
  redraw();
});
let view: InspectorViewState = restoreViewState(host.recall());
const redraw = coalesced(draw);
const remember = coalesced(() => host.remember(view));
const page = new Page({
  act: (action) => request({ action }),
  probe: (asked) => request({ action: "probe", ...asked }),
  save,
  choose,
});
/** Whether the probe was shown at the last drawing. */
let probing = false;

onThemeChange(coalesced(() => page.repaint()));
host.say({ type: "ready" });

function draw(): void {
  if (!model.error && !model.listed) return;
  mount(page.root);
  page.render(model, view);
  // asked for each time that it opens: experiments come and go
  if (view.probing && !probing) void request({ action: "listExperiments" }).catch(() => {});
  probing = view.probing;
}

function choose(change: Partial<InspectorViewState>): void {
  view = { ...view, ...change };
  if (!("scroll" in change)) redraw();
  remember();
}

function save(kind: ExportKind, text: string): void {
  void request({ action: "export", kind, text }).catch(() => {});
}

async function request(wanted: InspectorRequest): Promise<void> {
  page.hideRequestError();
  try {
    await host.request(wanted);
  } catch (error) {
    page.showRequestError(error instanceof Error ? error.message : String(error));
    throw error;
  }
}
