import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { listRecordings } from "./recordings-folder.ts";

/**
 * Recordings for which there is no parser yet, by kind, and whose issue brings it. A recording that
 * is in neither place fails the test: it is either read, or said not to be.
 */
const notReadYet: readonly (readonly [form: RegExp, what: string])[] = [
  [/^smart\//, "smartctl"],
  [/^redfish\//, "Redfish"],
  [/^dmi\//, "dmidecode and lshw"],
  [/^raid\//, "RAID tools"],
  [/^gpu\//, "GPU tools"],
  [
    /^ipmi\/.*(?:fru|lan-print|mc-info|bmc-info|sel-|ipmi-sel|ipmi-sensors|sensor|sdr-v|sdr-type|sdr-csv-ps|ipmicfg)/,
    "ipmitool's other texts",
  ],
];

const tests = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".test.ts") && name !== "coverage.test.ts")
  .map((name) => readFileSync(join(import.meta.dirname, name), "utf8"))
  .join("\n");

const recordings = listRecordings();
const read = recordings.filter(isRead);
const waiting = recordings.filter((name) => !isRead(name));
afterAll(() => {
  const kinds = notReadYet.map(
    ([form, what]) => `${what} ${waiting.filter((name) => form.test(name)).length}`,
  );
  process.stdout.write(
    `recordings read: ${read.length} of ${recordings.length}; not yet: ${kinds.join(", ")}\n`,
  );
});

test("every recording is read by a test, or is of a kind that no collector reads yet", () => {
  expect(recordings.length).toBeGreaterThan(100);
  expect(waiting.filter((name) => !notReadYet.some(([form]) => form.test(name)))).toEqual([]);
  expect(read.length).toBeGreaterThanOrEqual(20);
});

/** A test names it: the file, or the folder of the tree. */
function isRead(name: string): boolean {
  if (tests.includes(`"${name}"`)) return true;
  const tree = /^(?:proc-sys|power)\/([^/]+)\//.exec(name)?.[1];
  return tree !== undefined && tests.includes(tree);
}
