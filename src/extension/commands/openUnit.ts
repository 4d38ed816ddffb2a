/** Opens the page of a unit: from a link, or of the run, layer and number that the person chooses. */
import path from "node:path";
import * as vscode from "vscode";
import type { LayerShape, RunRecord } from "../../common/run.js";
import type { UnitPlace } from "../../common/unitPage.js";
import { placeOf } from "../../common/unitTrail.js";
import type { Parts } from "../parts.js";
import { readRecord } from "../runs/readModel.js";
import { deadUnitsOf } from "../units/deadUnits.js";
import { folderArgument } from "./arguments.js";
import { pickRun } from "./picks.js";

/** Dead units that a question names. */
const mostNamed = 8;

/** @param argument run folder @param layer from 1 @param unit from 0; what is absent is asked for */
export async function openUnit(
  { manager, runs, unitPages }: Pick<Parts, "manager" | "runs" | "unitPages">,
  argument: unknown,
  layer: unknown,
  unit: unknown,
): Promise<void> {
  const folder = folderArgument(argument) ?? (await pickRun(runs, vscode.l10n.t("A unit of which run?")));
  if (folder === undefined) return;
  const record = manager.model(folder)?.record ?? (await readRecord(folder));
  const place = placeOf({ layer, unit }) ?? (await pickUnit(folder, record));
  if (!place) return;
  await unitPages.open(folder, path.basename(folder)).show(place);
}

async function pickUnit(folder: string, record: RunRecord): Promise<UnitPlace | null> {
  const hidden = record.layers.filter(({ activation }) => activation !== "softmax");
  if (hidden.length === 0) throw new Error(vscode.l10n.t("{0} has no hidden layers.", record.name));
  const dead = (await deadUnitsOf(folder, record))?.layers ?? [];
  const shape = hidden.length === 1 ? hidden[0] : await pickLayer(hidden, dead);
  if (!shape) return null;
  const given = await askUnit(shape, dead[shape.layer - 1] ?? []);
  return given === undefined ? null : { layer: shape.layer, unit: Number(given) };
}

async function pickLayer(hidden: readonly LayerShape[], dead: number[][]): Promise<LayerShape | undefined> {
  const items = hidden.map((shape) => ({
    label: vscode.l10n.t("Layer {0}", shape.layer),
    // none where dead is not defined, or not known
    description: dead[shape.layer - 1]?.length
      ? vscode.l10n.t("{0} units, {1} dead", shape.units, dead[shape.layer - 1]!.length)
      : vscode.l10n.t("{0} units", shape.units),
    shape,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t("A unit of which layer?") }))?.shape;
}

async function askUnit({ layer, units }: LayerShape, dead: readonly number[]): Promise<string | undefined> {
  const range = vscode.l10n.t("Which unit of layer {0}? A number from 0 to {1}.", layer, units - 1);
  const named = dead.slice(0, mostNamed).join(", ") + (dead.length > mostNamed ? ", …" : "");
  return vscode.window.showInputBox({
    prompt: dead.length > 0 ? `${range} ${vscode.l10n.t("Dead: {0}", named)}` : range,
    value: String(dead[0] ?? 0),
    validateInput: (text) => (/^\d{1,9}$/.test(text.trim()) && Number(text) < units ? undefined : range),
  });
}
