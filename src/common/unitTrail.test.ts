import { expect, test } from "vitest";
import { goAhead, goBack, nextDead, startTrail, trailOf, visit } from "./unitTrail.js";

const at = (layer: number, unit: number) => ({ layer, unit });

test("back and forward lead along the units that were looked at", () => {
  const trail = visit(visit(startTrail(at(1, 0)), at(1, 5)), at(2, 3));
  expect(goBack(trail)).toEqual({ back: [at(1, 0)], here: at(1, 5), ahead: [at(2, 3)] });
  expect(goBack(goBack(trail))).toEqual({ back: [], here: at(1, 0), ahead: [at(2, 3), at(1, 5)] });
  expect(goAhead(goBack(goBack(trail))).here).toEqual(at(1, 5));
  expect(goAhead(goAhead(goBack(goBack(trail))))).toEqual(trail);
  expect(goBack(startTrail(at(1, 0)))).toEqual(startTrail(at(1, 0)));
  expect(goAhead(trail)).toEqual(trail);
});

test("another unit forgets what was ahead; the same one is no step", () => {
  const trail = goBack(visit(startTrail(at(1, 0)), at(1, 5)));
  expect(visit(trail, at(3, 1))).toEqual({ back: [at(1, 0)], here: at(3, 1), ahead: [] });
  expect(visit(trail, at(1, 0))).toBe(trail);
});

test("only so many steps are kept", () => {
  let trail = startTrail(at(1, 0));
  for (let unit = 1; unit < 200; unit++) trail = visit(trail, at(1, unit));
  expect(trail.back.length).toBe(50);
  expect(trail.back[0]).toEqual(at(1, 149));
});

test("what a page remembers is taken only as far as it names units", () => {
  const trail = visit(startTrail(at(1, 0)), at(1, 5));
  expect(trailOf(JSON.parse(JSON.stringify(trail)))).toEqual(trail);
  expect(trailOf({ back: [{ layer: 0, unit: 1 }, "x", at(4, 2)], here: at(1, 5), ahead: 7, folder: "/etc" })).toEqual({
    back: [at(4, 2)],
    here: at(1, 5),
    ahead: [],
  });
  for (const kept of [null, 3, {}, { here: { layer: 1, unit: -1 } }, { here: { layer: 1.5, unit: 1 } }])
    expect(trailOf(kept)).toBeNull();
});

test("the next dead unit is in the layer, in a later one, or from the beginning", () => {
  const dead = [[3, 9], [], [0]];
  expect(nextDead(at(1, 3), dead)).toEqual(at(1, 9));
  expect(nextDead(at(1, 4), dead)).toEqual(at(1, 9));
  expect(nextDead(at(1, 9), dead)).toEqual(at(3, 0));
  expect(nextDead(at(3, 0), dead)).toEqual(at(1, 3));
  expect(nextDead(at(2, 7), dead)).toEqual(at(3, 0));
  expect(nextDead(at(1, 3), [[3]])).toBeNull();
  expect(nextDead(at(1, 3), [])).toBeNull();
});
