// Makes the tests of a mocha suite the steps of one story: after a step that fails, the ones that follow are skipped.
import { beforeEach } from "mocha";

/** Call it inside `describe`. */
export function inSteps() {
  beforeEach(function () {
    if (this.currentTest.parent.tests.some((test) => test.state === "failed")) this.skip();
  });
}
