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

  /** From now on the page counts what the host sends it of the run, keeps the last of it, and draws nothing until it is released. */
  async block() {
    await (await this.page()).evaluate(() => {
      const draw = window.requestAnimationFrame;
      const held = [];
      window.requestAnimationFrame = (callback) => held.push(callback);
      globalThis.release = () => {
        window.requestAnimationFrame = draw;
        for (const callback of held) draw.call(window, callback);
      };
    });
    await this.listen();
  }

  async release() {
    await (await this.page()).evaluate(() => globalThis.release());
  }

  /** From now on the page counts what the host sends it of the run, and keeps the last of it. */
  async listen() {
    await (await this.page()).evaluate(() => {
      globalThis.received = { count: 0, epochs: [], losses: [], bytes: 0 };
      window.addEventListener("message", ({ data }) => {
        if (!data.training) return;
        const { curves } = data.training;
        const [, , points] = new Float64Array(curves, 0, 4);
        const epochs = [...new Float64Array(curves, 32, points)];
        const losses = [...new Float32Array(curves, 32 + 8 * points, points)];
        globalThis.received = { count: globalThis.received.count + 1, epochs, losses, bytes: curves.byteLength };
      });
    });
  }

  async received() {
    return (await this.page()).evaluate(() => globalThis.received);
  }

  async press(chart, key, times = 1) {
    await this.#frame.locator(`[data-chart="${chart}"] .plot`).focus();
    for (let i = 0; i < times; i++) await this.#frame.locator(`[data-chart="${chart}"] .plot`).press(key);
  }

  /** What the person has chosen to see, and what the page shows of the units. */
  async choices() {
    return this.#frame.locator("body").evaluate(() => ({
      layer: document.querySelector('tr[aria-selected="true"]').dataset.layer,
      sort: document.querySelector('[data-sort][aria-checked="true"]').dataset.sort,
      step: document.querySelector('[data-field="time"]').dataset.value,
      map: { ...document.querySelector("[data-map]").dataset },
      zoomed: !document.querySelector('[data-action="unzoom"]').hidden,
    }));
  }

  /** The claims that are shown: which check they are of, and of each its verdict, as a mark and in words, and its sentences. */
  async claims() {
    return this.#frame.locator("body").evaluate(() => ({
      created: document.querySelector('[data-field="claims"]').dataset.value,
      cards: [...document.querySelectorAll("[data-claim]")].map((card) => ({
        claim: card.dataset.claim,
        verdict: card.querySelector(".verdict").dataset.value,
        words: card.querySelector(".verdict").textContent,
        sentences: [".claim-paper", ".claim-run"].map((part) => card.querySelector(part).textContent),
      })),
    }));
  }

  /** Where an element begins in the window, in pixels. */
  top(selector) {
    return this.#frame
      .locator(selector)
      .first()
      .evaluate((found) => found.getBoundingClientRect().top);
  }

  isVisible(selector) {
    return this.#frame.locator(selector).first().isVisible();
  }

  async scrollTo(selector) {
    await this.#frame.locator(selector).first().scrollIntoViewIfNeeded();
  }

  /** What is drawn of a run's pre-training: the filters' marks and how many colours they have, and the strips of examples. */
  async pictures() {
    return this.#frame.locator("body").evaluate(() => {
      const canvas = document.querySelector("[data-filters]");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return {
        filters: { ...canvas.dataset },
        colours: new Set(new Uint32Array(data.buffer)).size,
        strips: [...document.querySelectorAll("[data-strip]")].map(({ dataset }) => dataset.strip),
      };
    });
  }

  /** So many measurements before the latest, by the slider. */
  async travelBack(moments) {
    const slider = this.#field("time");
    await slider.focus();
    for (let i = 0; i < moments; i++) await slider.press("ArrowLeft");
  }

  async choose(selector) {
    await this.#frame.locator(selector).first().click();
  }

  #field(name) {
    return this.#frame.locator(`[data-field="${name}"]`).first();
  }
}

async function rawNumber(locator) {
  const value = await locator.getAttribute("data-value", { timeout: 5_000 });
  return value === null || value === "" ? null : Number(value);
}
