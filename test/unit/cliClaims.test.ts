/** `rectiscope claims` as a process of its own. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { isBuilt, jsonOf, runCli } from "./cliFixture.js";

vi.setConfig({ testTimeout: 60_000 }); // busy machines

describe.skipIf(!isBuilt)("rectiscope claims", () => {
  let folder: string;
  let run: string;
  const file = () => path.join(run, "claims.json");

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), "rectiscope-cli-claims-"));
    const config = path.join(folder, "small.rectiscope.json");
    const small = {
      dataset: { name: "mnist-sample" },
      network: { hidden: [40, 30] },
      training: { learningRate: 0.3, epochs: 1 },
    };
    writeFileSync(config, JSON.stringify(small));
    run = (jsonOf(await runCli(["train", config, "--json"])) as unknown as { run: string }).run;
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("Ctrl+C ends it, with the code that shells expect, and nothing is written", async () => {
    const ended = await runCli(["claims", run], {
      when: /Linear on the active units/,
      begun: (child) => child.kill("SIGINT"),
    });
    expect(ended).toMatchObject({ code: 130, stdout: "" });
    expect(ended.stderr).toContain("nothing is written");
    const json = await runCli(["claims", run, "--json"], {
      when: /Linear on the active units/,
      begun: (child) => child.kill("SIGTERM"),
    });
    expect(json.code).toBe(143);
    expect(jsonOf(json)).toMatchObject({ error: { code: "cancelled" } });
    expect(existsSync(file())).toBe(false);
  });

  it("prints each claim with its verdict and both sentences, and keeps them", async () => {
    const { code, stdout, stderr } = await runCli(["claims", run]);
    expect(code).toBe(0);
    expect(stdout.match(/^[✓✗–] .*: (holds|does not hold|not applicable)$/gm)).toHaveLength(9);
    expect(stdout.match(/^ {4}Paper: .+\.$/gm)).toHaveLength(9);
    expect(stdout.match(/^ {4}Run: {3}.+\.$/gm)).toHaveLength(9);
    expect(stderr).toContain("claims.json");
    expect(JSON.parse(readFileSync(file(), "utf8")).claims).toHaveLength(9);
  });

  it("--json: the record on one line, the same as long as nobody asks for it --again", async () => {
    const first = jsonOf(await runCli(["claims", run, "--json"]));
    expect(first).toEqual(JSON.parse(readFileSync(file(), "utf8")));
    const again = jsonOf(await runCli(["claims", run, "--json", "--again"]));
    expect(again.created).not.toBe(first.created);
    expect(again.claims).toEqual(first.claims);
  });

  it("what is no run is turned down, by its name", async () => {
    const { code, stderr } = await runCli(["claims", folder]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${folder} is not a run folder`);
    const failed = await runCli(["claims", path.join(folder, "absent"), "--json"]);
    expect(jsonOf(failed)).toMatchObject({ error: { code: "notARun" } });
    expect((await runCli(["claims"])).stderr).toContain("claims needs a run folder");
  });
});
