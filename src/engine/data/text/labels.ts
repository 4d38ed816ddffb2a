/** From labels as files have them to classes. */
import { limits } from "../../../common/experiment.js";
import { DataError } from "../dataError.js";
import { recordError, shown } from "./record.js";

/** Stars where `dataset.classes` does not say. */
const fiveStars = 5;

/** Takes labels as they are read, and knows at the end which classes there are. */
export interface LabelReader {
  /** @returns a provisional number. @throws DataError labelOutOfRange, tooManyLabels */
  read(label: string, file: string, line: number): number;
  /**
   * What each class is called, in their order, and the class of each provisional number.
   * @throws DataError labelCount
   */
  classes(file: string): { names: string[]; classOf: Uint8Array };
}

/** Keys of the config that say where labels are. */
export interface LabelKeys {
  label: string;
  files: string;
}

const textKeys: LabelKeys = { label: "dataset.text.labelKey", files: "dataset.text.files" };

/** @param classes as the config has them */
export function labelReader(
  kind: "classes" | "stars",
  classes: number | undefined,
  keys: LabelKeys = textKeys,
): LabelReader {
  return kind === "stars" ? new Stars(classes ?? fiveStars) : new Names(classes, keys);
}

class Stars implements LabelReader {
  constructor(private readonly most: number) {}

  read(label: string, file: string, line: number): number {
    const stars = /^\d{1,3}(\.0*)?$/.test(label) ? Number(label) : 0;
    if (stars >= 1 && stars <= this.most) return stars - 1;
    throw recordError(
      "labelOutOfRange",
      file,
      line,
      `The label is ${shown(label)}; with dataset.text.labels "stars" it has to be a whole number from 1 to ${this.most}. Mend it, set dataset.classes to the largest number of stars, or dataset.text.labels to "classes".`,
      { key: "dataset.text.labels", value: "stars" },
    );
  }

  classes() {
    const numbers = Array.from({ length: this.most }, (_, k) => k);
    return { names: numbers.map((k) => String(k + 1)), classOf: Uint8Array.from(numbers) };
  }
}

class Names implements LabelReader {
  private readonly known = new Map<string, number>();

  constructor(
    private readonly wanted: number | undefined,
    private readonly keys: LabelKeys,
  ) {}

  read(label: string, file: string, line: number): number {
    const found = this.known.get(label);
    if (found !== undefined) return found;
    if (this.known.size === limits.classes)
      throw recordError(
        "tooManyLabels",
        file,
        line,
        `${shown(label)} is the ${limits.classes + 1}th different label; there may be ${limits.classes}. Set ${this.keys.label} to the key of the class.`,
        { key: this.keys.label },
      );
    this.known.set(label, this.known.size);
    return this.known.size - 1;
  }

  /** Numbers by size, anything else by its UTF-16 code units. */
  classes(file: string) {
    const { wanted } = this;
    const names = [...this.known.keys()];
    const numeric = names.every((name) => Number.isFinite(Number(name)));
    names.sort((a, b) => (numeric ? Number(a) - Number(b) : 0) || (a < b ? -1 : 1));
    const list = `${names.slice(0, 10).map(shown).join(", ")}${names.length > 10 ? ", …" : ""}`;
    if (wanted !== undefined && names.length !== wanted)
      throw new DataError(
        `${file}: there are ${names.length} different labels (${list}), but dataset.classes is ${wanted}. Remove dataset.classes, or mend the labels.`,
        { code: "labelCount", file, key: "dataset.classes", value: wanted },
      );
    if (names.length < 2)
      throw new DataError(
        `${file}: there is only one label, ${list}; a network needs two classes to tell apart. Name files with the other classes too.`,
        { code: "labelCount", file, key: this.keys.files },
      );
    const classOf = new Uint8Array(names.length);
    names.forEach((name, k) => {
      classOf[this.known.get(name) as number] = k;
    });
    return { names, classOf };
  }
}
