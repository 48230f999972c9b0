import { expect, test } from "vitest";
import { parseRecording, writeRecording } from "#fleet/bmc/probe-recording.ts";
import { readRedfish } from "#fleet/bmc/redfish/read-redfish.ts";
import type { RedfishFacts } from "#fleet/bmc/redfish/redfish-facts.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { answersOf } from "./readers/redfish.ts";
import { listRecordings, recordingPath } from "./recordings-folder.ts";

/** What real services say, written as a recording of ours: no name is left, no reading is lost. */
test.each(listRecordings().filter((name) => name.startsWith("redfish/")))("%s", (name) => {
  const answers = answersOf(recordingPath(name));
  const files = writeRecording(
    {
      probedAtMs: 0,
      suiteUsed: null,
      exchanges: null,
      answers,
      ipmiOutcome: { outcome: "not-asked" },
      redfishOutcome: { outcome: "ok", detail: "" },
    },
    { secrets: ["no-such-word", "nobody", "192.168.0.9"], random: createSeededRandom(4) },
  );
  const before = readRedfish(answers);
  const after = readRedfish(parseRecording(files).answers ?? []);
  const text = [...files.values()].join().toLowerCase();
  const left = serialsOf(before).filter((serial) => text.includes(serial.toLowerCase()));
  expect(left).toEqual([]);
  expect(readingsOf(after)).toEqual(readingsOf(before));
});

function serialsOf({ systems, supplies, dimms, drives }: RedfishFacts): readonly string[] {
  const found = [...systems, ...supplies, ...dimms, ...drives].flatMap(({ serial }) =>
    serial === null ? [] : [serial],
  );
  return [...new Set(found)];
}

function readingsOf(facts: RedfishFacts): unknown {
  return {
    watts: [facts.power.totalWatts, facts.power.source],
    temperatures: facts.temperatures.map(({ name, celsius, margin }) => [name, celsius, margin]),
    fans: facts.fans.map(({ name, rpm, percent }) => [name, rpm, percent]),
    dimms: facts.dimms.map(({ slot, sizeMiB, partNumber }) => [slot, sizeMiB, partNumber]),
    firmware: facts.managers.map(({ model, firmware }) => [model, firmware]),
    systems: facts.systems.map(({ model, biosVersion, reset }) => [model, biosVersion, reset]),
  };
}
