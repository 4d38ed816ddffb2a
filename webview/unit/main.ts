/** The unit page's entry: messages in, requests out, and what is remembered over a reload. */
import "uplot/dist/uPlot.min.css";
import "../dashboard/dashboard.css";
import "../shared/unitList.css";
import "./unit.css";
import type { FromUnitPage, ToUnitPage, UnitRequest } from "../../src/common/unitPage.js";
import { Host } from "../shared/host.js";
import { mount } from "../shared/mount.js";
import { coalesced } from "../shared/redraw.js";
import { onThemeChange } from "../shared/theme.js";
import { Page } from "./page.js";
import { UnitView } from "./viewState.js";

const host = new Host<UnitRequest, ToUnitPage, Extract<FromUnitPage, { type: "ready" }>>((message) => {
  mount(page.root);
  switch (message.type) {
    case "unit":
      view.setTrail(message.head.folder, message.head.trail);
      // At once: should the window go, this is what brings the page back.
      host.remember(view.state);
      return page.render(message);
    case "work":
      return page.renderWork(message.work);
    case "unreadable":
      return page.showUnreadable(message.folder, message.message);
  }
});
const redraw = coalesced(() => page.redraw());
const view = new UnitView(host.recall(), () => {
  host.remember(view.state);
  redraw();
});
const page = new Page(view, ask);

onThemeChange(coalesced(() => page.repaint()));
host.say({ type: "ready", trail: view.state.trail });

async function ask(request: UnitRequest): Promise<void> {
  page.hideRequestError();
  try {
    await host.request(request);
  } catch (error) {
    page.showRequestError(error instanceof Error ? error.message : String(error));
    throw error;
  }
}
