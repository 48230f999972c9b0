import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { recordingReaders } from "./all-readers.ts";
import type { RecordedFact, RecordedFacts } from "./reader.ts";
import { listRecordings, recordingPath } from "./recordings-folder.ts";

/** Every fact that a person read in a recording, against what our parsers make of it. */
const factsMin = 5;
const factsFolder = join(import.meta.dirname, "facts");
const written = readdirSync(factsFolder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".json"))
  .sort()
  .map((name) => JSON.parse(readFileSync(join(factsFolder, name), "utf8")) as RecordedFacts);

test("the files of facts are each about one recording that is there, and no two about the same", () => {
  const names = written.map(({ recording }) => recording);
  expect(new Set(names).size).toBe(names.length);
  const known = listRecordings();
  expect(names.filter((name) => !known.includes(name))).toEqual([]);
});

describe.each(written)("$recording", ({ recording, facts }) => {
  test(`has ${factsMin} facts or more, each shown by its line`, () => {
    expect(facts.length).toBeGreaterThanOrEqual(factsMin);
    expect(facts.filter((fact) => !isShown(recording, fact))).toEqual([]);
  });

  test("is read as a person reads it", () => {
    const matching = recordingReaders.filter(({ matches }) => matches.test(recording));
    expect(matching.length, "readers of it").toBe(1);
    const answer = matching[0]?.read(recording);
    const found = facts.map(({ path }) => [path, valueAt(answer, path)]);
    expect(found).toEqual(facts.map(({ path, is }) => [path, is]));
  });
});

function isShown(recording: string, fact: RecordedFact): boolean {
  const path = recordingPath(fact.file === undefined ? recording : join(recording, fact.file));
  if (!existsSync(path)) return false;
  const line = readFileSync(path, "latin1").split("\n")[fact.line - 1];
  return (
    fact.shows.length > 0 && line?.includes(Buffer.from(fact.shows).toString("latin1")) === true
  );
}

/** undefined becomes null: JSON has no other word for what is not there. */
function valueAt(answer: unknown, path: string): unknown {
  let value: unknown = answer;
  for (const step of path.split(/(?<!\\)\./).map((part) => part.replaceAll("\\.", "."))) {
    if (typeof value !== "object" || value === null) return null;
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  return value ?? null;
}
