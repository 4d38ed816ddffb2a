/** JSON with comments and trailing commas as a tree with positions; keys are addressed by paths such as `network.hidden[1]`. */
import { type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";

export type KeyPath = readonly (string | number)[];

/** A stretch of the text. */
export interface Span {
  offset: number;
  length: number;
}

export interface SyntaxProblem extends Span {
  message: string;
}

export interface Duplicate {
  path: KeyPath;
  first: Span;
  last: Span;
}

/** @returns root null when there is nothing to read: an empty text, or one that breaks off at once */
export function parseConfig(text: string): { root: Node | null; syntax: SyntaxProblem[] } {
  const errors: ParseError[] = [];
  const options = { allowTrailingComma: true, disallowComments: false, allowEmptyContent: true };
  let root: Node | undefined;
  try {
    // A byte order mark is not JSON; a space in its place keeps all offsets.
    root = parseTree(text.replace(/^\uFEFF/, " "), errors, options);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { root: null, syntax: [{ offset: 0, length: 1, message: "The brackets are nested too deeply." }] };
  }
  return { root: root ?? null, syntax: errors.map(describe) };
}

const hints: Record<string, string> = {
  CommaExpected: "A comma is missing before this",
  ColonExpected: "A colon is missing after the key",
  ValueExpected: "A value is missing here",
  PropertyNameExpected: "A key in double quotes is expected here",
  CloseBraceExpected: "A closing } is missing",
  CloseBracketExpected: "A closing ] is missing",
  EndOfFileExpected: "Nothing may follow the closing }",
  InvalidNumberFormat: "This is not a number",
  InvalidSymbol: "This is not a value; texts stand in double quotes",
  UnexpectedEndOfString: "The text has no closing quote",
  UnexpectedEndOfComment: "The comment has no closing */",
};

function describe({ error, offset, length }: ParseError): SyntaxProblem {
  const name = printParseErrorCode(error);
  return { offset, length, message: `${hints[name] ?? name}.` };
}

/**
 * The plain value of a node; of a key that stands twice the last, as JSON.parse has it. Every key becomes an own property,
 * `__proto__` too, so that a file cannot reach into prototypes.
 */
export function plainValue(node: Node): unknown {
  if (node.type === "array") return (node.children ?? []).map(plainValue);
  if (node.type !== "object") return node.value;
  const out = {};
  for (const { key, value } of properties(node)) defineOwn(out, key.value, value ? plainValue(value) : undefined);
  return out;
}

export function defineOwn(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

/** The node of a value, and of its key where it has one; null when the file does not say it. */
export function findNode(root: Node | null, path: KeyPath): { key: Node | null; value: Node } | null {
  let found: { key: Node | null; value: Node } | null = root ? { key: null, value: root } : null;
  for (const segment of path) {
    if (!found) return null;
    const node: Node = found.value;
    if (node.type === "object") {
      const property = properties(node).findLast(({ key }) => key.value === segment);
      found = property?.value ? { key: property.key, value: property.value } : null;
    } else {
      const item = node.type === "array" && typeof segment === "number" ? node.children?.[segment] : undefined;
      found = item ? { key: null, value: item } : null;
    }
  }
  return found;
}

export function findDuplicates(node: Node, path: KeyPath = []): Duplicate[] {
  if (node.type === "array")
    return (node.children ?? []).flatMap((item, index) => findDuplicates(item, [...path, index]));
  if (node.type !== "object") return [];
  const seen = new Map<string, Node>();
  const found: Duplicate[] = [];
  for (const { key, value } of properties(node)) {
    const first = seen.get(key.value);
    if (first) found.push({ path: [...path, key.value], first, last: key });
    else seen.set(key.value, key);
    if (value) found.push(...findDuplicates(value, [...path, key.value]));
  }
  return found;
}

/** `["network", "hidden", 1]` → `network.hidden[1]` */
export function formatPath(path: KeyPath): string {
  return path.map((part, at) => (typeof part === "number" ? `[${part}]` : at === 0 ? part : `.${part}`)).join("");
}

/** 1-based line and column, in UTF-16 units. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const line = before.split(/\r\n|\r|\n/).length;
  const start = Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\r")) + 1;
  return { line, column: before.length - start + 1 };
}

function properties(node: Node): { key: Node; value: Node | undefined }[] {
  return (node.children ?? []).flatMap(({ children }) => {
    const [key, value] = children ?? [];
    return key ? [{ key, value }] : [];
  });
}
