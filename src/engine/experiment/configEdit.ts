/** Changes a config's text, one key at a time, and leaves everything else as it stands: comments, spaces, commas. */
import { applyEdits, type Edit, modify } from "jsonc-parser";
import { findNode, type KeyPath, parseConfig } from "./configTree.js";

export interface ConfigChange {
  path: KeyPath;
  value: unknown;
}

/** @returns edits that do not overlap; none where the text has no object to put the key in */
export function configEdits(text: string, { path, value }: ConfigChange): Edit[] {
  const { root } = parseConfig(text);
  const section = findNode(root, path.slice(0, -1))?.value ?? root;
  if (section?.type !== "object" && section?.type !== "array") return [];
  const sibling = section.children?.at(-1);
  return modify(text, [...path], value, {}).map((edit) =>
    edit.length === 0
      ? { ...edit, content: spaced(edit.content, sibling ? gapBefore(text, sibling.offset) : " ") }
      : edit,
  );
}

/** The text with a change. */
export function changedConfig(text: string, change: ConfigChange): string {
  return applyEdits(text, configEdits(text, change));
}

/** A key that is added, with the spaces that people write: jsonc-parser would set the whole line anew, or writes none. */
function spaced(content: string, gap: string): string {
  const follows = content.startsWith(",");
  const property = JSON.stringify(JSON.parse(`{${follows ? content.slice(1) : content}}`), null, 1);
  const written = property.replace(/\n\s*/g, " ").slice(2, -2);
  return follows ? `,${gap}${written}` : ` ${written} `;
}

/** What stands before a key: the line's end and the indentation where it is the first of its line, else a space. */
function gapBefore(text: string, offset: number): string {
  const [before = ""] = /(\r?\n)?[ \t]*$/.exec(text.slice(0, offset)) ?? [];
  return before.includes("\n") ? before : " ";
}
