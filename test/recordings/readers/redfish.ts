import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { readRedfish } from "#fleet/bmc/redfish/read-redfish.ts";
import type { RedfishAnswer, RedfishFacts } from "#fleet/bmc/redfish/redfish-facts.ts";
import type { RecordingReader } from "../reader.ts";
import { recordingPath } from "../recordings-folder.ts";

export const readers: readonly RecordingReader[] = [
  { matches: /^redfish\//, read: (name) => named(readRedfish(answersOf(recordingPath(name)))) },
];

/** The recordings hold bodies only; which of them came with an error's status was not kept. */
export function answersOf(path: string): readonly RedfishAnswer[] {
  if (statSync(path).isFile()) return [answerOf(path, "/redfish/v1/single")];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name === "index.json")
    .map((entry) => entry.parentPath)
    .sort()
    .map((folder) => answerOf(join(folder, "index.json"), `/${relative(path, folder)}`));
}

function answerOf(file: string, path: string): RedfishAnswer {
  let body: unknown = null;
  try {
    body = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // Not JSON: the reader says so.
  }
  return { path, status: null, body };
}

/** Facts point at parts by their names; of two with one name, at the first. */
function named(facts: RedfishFacts): unknown {
  return {
    ...facts,
    temperatureByName: byName(facts.temperatures, ({ name }) => name),
    fanByName: byName(facts.fans, ({ name }) => name),
    dimmBySlot: byName(facts.dimms, ({ slot }) => slot),
    managerById: byName(facts.managers, ({ id }) => id),
  };
}

function byName<Row>(rows: readonly Row[], nameOf: (row: Row) => string): Record<string, Row> {
  return Object.fromEntries([...rows].reverse().map((row) => [nameOf(row), row]));
}
