/** The entry of the page of units' curves: it asks nothing of its host, and what was chosen outlasts a reload. */
import "../dashboard/dashboard.css";
import "../shared/controls.css";
import "./unitCurves.css";
import { Host } from "../shared/host.js";
import { mount } from "../shared/mount.js";
import { coalesced } from "../shared/redraw.js";
import { onThemeChange } from "../shared/theme.js";
import { Page } from "./page.js";
import { restoreViewState } from "./viewState.js";

const host = new Host<never, { type: "none" }, { type: "ready" }>(() => {});
let view = restoreViewState(host.recall());
const redraw = coalesced(draw);
const remember = coalesced(() => host.remember(view));
const page = new Page((change) => {
  view = { ...view, ...change };
  redraw();
  remember();
});

onThemeChange(redraw);
draw();
host.say({ type: "ready" });

function draw(): void {
  mount(page.root);
  page.render(view);
}
