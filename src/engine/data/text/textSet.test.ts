import { rm } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DataError } from "../dataError.js";
import type { Dataset } from "../dataset.js";
import { Corpus } from "./corpus.js";
import { jsonLinesOf, loadText, starReviews, termsIn, textFolder, writeFiles } from "./textFixture.js";
import { mostFrequent, presenceOf } from "./vocabulary.js";

let folder: string;
beforeEach(async () => {
  folder = await textFolder();
});
afterEach(() => rm(folder, { recursive: true }));

async function failure(text: object, more: object = {}): Promise<DataError> {
  const error = await loadText(folder, text, more).then(
    () => null,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(DataError);
  return error;
}

/** By the term that each of `starReviews` has alone: which examples a set holds. */
const numbersIn = (terms: string[][]) =>
  terms.map((some) => Number(some.find((term) => term.startsWith("only"))?.slice(4)));

describe("the vocabulary", () => {
  it("is the terms of most training examples, the most frequent first, of equal ones the first by code units", () => {
    const corpus = new Corpus();
    for (const text of ["b a a a", "b c", "é c", "Z d", "unseen unseen x"]) corpus.add(text.split(" "), "f", 1);
    const taken = (size: number) =>
      [...mostFrequent(corpus, [0, 1, 2, 3], size)].map((term) => corpus.terms()[term] as string);
    // b and c are in two texts each; that a occurs three times in one counts once; Z comes before a, é after d
    expect(taken(100)).toEqual(["b", "c", "Z", "a", "d", "é"]);
    expect(taken(3)).toEqual(["b", "c", "Z"]);
    expect(taken(1)).toEqual(["b"]);
  });

  it("does not depend on the order of the examples", () => {
    const texts = fc.array(fc.array(fc.constantFrom(..."abcdefg"), { maxLength: 5 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 8 }), (all, size) => {
        const termsOf = (lists: string[][]) => {
          const corpus = new Corpus();
          for (const list of lists) corpus.add(list, "f", 1);
          return [...mostFrequent(corpus, lists.keys(), size)].map((term) => corpus.terms()[term]);
        };
        const counts = new Map<string, number>();
        for (const list of all) for (const term of new Set(list)) counts.set(term, (counts.get(term) ?? 0) + 1);
        const wanted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([term]) => term);
        expect(termsOf(all)).toEqual(wanted.slice(0, size));
        expect(termsOf(all.toReversed())).toEqual(wanted.slice(0, size));
      }),
    );
  });

  it("gives each example the ascending inputs of the terms that it has", () => {
    const corpus = new Corpus();
    for (const text of ["a b", "c b a b", "", "x"]) corpus.add(text.split(" ").filter(Boolean), "f", 1);
    const vocabulary = mostFrequent(corpus, [0, 1], 3);
    expect(presenceOf(corpus, Int32Array.of(1, 2, 3, 0), vocabulary)).toEqual({
      kind: "sparse",
      starts: Uint32Array.of(0, 3, 3, 3, 5),
      indices: Uint32Array.of(0, 1, 2, 0, 1),
    });
  });

  it("says where there is too much to hold", () => {
    const limits = { examples: 2, terms: 3, entries: 4 };
    const tooMuch = (texts: string[]) => {
      const corpus = new Corpus(limits);
      texts.forEach((text, k) => {
        corpus.add(text.split(" "), "some.csv", k + 1);
      });
    };
    expect(() => tooMuch(["a", "b", "c"])).toThrow(/some\.csv:3: up to here there are more than 2 examples/);
    expect(() => tooMuch(["a b c d"])).toThrow(/some\.csv:1: .* more than 3 different terms/);
    expect(() => tooMuch(["a b c", "a b"])).toThrow(/some\.csv:2: .* more than 4 terms in all/);
    expect(() => tooMuch(["a b c", "a"])).not.toThrow();
  });
});

describe("splits", () => {
  const text = { files: ["r.jsonl"], labelKey: "stars", labels: "stars" };
  beforeEach(() => writeFiles(folder, { "r.jsonl": jsonLinesOf(starReviews(200)) }));

  it("are drawn with each class's share: a fifth for the test, a tenth of the rest for validation", async () => {
    const { train, valid, test, classes, classNames, unlabelled } = await loadText(folder, text);
    expect([train.n, valid.n, test.n, classes, unlabelled]).toEqual([144, 16, 40, 5, null]);
    expect(classNames).toEqual(["1", "2", "3", "4", "5"]);
    for (const label of [0, 1, 2, 3, 4]) expect(test.labels.filter((found) => found === label).length).toBe(8);
    expect([train.stars, valid.stars, test.stars]).toEqual([true, true, true]);
  });

  it("leave no term of validation and test to the vocabulary, but for those of the training set too", async () => {
    const dataset = await loadText(folder, text);
    const train = numbersIn(termsIn(dataset, dataset.train));
    expect(train.every(Number.isInteger)).toBe(true);
    expect(dataset.terms).toHaveLength(5 + 3 + train.length);
    expect(dataset.terms?.slice(0, 3)).toEqual(["food", "is", "the"]);
    for (const set of [dataset.valid, dataset.test]) {
      const terms = termsIn(dataset, set);
      expect(terms.every((some) => some.length === 4)).toBe(true);
      expect(numbersIn(terms).some(Number.isInteger)).toBe(false);
    }
  });

  it("come from files where these are named, also for validation with a fold", async () => {
    await writeFiles(folder, { "v.jsonl": jsonLinesOf(starReviews(10)), "t.jsonl": jsonLinesOf(starReviews(15)) });
    const files = { ...text, validationFiles: ["v.jsonl"], testFiles: ["t.jsonl"] };
    const dataset = await loadText(folder, files);
    expect([dataset.train.n, dataset.valid.n, dataset.test.n]).toEqual([200, 10, 15]);
    const folded = await loadText(folder, files, { fold: { index: 1, of: 2 } });
    expect([folded.train.n, folded.valid.n, folded.test.n]).toEqual([105, 105, 15]);
  });

  it("are the same for the same seed, and others for another", async () => {
    const [one, same, other] = await Promise.all([
      loadText(folder, text),
      loadText(folder, text),
      loadText(folder, { ...text, splitSeed: 2 }),
    ]);
    expect(one).toEqual(same);
    expect(other.sha256).toBe(one.sha256);
    expect(other.terms).not.toEqual(one.terms);
  });

  it("by folds: each example is held out once, the test set stays, and each vocabulary is of that fold's training part", async () => {
    const of = 4;
    const folds: Dataset[] = [];
    for (let index = 1; index <= of; index++) folds.push(await loadText(folder, text, { fold: { index, of } }));
    const trained = folds.map((fold) => numbersIn(termsIn(fold, fold.train)));
    const all = new Set(trained.flat());
    expect(all.size).toBe(160);
    const held = trained.map((numbers) => [...all].filter((number) => !numbers.includes(number)));
    expect(held.map(({ length }) => length)).toEqual([40, 40, 40, 40]);
    expect(new Set(held.flat()).size).toBe(160);
    folds.forEach((fold, k) => {
      const own = fold.terms?.filter((term) => term.startsWith("only")).map((term) => Number(term.slice(4)));
      expect(new Set(own)).toEqual(new Set(trained[k]));
      expect(fold.test.labels).toEqual(folds[0]?.test.labels);
      expect(fold.valid.n).toBe(40);
    });
  });

  it("by folds do not look at the part that is held out: whatever stands there, the training set is the same", async () => {
    const fold = { index: 2, of: 4 };
    const before = await loadText(folder, text, { fold });
    const trained = new Set(numbersIn(termsIn(before, before.train)));
    const others = starReviews(200).map((review, k) =>
      trained.has(k) ? review : { ...review, text: `quite other words ${review.text} and more of them` },
    );
    await writeFiles(folder, { "r.jsonl": jsonLinesOf(others) });
    const after = await loadText(folder, text, { fold });
    expect(after.terms).toEqual(before.terms);
    expect(after.train).toEqual(before.train);
    expect(after.sha256).not.toBe(before.sha256);
  });
});

describe("labels", () => {
  it("that are stars are whole numbers, as numbers or texts", async () => {
    const rows = ["5.0", "1", "3", "2.", "4"].flatMap((stars) => [`a b,${stars}`, `c d,${stars}`]);
    await writeFiles(folder, { "r.csv": `text,label\n${rows.join("\n")}\n` });
    const { train, valid, test } = await loadText(folder, { files: ["r.csv"], labels: "stars" }, { validation: 2 });
    const all = [train, valid, test].flatMap(({ labels }) => [...labels]);
    expect(all.sort()).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
  });

  it.each([["0"], ["6"], ["3.5"], ["good"], ["-1"], ["1e0"]])("stars of %s are none", async (label) => {
    await writeFiles(folder, { "r.csv": `text,label\na,1\nb,${label}\n` });
    const error = await failure({ files: ["r.csv"], labels: "stars" });
    expect(error).toMatchObject({ code: "labelOutOfRange", key: "dataset.text.labels" });
    expect(error.message).toMatch(/r\.csv:3: The label is .*whole number from 1 to 5\. Mend it, set dataset\.classes/);
    expect(error.message).toContain(JSON.stringify(label));
  });

  it.each([
    [
      ["positive", "negative"],
      ["negative", "positive"],
    ],
    [
      ["10", "9", "-1"],
      ["-1", "9", "10"],
    ],
    [
      ["10", "9", "b"],
      ["10", "9", "b"],
    ],
  ])("of %j are the classes %j, wherever they stand first", async (labels, names) => {
    for (const order of [labels, labels.toReversed()]) {
      const rows = [...order, ...order, ...order, ...order].map((label) => `word${label},${label}`);
      await writeFiles(folder, { "r.tsv": `text,label\n${rows.join("\n")}\n`.replaceAll(",", "\t") });
      const dataset = await loadText(folder, { files: ["r.tsv"] });
      expect(dataset.classNames).toEqual(names);
    }
  });

  it("are of another number than the config says, of one kind, or of too many", async () => {
    await writeFiles(folder, { "two.csv": "text,label\na,x\nb,y\nc,x\nd,y\n", "one.csv": "text,label\na,x\nb,x\n" });
    expect((await failure({ files: ["two.csv"] }, { classes: 3 })).message).toMatch(
      /there are 2 different labels \("x", "y"\), but dataset\.classes is 3/,
    );
    expect((await failure({ files: ["one.csv"] })).message).toMatch(/only one label, "x"/);
    const many = Array.from({ length: 257 }, (_, k) => `a,l${k}`).join("\n");
    await writeFiles(folder, { "many.csv": `text,label\n${many}\n` });
    expect((await failure({ files: ["many.csv"] })).message).toMatch(
      /many\.csv:258: "l256" is the 257th different label/,
    );
  });
});

describe("texts without labels", () => {
  const text = { files: ["r.jsonl"], labelKey: "stars", labels: "stars" };

  it("are those without one in the files, those of unlabelledFiles, and what labelFraction leaves over", async () => {
    const reviews = [...starReviews(100), { text: "nobody rated this food", stars: null }, { text: "", stars: null }];
    await writeFiles(folder, {
      "r.jsonl": jsonLinesOf(reviews),
      "u.jsonl.gz": gzipSync(jsonLinesOf([{ text: "poor food" }, { text: "the word is superb", stars: "nonsense" }])),
    });
    const config = { ...text, unlabelledFiles: ["u.jsonl.gz"] };
    const whole = await loadText(folder, config);
    expect([whole.train.n, whole.unlabelled?.n]).toEqual([72, 3]);
    expect(termsIn(whole, whole.unlabelled!).map((terms) => terms.sort())).toEqual([
      ["food"],
      ["food", "poor"],
      ["is", "superb", "the"],
    ]);
    const some = await loadText(folder, config, { labelFraction: 0.5 });
    expect([some.train.n, some.unlabelled?.n]).toEqual([37, 38]);
    expect([some.terms, some.valid, some.test]).toEqual([whole.terms, whole.valid, whole.test]);
  });

  it("fractions are nested, and with the texts set aside they are the whole training set", async () => {
    await writeFiles(folder, { "r.jsonl": jsonLinesOf(starReviews(200)) });
    const sets = await Promise.all(
      [0.1, 0.35, 1].map((labelFraction) => loadText(folder, text, { labelFraction, labelSeed: 3 })),
    );
    const [few, more, all] = sets.map((set) => numbersIn(termsIn(set, set.train))) as [number[], number[], number[]];
    expect(few.every((number) => more.includes(number))).toBe(true);
    expect(more.every((number) => all.includes(number))).toBe(true);
    expect(sets[0]?.train.n).toBe([29, 29, 29, 29, 28].reduce((sum, n) => sum + Math.round(0.1 * n), 0));
    const left = numbersIn(termsIn(sets[1]!, sets[1]!.unlabelled!));
    expect([...more, ...left].sort((a, b) => a - b)).toEqual(all.toSorted((a, b) => a - b));
  });

  it("may not stand in the validation or test set", async () => {
    await writeFiles(folder, { "r.jsonl": jsonLinesOf(starReviews(20)), "t.jsonl": '{"text":"a","stars":null}\n' });
    const error = await failure({ ...text, testFiles: ["t.jsonl"] });
    expect(error).toMatchObject({ code: "labelMissing", message: expect.stringMatching(/t\.jsonl:1: .*the test set/) });
  });
});

it("word counts are terms as they stand, and labels of unlabelled files are not read", async () => {
  await writeFiles(folder, {
    "positive.review": "Good:2 very_good:1 a:b:3 #label#:positive\n".repeat(10),
    "negative.review": "bad:1 Good:1 #label#:negative\n".repeat(10),
    "unlabeled.review": "very_good:1 unknown:4 #label#:whatever\nbad:1\n",
  });
  const files = { files: ["positive.review", "negative.review"], unlabelledFiles: ["unlabeled.review"] };
  const dataset = await loadText(folder, files, { validation: 2 });
  expect(dataset.terms).toEqual(["Good", "a:b", "bad", "very_good"]);
  expect(dataset.classNames).toEqual(["negative", "positive"]);
  expect(termsIn(dataset, dataset.unlabelled!)).toEqual([["very_good"], ["bad"]]);
  expect([dataset.train.n, dataset.valid.n, dataset.test.n]).toEqual([14, 2, 4]);
});

describe("what is turned down", () => {
  it.each<[string, string, object, object, RegExp]>([
    ["noExamples", "text,label\na,\n", {}, {}, /no example with a label.*labelKey, which is "label"/],
    [
      "noTerms",
      "text,label\n!,1\n?,2\n!,1\n?,2\n",
      { testShare: 0.3 },
      { validation: 1 },
      /no training example has a word/,
    ],
    [
      "tooFewExamples",
      "text,label\na,1\n",
      { labels: "stars" },
      {},
      /testShare is 0\.2, which leaves nothing of the 1/,
    ],
    [
      "validationTooLarge",
      "text,label\na,1\nb,2\nc,1\n",
      {},
      { validation: 2 },
      /dataset\.validation is 2, but 2 .*1 to 1/,
    ],
    [
      "tooManyFolds",
      "text,label\na,1\nb,2\nc,1\n",
      {},
      { fold: { index: 1, of: 3 } },
      /dataset\.fold\.of is 3.*at most 2/,
    ],
  ])("%s", async (code, contents, text, more, message) => {
    await writeFiles(folder, { "r.csv": contents });
    const error = await failure({ files: ["r.csv"], ...text }, more);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.file).toBe(path.join(folder, "r.csv"));
  });

  it("a file whose name does not say its format", async () => {
    await writeFiles(folder, { "r.dat": "text,label\na,1\n" });
    expect((await failure({ files: ["r.dat"] })).message).toMatch(
      /r\.dat: its name does not say .*dataset\.text\.format/,
    );
  });
});
