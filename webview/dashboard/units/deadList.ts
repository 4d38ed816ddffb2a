/** The dead units of a layer, behind a line that tells how many there are. */
import { element, setText } from "../../shared/dom.js";
import { t } from "../../shared/l10n.js";
import { counted } from "../../shared/numbers.js";
import { UnitList } from "../../shared/unitList.js";
import type { Services } from "../services.js";
import { deadUnits } from "./listedUnits.js";
import type { UnitPicture } from "./unitPicture.js";

const section = "deadUnits";

export class DeadList {
  readonly root: HTMLDetailsElement;
  private readonly summary = element("summary");
  private readonly list: UnitList;
  private picture: UnitPicture | null = null;
  private stepsPerEpoch: number | null = null;
  private drawn: UnitPicture | null = null;

  constructor({ view, openUnit }: Services) {
    this.list = new UnitList(openUnit);
    this.root = element("details", { class: "dead-list", data: { section } }, this.summary, this.list.root);
    this.root.open = view.isOpen(section);
    this.root.addEventListener("toggle", () => {
      view.setOpen(section, this.root.open);
      this.draw();
    });
  }

  render(picture: UnitPicture, stepsPerEpoch: number | null): void {
    this.picture = picture;
    this.stepsPerEpoch = stepsPerEpoch;
    const { dead } = picture.counts;
    this.root.hidden = dead === 0;
    setText(this.summary, counted(dead, "{0} dead unit, longest first", "{0} dead units, longest first"));
    this.draw();
  }

  /** Only what somebody looks at. */
  private draw(): void {
    const { picture, drawn } = this;
    if (!picture || picture === drawn || !this.root.open || this.root.hidden) return;
    this.drawn = picture;
    const { layer } = picture.layer;
    const anew = drawn?.layer !== picture.layer;
    this.list.render(t("Dead units of layer {0}", layer), deadUnits(picture, this.stepsPerEpoch), { anew });
  }
}
