import { expect, test } from "vitest";
import type { SelEntry } from "#proto/messages/state.ts";
import { ok } from "#proto/vocabulary/result.ts";
import { createValueSink } from "#test/support/value-sink.ts";
import { parseSelInfo } from "./sel-info.ts";
import { parseSelList, parseSelTime } from "./sel-list.ts";
import { addedEntries, SelWatch } from "./sel-watch.ts";

test("ids are hexadecimal, times are UTC, and an entry before the clock has none", () => {
  const { entries, skipped } = parseSelList(
    [
      "SEL has no entries",
      "  1a | 10/26/2025 | 20:17:30 | Power Supply #0x51 | Power Supply AC lost | Asserted",
      "  1b | 10/26/25 | 20:17:31 UTC | Power Unit PSU | Redundancy Lost | Deasserted",
      "  1c |  Pre-Init  |0000000015| Fan #0x30 | Lower Critical going low | Asserted | Reading 400 < Threshold 600 RPM",
      "  1d | OEM record df | 000137 | 010203040506",
      "  1e | 10/26/2025 | 20:17:32 CET | Fan #0x30 | ok | Asserted",
    ].join("\n"),
  );
  expect(skipped).toBe(1);
  expect(entries.map(({ id, atMs }) => [id, atMs])).toEqual([
    [0x1a, Date.UTC(2025, 9, 26, 20, 17, 30)],
    [0x1b, Date.UTC(2025, 9, 26, 20, 17, 31)],
    [0x1c, null],
    [0x1d, null],
    [0x1e, null],
  ]);
  expect(entries[1]).toMatchObject({ event: "Redundancy Lost", asserted: false });
  expect(entries[2]?.event).toBe("Lower Critical going low");
});

test("a day that is not in the calendar is no time", () => {
  expect(parseSelTime("02/30/2025", "10:00:00")).toBeNull();
  expect(parseSelTime("13/01/2025", "10:00:00")).toBeNull();
  expect(parseSelTime("01/01/1970", "00:00:10")).toBeNull();
});

test("how full the log is: by its own units, else by the tool's percent", () => {
  expect(parseSelInfo("Entries : 3\nPercent Used : 12%\n")?.usage).toBe(0.12);
  const units = "Entries : 3\nPercent Used : 12%\n# of Alloc Units : 100\n# Free Units : 75\n";
  expect(parseSelInfo(units)?.usage).toBe(0.25);
  expect(parseSelInfo("Entries : 3\n# of Alloc Units : 0\n# Free Units : 9\n")?.usage).toBeNull();
  expect(parseSelInfo("Get SEL Info command failed\n")).toBeNull();
});

const entry = (id: number, event: string): SelEntry => ({
  id,
  atMs: null,
  sensor: "Fan #0x30",
  event,
  asserted: true,
});

test("after the log was cleared, an id that begins again is a new entry", () => {
  const before = [entry(1, "one"), entry(2, "two")];
  expect(addedEntries(before, [...before, entry(3, "three")])).toEqual([entry(3, "three")]);
  expect(addedEntries(before, [entry(1, "cleared")])).toEqual([entry(1, "cleared")]);
});

test("entries are read only when the log changed", async () => {
  const sink = createValueSink();
  let info = parseSelInfo("Entries : 1\nPercent Used : 10%\n");
  let entries = [entry(1, "one")];
  let reads = 0;
  const watch = new SelWatch(
    {
      readSelInfo: async () => {
        if (info === null) throw new Error("no info");
        return ok(info);
      },
      readSelEntries: async () => {
        reads += 1;
        return ok(entries);
      },
    },
    sink,
  );
  await watch.look();
  await watch.look();
  expect(reads).toBe(1);
  expect(watch.added).toEqual([]);
  expect(sink.value("wws.bmc.sel.usage")).toBe(1000);
  info = parseSelInfo("Entries : 2\nPercent Used : 11%\n");
  entries = [...entries, entry(2, "two")];
  await watch.look();
  expect(reads).toBe(2);
  expect(watch.added).toEqual([entry(2, "two")]);
});
