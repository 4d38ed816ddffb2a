// `npm run l10n`: writes l10n/bundle.l10n.json, the English texts that the extension and its webviews translate, and says what the
// other bundles lack. Texts are the first argument of `t(…)`, the second and third of `counted(…)`, and the definitions of metrics.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = path.join(import.meta.dirname, "..");
export const bundles = path.join(root, "l10n");
const english = "bundle.l10n.json";

/** Which arguments of a function are texts. */
const textArguments = { t: [0], counted: [1, 2] };
/** In which every `label` and `text` is translated where it is shown. */
const definitions = ["src/common/metrics.ts", "src/common/tensors.ts"];

/** @returns the texts of all sources, in alphabetical order */
export function textsOfSources() {
  const texts = new Set();
  for (const folder of ["src/extension", "src/common", "webview"])
    for (const file of readdirSync(path.join(root, folder), { recursive: true })) {
      if (!/\.ts$/.test(file) || /\.test\.ts$/.test(file)) continue;
      const name = path.posix.join(folder, file.replaceAll("\\", "/"));
      for (const text of textsOf(name, readFileSync(path.join(root, name), "utf8"))) texts.add(text);
    }
  return [...texts].sort();
}

/** @throws Error where a text is no literal: it could not be found for translation */
export function textsOf(name, source) {
  const file = ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true);
  const texts = [];
  const visit = (node) => {
    if (ts.isCallExpression(node)) {
      const { expression } = node;
      const called = ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.text;
      for (const index of Object.hasOwn(textArguments, called) ? textArguments[called] : [])
        collect(node.arguments[index]);
    }
    if (definitions.includes(name) && ts.isPropertyAssignment(node) && ["label", "text"].includes(node.name.getText()))
      collect(node.initializer);
    ts.forEachChild(node, visit);
  };
  const collect = (node) => {
    if (!node) return;
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) texts.push(node.text);
    else if (ts.isTemplateExpression(node) && definitions.includes(name)) texts.push(withNumbers(node, file));
    else if (ts.isConditionalExpression(node)) for (const part of [node.whenTrue, node.whenFalse]) collect(part);
    else if (!isPassedOn(node)) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      throw new Error(`${name}:${line + 1}: ${node.getText()} is not a text that can be found for translation.`);
    }
  };
  visit(file);
  return texts;
}

/** A definition with the constants that it names. */
function withNumbers({ head, templateSpans }, file) {
  const constant = (name) => {
    const declared = file.statements.flatMap((one) =>
      ts.isVariableStatement(one) ? one.declarationList.declarations : [],
    );
    return String(Number(declared.find((one) => one.name.getText() === name).initializer.getText()));
  };
  return (
    head.text + templateSpans.map(({ expression, literal }) => constant(expression.getText()) + literal.text).join("")
  );
}

/** A parameter or a definition: its text is found where it comes from. */
function isPassedOn(node) {
  const name = ts.isPropertyAccessExpression(node) ? node.name.text : node.text;
  return ["label", "text", "message"].includes(name);
}

export function readBundle(name) {
  return JSON.parse(readFileSync(path.join(bundles, name), "utf8"));
}

/** Of other languages than English. */
export function translations() {
  return readdirSync(bundles).filter((name) => name !== english);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const texts = textsOfSources();
  writeFileSync(
    path.join(bundles, english),
    `${JSON.stringify(Object.fromEntries(texts.map((text) => [text, text])), null, 2)}\n`,
  );
  for (const name of translations()) {
    const bundle = readBundle(name);
    const missing = texts.filter((text) => !Object.hasOwn(bundle, text));
    const unused = Object.keys(bundle).filter((text) => !texts.includes(text));
    console.log(`${name}: ${missing.length} missing, ${unused.length} unused`);
    for (const text of missing) console.log(`  missing: ${JSON.stringify(text)}`);
    for (const text of unused) console.log(`  unused: ${JSON.stringify(text)}`);
  }
}
