// Reads a run's dashboard through the marks its elements carry for programs: data-field, data-figure, data-value.
import { retry } from "./workbench.mjs";

export class Dashboard {
  #frame;

  constructor(frame) {
    this.#frame = frame;
  }

  /** The open dashboard of the run called `name`. */
  static async of(workbench, name) {
    return new Dashboard(await workbench.webview(name, { has: '[data-field="state"]' }));
  }

  async text(field) {
    return (await this.#field(field).textContent()).trim();
  }

  /** The raw number behind what a field shows; null while it shows none. */
  number(field) {
    return rawNumber(this.#field(field));
  }

  async layer(layer, figures) {
    const row = this.#frame.locator(`tr[data-layer="${layer}"]`);
    const cell = (figure) => rawNumber(row.locator(`[data-figure="${figure}"]`));
    return Object.fromEntries(await Promise.all(figures.map(async (figure) => [figure, await cell(figure)])));
  }

  async waitForState(state, { limitMs = 60_000 } = {}) {
    await retry(
      `the dashboard's state "${state}"`,
      async () => {
        const { text, value } = await this.#field("state").evaluate((element) => ({
          text: element.textContent,
          value: element.dataset.value,
        }));
        if (value !== state && !text.toLowerCase().includes(state)) throw new Error(`it is "${text.trim()}"`);
      },
      { limitMs },
    );
  }

  /** Clicks one of the dashboard's buttons. */
  async click(action) {
    await this.#frame.locator(`[data-action="${action}"]`).first().click();
  }

  async stop() {
    await this.click("stop");
  }

  /** Waits until the page has the colours of a kind of theme, as VS Code calls it. */
  async waitForTheme(kind) {
    await retry(`the theme ${kind} in the dashboard`, async () => {
      const found = await this.#frame.locator("body").getAttribute("data-vscode-theme-kind");
      if (found !== kind) throw new Error(`it is ${found}`);
    });
  }

  /** The page in which the dashboard is. */
  async page() {
    return (await this.#frame.locator("body").elementHandle()).ownerFrame();
  }

  #field(name) {
    return this.#frame.locator(`[data-field="${name}"]`).first();
  }
}

async function rawNumber(locator) {
  const value = await locator.getAttribute("data-value", { timeout: 5_000 });
  return value === null || value === "" ? null : Number(value);
}
