/** The data set page's entry: each message draws the page anew; requests go out. */
import "../dashboard/dashboard.css";
import "./dataset.css";
import type { DatasetRequest, ToDatasetPage } from "../../src/common/datasetPage.js";
import { Host } from "../shared/host.js";
import { mount } from "../shared/mount.js";
import { onThemeChange } from "../shared/theme.js";
import { Page } from "./page.js";

const host = new Host<DatasetRequest, ToDatasetPage, { type: "ready" }>((message) => {
  mount(page.root);
  page.render(message);
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

onThemeChange(() => page.repaint());
host.say({ type: "ready" });
