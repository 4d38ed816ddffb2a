// Drives VS Code's workbench as a person would: the palette, quick picks, tabs and webviews. Along the way it collects
// what must never happen: uncaught page errors and violations of a Content Security Policy.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { screenshotsFolder } from "../host/paths.mjs";

// patient: a busy machine, or one that reads its files from a cold disk, is no fault of what is tested
const LIMIT_MS = 60_000;
const RETRY_MS = 2_500;
/** A menu takes no click in its first moments. */
const MENU_MS = 400;

export class Workbench {
  /** Errors in the browser's console; for a failure's report, since the workbench logs harmless ones itself. */
  consoleErrors = [];
  pageErrors = [];
  policyViolations = [];
  #page;

  constructor(page) {
    this.#page = page;
    page.on("pageerror", (error) => this.pageErrors.push(error.stack ?? String(error)));
    page.on("console", (message) => {
      if (message.type() !== "error") return;
      this.consoleErrors.push(message.text());
      if (message.text().includes("Content Security Policy")) this.policyViolations.push(message.text());
    });
  }

  get page() {
    return this.#page;
  }

  /** Opens the page and waits until the workbench shows the folder's files. */
  async open(url) {
    await this.#page.goto(url, { timeout: 2 * LIMIT_MS });
    await this.#page.locator(".monaco-workbench .part.statusbar").waitFor({ timeout: 2 * LIMIT_MS });
    await this.#page.locator(".explorer-folders-view .monaco-list-row").first().waitFor({ timeout: LIMIT_MS });
  }

  /**
   * Runs a command by its title in the palette. The palette lists the commands known when it opens, and extensions are
   * read only after the workbench has appeared: it is opened again until the title is there.
   */
  async runCommand(title) {
    const row = this.#quickRow(title);
    await retry(`the command "${title}" in the palette`, async () => {
      await this.#page.keyboard.press("F1");
      await this.#quickInput().fill(`>${title}`, { timeout: RETRY_MS });
      try {
        await row.click({ timeout: RETRY_MS });
      } catch (error) {
        await this.#page.keyboard.press("Escape");
        throw error;
      }
    });
  }

  /** Chooses the entry whose label starts with `label` in the quick pick that a command has opened. */
  async pick(label, { limitMs = LIMIT_MS } = {}) {
    const choose = async () => {
      // Until the palette has closed, its text starts with the ">" of commands.
      const text = await this.#quickInput().inputValue({ timeout: RETRY_MS });
      if (text.startsWith(">")) throw new Error("the palette is still open");
      await this.#quickInput().fill(label, { timeout: RETRY_MS });
      await this.#quickRow(new RegExp(`^\\s*${escapeForRegExp(label)}(?![\\w.-])`)).click({ timeout: limitMs / 3 });
    };
    await retry(`the quick pick's entry "${label}"`, choose, { limitMs });
  }

  /** Types into the palette, or the quick pick that a command has opened, until its first entry starts with `text`. */
  async type(text) {
    const isCommand = text.startsWith("Rectiscope:");
    await retry(`"${text}" first in the list`, async () => {
      const open = await this.#quickInput().isVisible();
      if (!open && !isCommand) throw new Error("no quick pick");
      if (!open) await this.#page.keyboard.press("F1");
      await this.#quickInput().waitFor({ timeout: RETRY_MS });
      await this.#page.keyboard.press("ControlOrMeta+a");
      await this.#page.keyboard.type(isCommand ? `>${text}` : text);
      const focused = this.#page.locator(".quick-input-list .monaco-list-row.focused").first();
      const label = await focused.getAttribute("aria-label", { timeout: RETRY_MS });
      if (!label?.startsWith(text)) throw new Error(`it is "${label}"`);
    });
  }

  /** Of a quick pick with several choices takes one. */
  async choose(label) {
    await this.#quickRow(label).click({ timeout: LIMIT_MS });
    await this.#page.locator(".quick-input-count").filter({ hasText: "1 Selected" }).waitFor({ timeout: LIMIT_MS });
    await this.#page.locator(".quick-input-widget .monaco-button").filter({ hasText: "OK" }).click();
  }

  /** The visible webview whose tab is active and called `title`, once it has an element that matches `has`. */
  async webview(title, { has = "body" } = {}) {
    await this.#activeTab(title).waitFor({ timeout: LIMIT_MS });
    let found;
    await retry(`${has} in the webview "${title}"`, async () => {
      // A webview's document is two frames deep; hidden ones stay in the page.
      for (const outer of await this.#page.locator("iframe.webview.ready").filter({ visible: true }).all()) {
        const inner = outer.contentFrame().locator("iframe#active-frame").contentFrame();
        if ((await inner.locator(has).count()) > 0) found = inner;
      }
      if (!found) throw new Error("not there yet");
    });
    return found;
  }

  /** Loads the page anew, as a person's F5 does: VS Code is cut off in the middle of whatever it does. */
  async reload() {
    await this.#page.reload();
    await this.#isThere();
  }

  /** By VS Code's own command: it has the time to write down what its editors show. */
  async reloadWindow() {
    const loaded = this.#page.waitForEvent("load");
    await this.runCommand("Developer: Reload Window");
    await loaded;
    await this.#isThere();
  }

  async #isThere() {
    await this.#page.locator(".monaco-workbench .part.statusbar").waitFor({ timeout: 2 * LIMIT_MS });
  }

  /** The rows of the view called Runs, once its view container is open. */
  async runRows(name) {
    const pane = this.#page.locator('.pane:has(.pane-header[aria-label^="Runs"])');
    const closed = this.#page.locator(".activitybar .action-item:not(.checked)");
    await retry("the Runs view", async () => {
      if (await pane.isVisible()) return;
      // a click on the icon of the open container closes it, so it is left alone while that is still filled
      const icon = closed.locator('a[aria-label^="Rectiscope"]');
      if ((await icon.count()) > 0) await icon.first().click({ timeout: RETRY_MS });
      await pane.waitFor({ timeout: 3 * RETRY_MS });
    });
    return pane.locator(".monaco-list-row").filter({ hasText: name });
  }

  /** Waits until the newest run of that name is described by `text`. @returns its row */
  async runRow(name, text = "") {
    const rows = await this.runRows(name);
    return retry(`a run "${name}" that is "${text}"`, async () => {
      const row = rows.filter({ hasText: text }).first();
      if (!(await row.isVisible())) throw new Error(`there are: ${(await rows.allTextContents()).join(" | ")}`);
      return row;
    });
  }

  /** Clicks a row, found anew by `find` each time, until its editor, called `title`, is in front: a row that is drawn anew loses its click. */
  async openRow(find, title) {
    await retry(`the row of "${title}" opened`, async () => {
      await (await find()).click({ timeout: RETRY_MS });
      await this.#activeTab(title).waitFor({ timeout: 3 * RETRY_MS });
    });
  }

  /** Clicks one of the buttons that a row shows under the pointer, which takes the button away. */
  async rowAction(row, label) {
    const action = row.locator(`.actions .action-label[aria-label^="${label}"]`);
    let clicked = false;
    // a list that is drawn anew meanwhile loses the click
    await retry(`"${label}" taken`, async () => {
      // what the click did may be that the row is described in other words
      if (clicked && (await row.count()) === 0) return;
      await row.hover({ timeout: RETRY_MS });
      await action.click({ timeout: RETRY_MS });
      clicked = true;
      await action.waitFor({ state: "detached", timeout: 3 * RETRY_MS });
    });
  }

  /** Chooses from a row's menu, which a list that is drawn anew meanwhile may take away. */
  async contextMenu(row, label) {
    const item = this.#page.locator(".monaco-menu .action-menu-item").filter({ hasText: label }).first();
    await retry(`"${label}" in the menu`, async () => {
      try {
        await row.click({ button: "right", timeout: RETRY_MS });
        await item.waitFor({ timeout: RETRY_MS });
        await sleep(MENU_MS);
        await item.click({ timeout: RETRY_MS });
      } catch (error) {
        await this.#page.keyboard.press("Escape");
        throw error;
      }
    });
  }

  /** Answers a modal question. @returns what it asked */
  async answer(button) {
    const box = this.#page.locator(".monaco-dialog-box");
    await box.waitFor({ timeout: LIMIT_MS });
    const text = await box.locator(".dialog-message-container").textContent();
    await box.locator(".monaco-button").filter({ hasText: button }).click();
    // another question may follow at once
    await box.filter({ hasText: text }).waitFor({ state: "detached", timeout: LIMIT_MS });
    return text;
  }

  /**
   * Waits for the notification whose text has `text`, and clicks its button if one is named. One that went by, or found no room
   * among others, is in the list of them all.
   */
  async notification(text, { click, limitMs = LIMIT_MS } = {}) {
    const shown = this.#page
      .locator(".notification-toast:visible, .notifications-center.visible .monaco-list-row")
      .filter({ hasText: text })
      .first();
    await retry(
      `the notification "${text}"`,
      async () => {
        if (!(await shown.isVisible())) {
          await sleep(RETRY_MS);
          if (!(await shown.isVisible())) await this.runCommand("Notifications: Show Notifications");
        }
        await shown.waitFor({ timeout: RETRY_MS });
        if (click !== undefined)
          await shown.locator(".monaco-button").filter({ hasText: click }).click({ timeout: RETRY_MS });
      },
      { limitMs },
    );
  }

  async statusBar() {
    return (
      await this.#page
        .locator('.statusbar-item[id="rectiscope.rectiscope.rectiscope.run"], .statusbar-item[id*="rectiscope.run"]')
        .allTextContents()
    )
      .join(" ")
      .trim();
  }

  /** Of the whole bar, with the place in the active editor. */
  statusBarText() {
    return this.#page.locator(".part.statusbar").innerText();
  }

  async openFile(name) {
    await this.#page.keyboard.press("ControlOrMeta+p");
    await this.#quickInput().fill(name, { timeout: LIMIT_MS });
    await this.#quickRow(name).click({ timeout: LIMIT_MS });
    await this.#page.locator(".tab.active").filter({ hasText: name }).waitFor({ timeout: LIMIT_MS });
  }

  async closeTabs() {
    await this.runCommand("View: Close All Editors");
  }

  async openTab(label) {
    await this.#page.locator(".tab").filter({ hasText: label }).first().click();
  }

  /** Keeps a picture in .cache/screenshots. */
  async screenshot(name) {
    mkdirSync(screenshotsFolder, { recursive: true });
    const file = path.join(screenshotsFolder, `${name}.png`);
    await this.#page.screenshot({ path: file });
    return file;
  }

  #activeTab(title) {
    const label = this.#page.locator(".tab.active .label-name").getByText(title, { exact: true });
    // files are named by an attribute as well
    return label.or(this.#page.locator(`.tab.active[data-resource-name=${JSON.stringify(title)}]`)).first();
  }

  #quickInput() {
    return this.#page.locator(".quick-input-widget:visible .quick-input-filter input").first();
  }

  #quickRow(label) {
    const labels = this.#page.locator(".label-name").filter({ hasText: label });
    return this.#page.locator(".quick-input-list .monaco-list-row:visible").filter({ has: labels }).first();
  }
}

/** Calls `attempt` until it does not throw. */
export async function retry(what, attempt, { limitMs = LIMIT_MS } = {}) {
  const deadline = Date.now() + limitMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`Not within ${limitMs / 1000} s: ${what}`, { cause: error });
      await sleep(100);
    }
  }
}

function escapeForRegExp(text) {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
