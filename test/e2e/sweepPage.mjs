// Reads a sweep's page through the marks its elements carry for programs.
import { retry } from "./workbench.mjs";

export class SweepPage {
  #frame;

  constructor(frame) {
    this.#frame = frame;
  }

  /** The open page of the sweep called `name`. */
  static async of(workbench, name) {
    return new SweepPage(await workbench.webview(name, { has: ".trials" }));
  }

  async waitForState(state, { limitMs = 90_000 } = {}) {
    await retry(
      `the sweep's state "${state}"`,
      async () => {
        const found = await this.#frame.locator('[data-field="state"]').getAttribute("data-value", { timeout: 2_000 });
        if (found !== state) throw new Error(`it is "${found}"`);
      },
      { limitMs },
    );
  }

  async click(action) {
    await this.#frame.locator(`[data-action="${action}"]`).first().click();
  }

  async text(field) {
    return (await this.#frame.locator(`[data-field="${field}"]`).first().textContent()).trim();
  }

  /** Rows as they are shown: the raw values of their cells by column. */
  rows() {
    return this.#frame.locator(".trials tbody tr").evaluateAll((rows) =>
      rows.map((row) => ({
        trial: Number(row.dataset.trial),
        ...Object.fromEntries(
          [...row.cells].map((cell) => [
            cell.dataset.column,
            cell.dataset.value === "" ? null : Number(cell.dataset.value),
          ]),
        ),
        state: row.dataset.state,
      })),
    );
  }

  marks(kind = "trial") {
    return this.#frame.locator(`.mark-${kind}`);
  }

  async openMark(trial) {
    await this.#frame.locator(`.mark-trial[data-trial="${trial}"]`).first().click();
  }

  async sortBy(column) {
    await this.#frame.locator(`[data-sort="${column}"]`).click();
  }

  async filter(text) {
    await this.#frame.locator('[data-field="filter"]').fill(text);
  }

  async choose(field, option) {
    await this.#frame.locator(`[data-field="${field}"]`).selectOption(option);
  }

  locator(selector) {
    return this.#frame.locator(selector);
  }

  async waitForTheme(kind) {
    await retry(`the theme ${kind} in the page`, async () => {
      const found = await this.#frame.locator("body").getAttribute("data-vscode-theme-kind");
      if (found !== kind) throw new Error(`it is ${found}`);
    });
  }

  /** The page's own frame. */
  async page() {
    return (await this.#frame.locator("body").elementHandle()).ownerFrame();
  }
}
