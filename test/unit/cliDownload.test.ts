import { expect, it } from "vitest";
import { isBuilt, jsonOf, runCli } from "./cliFixture.js";

it.skipIf(!isBuilt)(
  "rectiscope download says what it would do, and does nothing where there is nobody to ask",
  async () => {
    const ended = await runCli(["download", "fashion-mnist", "--to", "/nowhere/at/all", "--json"]);
    expect(ended.code).toBe(2);
    expect(jsonOf(ended)).toMatchObject({ error: { code: "notConfirmed", key: "--yes" } });
    expect(ended.stderr).toMatch(/size {6}30\.9 MB to download, 55\.0 MB on disk\n {2}licence {3}MIT, © Zalando SE/);
  },
);

it.skipIf(!isBuilt).each([
  [["download"], /download needs the name of a data set/],
  [
    ["download", "cifar10", "--yes"],
    /no data set "cifar10" to download; there are mnist, fashion-mnist, sentiment-sentences/,
  ],
  [["download", "mnist", "--set", "a=1"], /download has no option --set/],
  [["train", "x", "--yes"], /train has no option --yes/],
])("usage: %j", async (args, message) => {
  const { code, stdout, stderr } = await runCli(args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(message);
});
