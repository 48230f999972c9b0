import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fc } from "#test/support/properties.ts";
import type { BootId, HostId, OperationId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { JournalError } from "./journal-error.ts";
import type { OrderFacts } from "./order-journal.ts";
import { openOrderJournalFile } from "./order-journal-file.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-order-journal-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const operationId = "01930000-0000-7000-8000-00000000000a" as OperationId;
const facts: OrderFacts = {
  format: 1,
  hostId: "01930000-0000-7000-8000-000000000001" as HostId,
  generation: 2,
  epoch: 7,
  term: 3,
  fence: { operationId, epoch: 7, sinceMs: unixMs(1_790_000_000_000) },
  evacuation: {
    operationId,
    epoch: 7,
    deadlineMs: unixMs(1_790_000_000_000),
    graceMs: 30_000,
    force: false,
    state: "running",
    workloads: ["systemd:photo.service"],
  },
  orders: [
    {
      commandId: "c-1",
      key: `${operationId} 7 fence`,
      action: "fence",
      epoch: 7,
      bootId: "b0070000-0000-4000-8000-000000000001" as BootId,
      state: "done",
      answer: { result: "done", detail: "" },
    },
  ],
};

test("what was noted is read again, in a file for its owner alone", () => {
  const journal = openOrderJournalFile(folder);
  expect(journal.read()).toBeNull();
  journal.write(facts);
  expect(openOrderJournalFile(folder).read()).toEqual(facts);
  expect(statSync(journal.path).mode & 0o777).toBe(0o600);
});

test("cut anywhere, or with any byte changed, it is whole or refused", () => {
  const journal = openOrderJournalFile(folder);
  journal.write(facts);
  const whole = readFileSync(journal.path);
  for (let length = 0; length < whole.length - 2; length += 5) {
    writeFileSync(journal.path, whole.subarray(0, length));
    expect(() => journal.read()).toThrow(JournalError);
  }
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
      const damaged = Buffer.from(whole);
      damaged[at] = byte;
      writeFileSync(journal.path, damaged);
      try {
        expect(journal.read()?.format).toBe(1);
      } catch (error) {
        expect(error).toBeInstanceOf(JournalError);
      }
    }),
    { numRuns: 300 },
  );
});

test("one of a newer agent is refused, and left as it is", () => {
  const journal = openOrderJournalFile(folder);
  writeFileSync(journal.path, JSON.stringify({ ...facts, format: 2 }));
  expect(() => journal.read()).toThrow(/format 2, this agent knows format 1/);
});

test.each([
  ["epoch", -1],
  ["hostId", "../x"],
  ["fence", { operationId: "x", epoch: 1 }],
  ["fence", { operationId, epoch: 1, sinceMs: "today" }],
  ["evacuation", { ...facts.evacuation, workloads: [1] }],
  ["orders", [{ ...facts.orders[0], answer: null }]],
  ["orders", [{ ...facts.orders[0], action: "erase" }]],
])("a wrong %s is refused", (field, value) => {
  const journal = openOrderJournalFile(folder);
  writeFileSync(journal.path, JSON.stringify({ ...facts, [field]: value }));
  expect(() => journal.read()).toThrow(/is damaged/);
});
