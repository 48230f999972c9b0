import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import type { RecordedFacts } from "./reader.ts";
import { factsMin, isShown, readRecordedFacts, valuesOf } from "./recorded-facts.ts";
import { listRecordings } from "./recordings-folder.ts";

test("every recording is read, and has its facts; says how many of them hold", () => {
  const recordings = listRecordings();
  const written = readRecordedFacts();
  const factsOf = new Map(written.map((recorded) => [recorded.recording, recorded.facts.length]));
  const read = recordings.filter((name) => (factsOf.get(name) ?? 0) >= factsMin);
  const facts = written.reduce((sum, recorded) => sum + recorded.facts.length, 0);
  const holding = written.reduce((sum, recorded) => sum + countHolding(recorded), 0);
  process.stdout.write(
    `recordings read: ${read.length} of ${recordings.length}; facts that hold: ${holding} of ${facts}\n`,
  );
  expect(recordings.length).toBeGreaterThan(100);
  expect(recordings.filter((name) => !read.includes(name))).toEqual([]);
  expect(holding).toBe(facts);
});

/** Shown by its line, and what our parsers say. */
function countHolding(recorded: RecordedFacts): number {
  const values = valuesOf(recorded);
  return recorded.facts.filter(
    (fact, index) => isShown(recorded.recording, fact) && isDeepStrictEqual(values[index], fact.is),
  ).length;
}
