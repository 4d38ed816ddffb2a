/** PNG pictures in a folder for each class. */
import { createHash } from "node:crypto";
import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import type { Experiment } from "../../../common/experiment.js";
import { DataError } from "../dataError.js";
import { filePieces } from "../filePieces.js";
import { labelReader } from "../text/labels.js";
import { AreaResize } from "./areaResize.js";
import { PieceReader } from "./pieceReader.js";
import { type Picture, readPng } from "./png.js";
import { checkSameShape, checkValues, type RawPart, type RawSet } from "./rawSet.js";

export type ImagesConfig = NonNullable<Experiment["dataset"]["images"]>;

/** Of one picture. */
const maxFileBytes = 256 * 2 ** 20;
const mostPictures = 5_000_000;

interface Listed {
  file: string;
  /** Its folder's name. */
  label: string;
}

/** @throws DataError noClasses, noPictures, pictureSize, of png and of labels */
export async function loadClassFolders(
  images: ImagesConfig,
  folder: string,
  classes: number | undefined,
): Promise<RawSet> {
  const hash = createHash("sha256");
  const labels = labelReader("classes", classes, { label: "dataset.images.train", files: "dataset.images.train" });
  const test = images.test;
  const parts: { role: string; listed: Listed[] }[] = [
    { role: "train", listed: await listPictures(path.resolve(folder, images.train), "dataset.images.train") },
  ];
  if (test !== undefined)
    parts.push({ role: "test", listed: await listPictures(path.resolve(folder, test), "dataset.images.test") });
  for (const { listed } of parts) for (const { label, file } of listed) labels.read(label, file, 1);
  const { names, classOf } = labels.classes(path.resolve(folder, images.train));
  const read: { part: RawPart; shape: readonly number[]; file: string }[] = [];
  for (const { role, listed } of parts) {
    const { values, shape } = await readPictures(listed, images, role, hash);
    const numbers = Uint8Array.from(listed, ({ label, file }) => classOf[labels.read(label, file, 1)] as number);
    read.push({ part: { n: listed.length, values, labels: numbers }, shape, file: listed[0]!.file });
  }
  const [first, second] = read;
  if (first && second) checkSameShape([first.shape, first.file], [second.shape, second.file]);
  return {
    shape: first!.shape,
    train: first!.part,
    test: second?.part ?? null,
    classes: names.length,
    classNames: names,
    sha256: hash.digest("hex"),
  };
}

/** By class, then by name: whatever order the disk has. Hidden files and folders are left out. */
export async function listPictures(folder: string, key: string): Promise<Listed[]> {
  const folders = (await entriesOf(folder, key)).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const listed: Listed[] = [];
  for (const label of folders.sort()) {
    const files = (await entriesOf(path.join(folder, label), key)).filter(
      (entry) => entry.isFile() && /\.png$/i.test(entry.name),
    );
    for (const name of files.map((entry) => entry.name).sort())
      listed.push({ file: path.join(folder, label, name), label });
    if (listed.length > mostPictures)
      throw new DataError(`${folder} holds more than ${mostPictures} pictures. Use fewer.`, {
        code: "tooManyValues",
        file: folder,
        key,
      });
  }
  if (folders.length === 0)
    throw new DataError(
      `${folder} holds no folders: a folder for each class is expected, with its PNG pictures. Set ${key} to the folder of these folders.`,
      { code: "noClasses", file: folder, key },
    );
  if (listed.length === 0)
    throw new DataError(
      `${folder} has ${folders.length} folders (${folders.slice(0, 5).join(", ")}${folders.length > 5 ? ", …" : ""}), and none of them holds a file that ends in .png. Convert the pictures to PNG, or set ${key} to another folder.`,
      { code: "noPictures", file: folder, key },
    );
  return listed;
}

async function entriesOf(folder: string, key: string): Promise<Dirent[]> {
  try {
    return (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !name.startsWith("."));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const what =
      code === "ENOENT" ? "does not exist" : code === "ENOTDIR" ? "is not a folder" : `cannot be read: ${message}`;
    throw new DataError(`${folder} ${what}. Check dataset.folder and ${key}.`, {
      code: "unreadable",
      file: folder,
      key,
    });
  }
}

async function readPictures(
  listed: readonly Listed[],
  { colour, size }: ImagesConfig,
  role: string,
  all: { update(text: string): unknown },
): Promise<{ values: Uint8Array; shape: readonly number[] }> {
  const planes = colour === "rgb" ? 3 : 1;
  const one = listed[0]!;
  let values: Uint8ClampedArray | null = null;
  let [rows, columns] = [0, 0];
  let resize: AreaResize | undefined;
  for (const [k, { file, label }] of listed.entries()) {
    const hash = createHash("sha256");
    const picture: Picture = readPng(await wholeFile(file, hash), colour, file);
    all.update(`${role} ${label}\n${hash.digest("hex")}\n`);
    if (!values) {
      [rows, columns] = size ? [size[0]!, size[1]!] : [picture.rows, picture.columns];
      checkValues(listed.length, planes * rows * columns, path.dirname(path.dirname(one.file)));
      values = new Uint8ClampedArray(listed.length * planes * rows * columns);
    }
    const at = k * planes * rows * columns;
    if (picture.rows === rows && picture.columns === columns) values.set(picture.values, at);
    else if (!size)
      throw new DataError(
        `${file} has ${picture.rows} × ${picture.columns} pixels, ${one.file} has ${rows} × ${columns}: all pictures have to be of one size. Set dataset.images.size, such as [${rows}, ${columns}], to resize them.`,
        { code: "pictureSize", file, key: "dataset.images.size" },
      );
    else {
      if (!resize || resize.rows !== picture.rows || resize.columns !== picture.columns)
        resize = new AreaResize(picture.rows, picture.columns, rows, columns);
      for (let plane = 0; plane < planes; plane++)
        resize.plane(picture.values, plane * picture.rows * picture.columns, values, at + plane * rows * columns);
    }
  }
  const { buffer, byteOffset, length } = values!;
  return {
    values: new Uint8Array(buffer, byteOffset, length),
    shape: planes === 1 ? [rows, columns] : [planes, rows, columns],
  };
}

async function wholeFile(file: string, hash: { update(bytes: Uint8Array): unknown }): Promise<Uint8Array> {
  const reader = new PieceReader(filePieces(file), hash);
  try {
    const bytes = await reader.take(maxFileBytes + 1);
    if (bytes.length <= maxFileBytes) return bytes;
    throw new DataError(`${file} has more than ${maxFileBytes} bytes. Save the picture smaller, or remove it.`, {
      code: "pngTooLarge",
      file,
    });
  } finally {
    await reader.close();
  }
}
