import { rm } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TextFormat, textFormats } from "../../../common/experiment.js";
import { DataError } from "../dataError.js";
import { readLines } from "./lines.js";
import type { TextRecord } from "./record.js";
import { textFolder, writeFiles } from "./textFixture.js";
import { recordsOf } from "./textSet.js";
import { longestTerm, termsOf } from "./tokens.js";

let folder: string;
beforeAll(async () => {
  folder = await textFolder();
});
afterAll(() => rm(folder, { recursive: true }));

const keys = { text: "text", label: "label" };

async function read(contents: string | Uint8Array, format: TextFormat, name = "some.txt"): Promise<TextRecord[]> {
  await writeFiles(folder, { [name]: contents });
  const found: TextRecord[] = [];
  for await (const record of recordsOf(path.join(folder, name), format, keys)) found.push(record);
  return found;
}

async function failure(contents: string | Uint8Array, format: TextFormat, name?: string): Promise<DataError> {
  const error = await read(contents, format, name).then(
    () => null,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(DataError);
  return error;
}

describe("terms", () => {
  it.each([
    ["The mic is GREAT!", ["the", "mic", "is", "great"]],
    ["don't, don’t, 'quoted'", ["don't", "don't", "quoted"]],
    ["4.5 stars/5", ["4", "5", "stars", "5"]],
    ["Über naïve 日本 e\u0301t\u00e9", ["über", "naïve", "日本", "été"]],
    ["", []],
    ["!!! … 😀", []],
    [`${"a".repeat(longestTerm)} ${"b".repeat(longestTerm + 1)}`, ["a".repeat(longestTerm)]],
  ])("of %j", (text, terms) => expect(termsOf(text)).toEqual(terms));

  it("are the same whatever stands between them, and in whichever case", () => {
    const terms = fc.array(fc.stringMatching(/^[a-z0-9]{1,12}$/), { maxLength: 20 });
    const between = fc.constantFrom(" ", ", ", " - ", "\n", "…");
    fc.assert(
      fc.property(terms, between, (words, gap) => {
        expect(termsOf(words.join(gap).toUpperCase())).toEqual(words);
      }),
    );
  });
});

describe("what is read", () => {
  const both = [
    { line: 0, terms: ["good", "case"], label: "1" },
    { line: 0, terms: ["too", "small", "sadly"], label: "0" },
    { line: 0, terms: ["no", "label"], label: null },
  ];
  const withoutLines = (records: TextRecord[]) => records.map((record) => ({ ...record, line: 0 }));

  it.each<[TextFormat, string]>([
    [
      "jsonLines",
      '{"text": "Good case", "label": 1}\r\n\n{"label":"0","text":"Too small, sadly"}\n{"text":"no label","label":null}',
    ],
    [
      "json",
      '\uFEFF[{"text": "Good case", "label": 1},\n {"label":" 0 ","text":"Too small, sadly"}, {"text":"no label","label":""}]',
    ],
    ["csv", 'id,label,text\r\n1,1,Good case\r\n2,0,"Too ""small"",\nsadly"\r\n\r\n3,,no label\r\n'],
    ["tsv", 'text\tlabel\nGood case\t1\n"Too small, sadly\t0\nno label\t \n'],
    ["wordCounts", "good:1 case:2 #label#:1\ntoo:1 small:9 sadly:1 #label#:0\r\n\nno:1 label:1 #label#:\n"],
  ])("%s", async (format, contents) => {
    expect(withoutLines(await read(contents, format))).toEqual(both);
    expect(withoutLines(await read(gzipSync(contents), format, "some.gz"))).toEqual(both);
  });

  it("says where each begins", async () => {
    const lines = await read('{"text":"a","label":1}\n\n{"text":"b","label":1}\n', "jsonLines");
    expect(lines.map(({ line }) => line)).toEqual([1, 3]);
    const counts = await read("a:1 #label#:x\n\n\nb:1 #label#:y", "wordCounts");
    expect(counts.map(({ line }) => line)).toEqual([1, 4]);
  });

  it("what CSV writes, it reads back", async () => {
    const cell = fc.stringMatching(/^[a-z0-9,"\n ]{0,20}$/);
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 1, maxLength: 5 }), async (texts) => {
        const rows = texts.map((text, k) => `${quoted(text)},l${k}`);
        const records = await read(`text,label\n${rows.join("\n")}\n`, "csv");
        expect(records.map(({ terms }) => terms)).toEqual(texts.map(termsOf));
        expect(records.map(({ label }) => label)).toEqual(texts.map((_, k) => `l${k}`));
      }),
      { numRuns: 60 },
    );
  });
});

describe("what is turned down, with file, line, key, value and mend", () => {
  const good = '{"text":"a","label":1}\n';
  it.each<[string, TextFormat, string, RegExp]>([
    ["jsonSyntax", "jsonLines", `${good}{"text":`, /some\.txt:2: This is not JSON .*Mend the line/],
    ["jsonShape", "jsonLines", `${good}["a"]`, /:2: An example is an object .* a list/],
    ["jsonShape", "json", '{"text":"a"}', /:1: A JSON file of texts is a list.*"jsonLines"/],
    ["jsonShape", "json", "[1]", /:1: An example is an object .*1/],
    ["keyMissing", "jsonLines", '{"Text":"a","label":1}', /:1: There is no key "text".*textKey.*Did you mean "Text"/],
    ["keyMissing", "jsonLines", '{"text":"a","stars":1}', /:1: There is no key "label".*one of "text", "stars"/],
    ["textKind", "jsonLines", '{"text":5,"label":1}', /:1: The value of "text" is 5; it has to be a text/],
    ["labelKind", "jsonLines", '{"text":"a","label":[1]}', /:1: The label, "label", is a list/],
    ["keyMissing", "csv", "review,label\na,1\n", /:1: There is no column "text".*"review", "label"/],
    ["csvSyntax", "csv", "text,label\na,b,1\n", /:2: There are 3 columns, 2 in the first line.*double quotes/],
    ["csvSyntax", "csv", 'text,label\n"a,1\n', /A double quote is opened and never closed/],
    ["csvSyntax", "tsv", "text\tlabel\na\tb\t1\n", /:2: There are 3 columns, 2 .*no tabs/],
    ["countSyntax", "wordCounts", "good:1 bad #label#:1", /:1: "bad" is not a term with its count/],
    ["countSyntax", "wordCounts", "good:0 #label#:1", /:1: "good:0"/],
    ["countSyntax", "wordCounts", ":3 #label#:1", /:1: ":3"/],
    ["labelMissing", "wordCounts", "a:1 #label#:x\ngood:1", /:2: There is no #label#: on this line.*unlabelledFiles/],
  ])("%s in %s", async (code, format, contents, message) => {
    const error = await failure(contents, format);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.file).toBe(path.join(folder, "some.txt"));
  });

  it("bytes that are no UTF-8, at their line", async () => {
    const bytes = Buffer.from('{"text":"a","label":1}\n{"text":"caf\xe9","label":1}\n', "latin1");
    const error = await failure(bytes, "jsonLines");
    expect(error.message).toMatch(/some\.txt:2 is not UTF-8 text\. Save the file with the encoding UTF-8\./);
    expect((await failure(Buffer.from([0xff, 0, 1, 2]), "csv")).message).toMatch(/:1 .* seems to be binary/);
  });

  it.each([
    ["no gzip", Buffer.from("text,label\na,1\n")],
    ["half of one", gzipSync(Buffer.from(`text,label\n${"a,1\n".repeat(100_000)}`)).subarray(0, 60)],
  ])("%s", async (_, bytes) => expect((await failure(bytes, "csv", "x.csv.gz")).code).toBe("gzipCorrupt"));

  it("files that are not there, or no files", async () => {
    const missing = await read("", "csv").then(() => readAll(path.join(folder, "nowhere.csv")));
    expect(missing).toMatchObject({ code: "textUnreadable" });
    expect(missing?.message).toMatch(/nowhere\.csv does not exist\. Check dataset\.folder/);
    expect(await readAll(folder)).toMatchObject({ code: "textUnreadable" });
  });

  async function readAll(file: string): Promise<DataError | null> {
    try {
      for await (const _ of recordsOf(file, "csv", keys));
    } catch (error) {
      return error as DataError;
    }
    return null;
  }
});

describe("hostile files", () => {
  it("a line without an end is not read to its end", async () => {
    await writeFiles(folder, { "long.gz": gzipSync(Buffer.alloc(200 << 20, "a"), { level: 1 }) });
    const before = process.memoryUsage().rss;
    const reading = (async () => {
      for await (const _ of readLines(path.join(folder, "long.gz")));
    })();
    await expect(reading).rejects.toMatchObject({ code: "lineTooLong", message: expect.stringMatching(/long\.gz:1 /) });
    expect(process.memoryUsage().rss - before).toBeLessThan(80 << 20);
  });

  it("a file of more bytes than it may unpack to ends there", async () => {
    await writeFiles(folder, { "bomb.gz": gzipSync(Buffer.alloc(1 << 20, "a,b\n")) });
    const reading = (async () => {
      const limits = { line: 1000, file: 500_000 };
      for await (const _ of readLines(path.join(folder, "bomb.gz"), undefined, limits));
    })();
    await expect(reading).rejects.toMatchObject({ code: "textTooLarge" });
  });

  it("an open quote does not swallow a whole file", async () => {
    const error = await failure(`text,label\n"${"a,1\n".repeat(1_150_000)}`, "csv");
    expect(error).toMatchObject({ code: "csvSyntax", message: expect.stringMatching(/longer than|never closed/) });
  });

  it("any bytes give records or an error that says where", async () => {
    const shaped = fc.constantFrom(
      '{"text":"a b","label":1}\n',
      "text,label\n",
      '"',
      "\n",
      "\t",
      "a:1 ",
      "#label#:",
      "[",
      "]",
      "\\",
      "\u0000",
      "é",
      '{"__proto__":{"text":"x"},',
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(shaped, { maxLength: 30 }).map((parts) => Buffer.from(parts.join(""))),
    );
    await fc.assert(
      fc.asyncProperty(bytes, fc.constantFrom(...textFormats), fc.boolean(), async (contents, format, gz) => {
        const name = gz ? "fuzz.gz" : "fuzz";
        try {
          for (const { terms, label, line } of await read(contents, format, name)) {
            expect(terms.every((term) => typeof term === "string" && term !== "")).toBe(true);
            expect(label === null || (label !== "" && typeof label === "string")).toBe(true);
            expect(line).toBeGreaterThan(0);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
          expect((error as DataError).message).toContain(name);
        }
      }),
      { numRuns: 250 },
    );
  });
});
