import { describe, expect, test } from "vitest";
import { factsMin, isShown, readRecordedFacts, valuesOf } from "./recorded-facts.ts";
import { listRecordings } from "./recordings-folder.ts";

/** Every fact that a person read in a recording, against what our parsers make of it. */
const written = readRecordedFacts();

test("the files of facts are each about one recording that is there, and no two about the same", () => {
  const names = written.map(({ recording }) => recording);
  expect(new Set(names).size).toBe(names.length);
  const known = listRecordings();
  expect(names.filter((name) => !known.includes(name))).toEqual([]);
});

describe.each(written)("$recording", (recorded) => {
  const { recording, facts } = recorded;
  test(`has ${factsMin} facts or more, each shown by its line`, () => {
    expect(facts.length).toBeGreaterThanOrEqual(factsMin);
    expect(facts.filter((fact) => !isShown(recording, fact))).toEqual([]);
  });

  test("is read as a person reads it", () => {
    const values = valuesOf(recorded);
    const found = facts.map(({ path }, index) => [path, values[index]]);
    expect(found).toEqual(facts.map(({ path, is }) => [path, is]));
  });
});
