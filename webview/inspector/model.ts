/** What the page knows of its file, or of the two that it compares. */
import { compareModels, type ModelComparison, type TensorComparison } from "../../src/common/compareModels.js";
import type {
  InspectionError,
  InspectionProgress,
  Listed,
  OpenedFile,
  ProbeChoices,
  ProbeState,
  ToInspectorPage,
} from "../../src/common/inspectorMessages.js";
import type { Layer, LayerStructure } from "../../src/common/layers.js";
import type { TensorDescription, TensorFigures } from "../../src/common/tensors.js";

export interface TensorRow extends TensorDescription {
  /** Place in the file. */
  index: number;
  /** Null until they are known. */
  figures: TensorFigures | null;
}

export interface SideModel {
  opened: OpenedFile;
  tensors: TensorRow[];
  layers: Layer[];
  /** How many tensors have figures; they come in order. */
  counted: number;
  /** Of the first layers; of all of them in the end. */
  structures: (LayerStructure | null)[];
}

/** A tensor of two models. */
export interface ComparedRow extends TensorComparison {
  index: number;
  earlier: TensorRow | null;
  later: TensorRow | null;
}

export class InspectorModel {
  files: readonly string[] = [];
  sides: SideModel[] = [];
  progress: InspectionProgress | null = null;
  error: InspectionError | null = null;
  onDisk = new Map<string, "changed" | "deleted">();
  /** What a probe may take its data from; null until the host has said so. */
  choices: ProbeChoices | null = null;
  probe: ProbeState | null = null;
  /** Differs whenever there are other tensors or layers. */
  revision = 0;
  /** Differs whenever there are other figures. */
  figuresRevision = 0;
  private compared: { key: string; comparison: ModelComparison; rows: ComparedRow[] } | null = null;

  get comparing(): boolean {
    return this.files.length > 1;
  }

  /** All headers have been read. */
  get listed(): boolean {
    return (
      this.sides.length > 0 &&
      this.sides.length === this.files.length &&
      this.sides.every(({ opened, tensors }) => tensors.length === opened.tensors)
    );
  }

  apply(message: Exclude<ToInspectorPage, { type: "response" }>): void {
    switch (message.type) {
      case "begin":
        this.files = message.files;
        this.sides = [];
        this.progress = null;
        this.error = null;
        this.onDisk.clear();
        this.revision++;
        this.figuresRevision++;
        break;
      case "opened":
        this.sides[message.side] = { opened: message.opened, tensors: [], layers: [], counted: 0, structures: [] };
        this.revision++;
        break;
      case "listed": {
        const { tensors, layers } = this.side(message.side);
        const listed = JSON.parse(message.json) as Listed;
        for (const tensor of listed.tensors) tensors.push({ ...tensor, index: tensors.length, figures: null });
        layers.push(...listed.layers);
        this.revision++;
        break;
      }
      case "figures": {
        const side = this.side(message.side);
        for (const figures of JSON.parse(message.json) as TensorFigures[])
          side.tensors[side.counted++]!.figures = figures;
        this.figuresRevision++;
        break;
      }
      case "structures":
        this.side(message.side).structures.push(...message.structures);
        this.figuresRevision++;
        break;
      case "progress":
        this.progress = message.progress;
        break;
      case "failed":
        this.error = message.error;
        break;
      case "probeChoices":
        this.choices = message.choices;
        break;
      case "probe":
        this.probe = message.probe;
        break;
      case "onDisk":
        this.onDisk.set(message.file, message.what);
        break;
    }
  }

  /** Of two files. @param swapped the second counts as the earlier one */
  comparison(swapped: boolean): { comparison: ModelComparison; rows: readonly ComparedRow[] } {
    const key = `${this.revision} ${this.figuresRevision} ${swapped}`;
    if (this.compared?.key === key) return this.compared;
    const [first, second] = this.ordered(swapped);
    const side = ({ tensors, layers, structures }: SideModel) => ({
      tensors,
      layers: layers.map(({ name }, l) => ({ name, structure: structures[l] ?? null })),
    });
    const comparison = compareModels(side(first), side(second));
    const rows = comparison.tensors.map((tensor, index) => ({
      ...tensor,
      index,
      earlier: tensor.before === null ? null : first.tensors[tensor.before]!,
      later: tensor.after === null ? null : second.tensors[tensor.after]!,
    }));
    this.compared = { key, comparison, rows };
    return this.compared;
  }

  /** The earlier side and the later one. */
  ordered(swapped: boolean): [SideModel, SideModel] {
    const [first, second] = this.sides as [SideModel, SideModel];
    return swapped ? [second, first] : [first, second];
  }

  private side(side: number): SideModel {
    return this.sides[side] as SideModel;
  }
}
