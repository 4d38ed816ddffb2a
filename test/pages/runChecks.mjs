// Runs a page's checks in a browser, one after the other, and writes down what came of them. With an argument: those whose title has it.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { withDashboard } from "../dashboard/served.mjs";
import { resultsFolder } from "../host/paths.mjs";
import { printResults } from "../host/results.mjs";

/**
 * @param {string} page what titles begin with
 * @param {string} file name of the results, without ending
 * @param {Record<string, (open: Function) => Promise<void>>} checks
 * @param {object} [harness] of another page than the dashboard
 */
export async function runChecks(page, file, checks, harness) {
  const results = { passes: [], failures: [], pending: [] };
  const complaints = await withDashboard(async (open) => {
    for (const [title, check] of Object.entries(checks)) {
      if (!title.includes(process.argv[2] ?? "")) continue;
      const started = performance.now();
      const result = { title, fullTitle: `${page} ${title}`, err: {} };
      try {
        await check(open);
        results.passes.push(result);
      } catch (error) {
        results.failures.push({ ...result, err: { message: String(error), stack: error.stack } });
      }
      result.duration = performance.now() - started;
    }
  }, harness);
  if (complaints.length > 0) {
    const fullTitle = `${page} pages write nothing to the console`;
    results.failures.push({ title: fullTitle, fullTitle, err: { message: complaints.join("\n") } });
  }
  mkdirSync(resultsFolder, { recursive: true });
  writeFileSync(path.join(resultsFolder, `${file}.json`), JSON.stringify(results));
  printResults(results);
  if (results.failures.length > 0) process.exitCode = 1;
}

/** What axe, once it is in the page, finds fault with. */
export function violationsOf(page) {
  return page.evaluate(async () => {
    const found = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join("\n")}`);
  });
}
