import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { recordingReaders } from "./all-readers.ts";
import type { RecordedFact, RecordedFacts } from "./reader.ts";
import { recordingPath } from "./recordings-folder.ts";

/** Each recording has as many, or more. */
export const factsMin = 5;

const factsFolder = join(import.meta.dirname, "facts");

/** What people wrote down: facts/KIND/NAME.json, in the order of their names. */
export function readRecordedFacts(): readonly RecordedFacts[] {
  return readdirSync(factsFolder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(factsFolder, name), "utf8")) as RecordedFacts);
}

/** Whether the recording has that line, and the line what the fact quotes. */
export function isShown(recording: string, fact: RecordedFact): boolean {
  const path = recordingPath(fact.file === undefined ? recording : join(recording, fact.file));
  if (!existsSync(path)) return false;
  const line = readFileSync(path, "latin1").split("\n")[fact.line - 1];
  return (
    fact.shows.length > 0 && line?.includes(Buffer.from(fact.shows).toString("latin1")) === true
  );
}

/** What our parsers make of it, at the paths of the facts. Throws unless one reader matches. */
export function valuesOf({ recording, facts }: RecordedFacts): readonly unknown[] {
  const [reader, ...others] = recordingReaders.filter(({ matches }) => matches.test(recording));
  if (reader === undefined || others.length > 0)
    throw new Error(`${recording} has ${reader === undefined ? 0 : 1 + others.length} readers`);
  const answer = reader.read(recording);
  return facts.map(({ path }) => valueAt(answer, path));
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
