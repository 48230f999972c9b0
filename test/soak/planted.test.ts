import { expect, test } from "vitest";
import { judgePlanted } from "#test/simulation/planted/judge-planted.ts";
import { plantedBugs } from "#test/simulation/planted/planted-list.ts";

test.each(plantedBugs)("planted: $name is found by $killedBy", (bug) => {
  const { found, without } = judgePlanted(bug);
  expect(found.rule, found.words).toBe(bug.killedBy);
  expect(without).toMatchObject({ rule: null, words: "" });
});
