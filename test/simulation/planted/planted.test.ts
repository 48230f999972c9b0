import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { judgePlanted, oneForEachRule } from "./judge-planted.ts";
import { runPlanted } from "./plant.ts";
import { plantedBugs } from "./planted-list.ts";

/** A guard against hanging, not a measure: a bug may need many runs, on a machine with other work. */
const timeout = 600_000;

describe("a bug planted into the product is found by the rule that it breaks", { timeout }, () => {
  test.each(oneForEachRule(plantedBugs))("$killedBy: $name", (bug) => {
    const { found, without } = judgePlanted(bug);
    expect(found.rule, found.words).toBe(bug.killedBy);
    expect(without).toMatchObject({ rule: null, words: "" });
  });

  test("what led to it is shrunk to a short story that breaks the same rule", () => {
    const bug = plantedBugs.find(({ kind }) => kind === "hosts");
    if (bug === undefined) throw new Error("nothing is planted");
    const { rule, story } = runPlanted(bug, { isShrunk: true });
    expect(rule).toBe(bug.killedBy);
    // One line says what the world is, the others what happens in it.
    expect(story?.length, story?.join("\n")).toBeLessThanOrEqual(12);
    expect(story?.length).toBeGreaterThan(1);
  });

  test("a text that does not stand in its file exactly once is refused before anything runs", () => {
    const [bug] = plantedBugs;
    if (bug === undefined) throw new Error("nothing is planted");
    expect(() => runPlanted({ ...bug, find: "no such text" })).toThrow(/stands 0 times in/);
    expect(() => runPlanted({ ...bug, find: "return" })).toThrow(/stands \d+ times in/);
    expect(() => runPlanted({ ...bug, file: "agent/no-such.ts" })).toThrow(/there is no/);
  });

  test("a bug that ends the process is no bug that a rule has found", () => {
    const [bug] = plantedBugs;
    if (bug === undefined) throw new Error("nothing is planted");
    const crash = { ...bug, replace: `process.abort(); ${bug.replace}` };
    expect(() => runPlanted(crash)).toThrow(/not by a rule/);
  });

  test("docs/simulation.md lists every one of them, and why a person might write it", () => {
    const text = readFileSync(new URL("../../../docs/simulation.md", import.meta.url), "utf8");
    const listed = text
      .split("\n")
      .filter((line) =>
        /^\| (?:[LS]\d+|brake|drained|freeze|holds|quarantine) \| .* \| `/.test(line),
      );
    expect(listed).toEqual(
      plantedBugs.map(
        ({ killedBy, name, because, file }) =>
          `| ${killedBy} | ${name} | ${because} | \`${file}\` |`,
      ),
    );
  });
});
