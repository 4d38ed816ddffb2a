// Reads an inspector through the marks its elements carry for programs.
import { retry } from "./workbench.mjs";

export class InspectorPage {
  #frame;

  constructor(frame) {
    this.#frame = frame;
  }

  /** The open inspector whose tab is called `name`. */
  static async of(workbench, name, { has = ".inspector" } = {}) {
    return new InspectorPage(await workbench.webview(name, { has }));
  }

  async waitForState(state, { limitMs = 60_000 } = {}) {
    await retry(
      `the inspector's state "${state}"`,
      async () => {
        const found = await this.#frame.locator(".inspector-header").getAttribute("data-value", { timeout: 2_000 });
        if (found !== state) throw new Error(`it is "${found}"`);
      },
      { limitMs },
    );
  }

  /** The raw number of a tile. */
  async number(field) {
    const raw = await this.#frame.locator(`.tile[data-field="${field}"]`).getAttribute("data-value");
    return raw === "" ? null : Number(raw);
  }

  /** The rows that are drawn: raw values of their cells by column. */
  rows() {
    return this.#frame.locator(".grid-row:not(.grid-group)").evaluateAll((rows) =>
      rows
        .sort((a, b) => Number(a.dataset.item) - Number(b.dataset.item))
        .map((row) =>
          Object.fromEntries(
            [...row.children].map((cell) => {
              const { column, value } = cell.dataset;
              return [column, value === "" ? null : Number.isNaN(Number(value)) ? value : Number(value)];
            }),
          ),
        ),
    );
  }

  async waitForRows(what, holds) {
    return retry(what, async () => {
      const rows = await this.rows();
      if (!holds(rows)) throw new Error(JSON.stringify(rows.slice(0, 5)));
      return rows;
    });
  }

  async click(action) {
    await this.#frame.locator(`[data-action="${action}"]`).first().click();
  }

  async sortBy(column) {
    await this.#frame.locator(`[data-sort="${column}"]`).click();
  }

  async search(text) {
    await this.#frame.locator('[data-field="search"]').fill(text);
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
