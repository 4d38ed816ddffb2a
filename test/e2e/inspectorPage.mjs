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

  /** Shows the probe, and chooses. @param config what its file ends in @param n null for all */
  async chooseProbe({ config, set = "valid", n = null }) {
    const show = this.#frame.locator('[data-action="showProbe"]');
    if (await show.isVisible()) await show.click();
    const field = (name) => this.#frame.locator(`[data-field="probe-${name}"]`);
    const option = field("config").locator(`option[value$="${config}"]`);
    await option.waitFor({ state: "attached" });
    await field("config").selectOption(await option.getAttribute("value"));
    await field("set").selectOption(set);
    await field("n").fill(n === null ? "" : String(n));
  }

  async waitForProbe(state, { limitMs = 90_000 } = {}) {
    const probe = this.#frame.locator('[data-field="probe"]');
    await retry(
      `the probe's state "${state}"`,
      async () => {
        const found = await probe.getAttribute("data-value", { timeout: 2_000 });
        if (found !== state) throw new Error(`it is "${found}": ${await probe.locator(".notice").textContent()}`);
      },
      { limitMs },
    );
  }

  /** Of each layer of the probe the raw figures. */
  probedLayers() {
    return this.#frame
      .locator(".layers tbody tr")
      .evaluateAll((rows) =>
        rows.map((row) =>
          Object.fromEntries(
            [...row.querySelectorAll("[data-figure]")].map(({ dataset: { figure, value } }) => [
              figure,
              value === "" ? null : Number(value),
            ]),
          ),
        ),
      );
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
