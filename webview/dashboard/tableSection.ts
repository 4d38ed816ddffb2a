/** The figures behind a drawing, as a table that opens and can be copied. */
import { csvOf, type FigureTable } from "../shared/csv.js";
import { element, setText } from "../shared/dom.js";
import { t } from "../shared/l10n.js";

const copiedMs = 2000;

/** What a table needs of its page. */
export interface TableServices {
  /** Remembers which sections are open. */
  view: { isOpen(section: string): boolean; setOpen(section: string, open: boolean): void };
  /** Puts text on the clipboard; says so, or shows why it could not. */
  copy(text: string): Promise<boolean>;
}

export class TableSection {
  readonly root: HTMLDetailsElement;
  private readonly scroller = element("div", { class: "scroller", attributes: { tabindex: "0", role: "region" } });
  private readonly copyButton = element("button", {
    class: "link-button",
    attributes: { type: "button" },
    data: { action: "copyCsv" },
  });
  private make: (() => FigureTable) | null = null;
  private revision = "";
  private drawn = "";

  /** @param name of the drawing, for the view state */
  constructor(
    name: string,
    private readonly services: TableServices,
  ) {
    const section = `table:${name}`;
    setText(this.copyButton, t("Copy as CSV"));
    this.copyButton.addEventListener("click", () => void this.copy());
    this.root = element(
      "details",
      { class: "figures" },
      element("summary", {}, t("Show as table")),
      this.copyButton,
      this.scroller,
    );
    this.root.open = services.view.isOpen(section);
    this.root.addEventListener("toggle", () => {
      services.view.setOpen(section, this.root.open);
      this.draw();
    });
  }

  setTitle(title: string): void {
    this.scroller.setAttribute("aria-label", t("{0}, as a table", title));
  }

  /**
   * @param revision differs when the table does
   * @param make called only when somebody looks
   */
  render(revision: string, make: () => FigureTable): void {
    this.revision = revision;
    this.make = make;
    this.draw();
  }

  private draw(): void {
    if (!this.root.open || !this.make || this.drawn === this.revision) return;
    this.drawn = this.revision;
    const { columns, rows } = this.make();
    const head = columns.map((name) => element("th", { attributes: { scope: "col" } }, name));
    const body = rows.map((row) => element("tr", {}, ...row.map((cell) => element("td", {}, cell.text))));
    const table = element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...body));
    this.scroller.replaceChildren(table);
  }

  private async copy(): Promise<void> {
    if (!this.make || !(await this.services.copy(csvOf(this.make())))) return;
    setText(this.copyButton, t("Copied"));
    window.setTimeout(() => setText(this.copyButton, t("Copy as CSV")), copiedMs);
  }
}
