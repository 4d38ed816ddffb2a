// What every story needs: a person at a VS Code before it, a picture of each test that fails, and the end of all that.
import { after, afterEach, before } from "mocha";
import { openSession } from "./session.mjs";

/** Call it inside `describe`; what it returns is there once the tests run. */
export function inSession(options) {
  const story = {};
  before(async () => {
    Object.assign(story, await openSession(options));
  });
  after(() => story.close?.());
  afterEach(async function () {
    if (this.currentTest.state !== "failed") return;
    const { workbench } = story;
    const name = this.currentTest
      .fullTitle()
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-");
    console.log(`    picture: ${await workbench.screenshot(`failed-${name}`)}`);
    console.log(`    console errors: ${[...new Set(workbench.consoleErrors)].join("\n      ") || "none"}`);
  });
  return story;
}
