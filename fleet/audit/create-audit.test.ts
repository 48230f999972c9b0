import { beforeEach, describe, expect, test } from "vitest";
import { collectingLog } from "#test/support/collecting-log.ts";
import { auditEntry } from "#test/support/life-builders.ts";
import { createVirtualClock, type VirtualClock } from "#test/support/virtual-clock.ts";
import type { Audit, ExportedHead, HeadsFile } from "./audit.ts";
import type { AuditRecord, AuditStore } from "./audit-entry.ts";
import { emptyChain, linkEntry } from "./chain.ts";
import { cleanEntry } from "./clean-entry.ts";
import { createAudit } from "./create-audit.ts";
import { denialsPerMinuteMax } from "./denial-brake.ts";
import { dropLostHeads, exportEveryMs, startHeadExport } from "./export-head.ts";

/** The store's promise, in memory. */
function createMemoryAudit(): AuditStore & { readonly records: AuditRecord[] } {
  const records: AuditRecord[] = [];
  return {
    records,
    async append(entry) {
      const record = linkEntry(cleanEntry(entry), records.at(-1) ?? emptyChain);
      records.push(record);
      return record;
    },
    list: async ({ limit }) => records.toReversed().slice(0, limit),
    read: async (from, limit) => records.slice(from - 1, from - 1 + limit),
  };
}

let clock: VirtualClock;
let store: ReturnType<typeof createMemoryAudit>;
let file: readonly ExportedHead[];
let audit: Audit;
let heads: HeadsFile;
let exporting: ReturnType<typeof startHeadExport>;
let logged: ReturnType<typeof collectingLog>;

beforeEach(() => {
  clock = createVirtualClock();
  store = createMemoryAudit();
  file = [];
  logged = collectingLog();
  heads = {
    read: () => file,
    write: (written: readonly ExportedHead[]) => {
      file = written;
    },
  };
  const parts = { store, heads, clock, log: logged.log };
  audit = createAudit(parts);
  exporting = startHeadExport(parts);
});

const note = (action: string, outcome: "done" | "denied" = "done") => {
  const { atMs: _, ...rest } = auditEntry(action, { outcome });
  return rest;
};

test("what is noted stands in the chain with its time", async () => {
  await audit.append(note("session.signin"));
  await clock.advance(5_000);
  await audit.append(note("token.add"));
  expect(
    store.records.map(({ action, atMs }) => [action, atMs - (store.records[0]?.atMs ?? 0)]),
  ).toEqual([
    ["session.signin", 0],
    ["token.add", 5_000],
  ]);
  expect(await audit.verify()).toMatchObject({ records: 2, fault: null });
});

describe("the head", () => {
  test("is exported at the start, every hour in which something was written, and at the end", async () => {
    await audit.append(note("a"));
    await clock.advance(1);
    expect(file.map(({ seq }) => seq)).toEqual([1]);
    await clock.advance(exportEveryMs);
    expect(file).toHaveLength(1);
    await audit.append(note("b"));
    await clock.advance(exportEveryMs);
    expect(file.map(({ seq }) => seq)).toEqual([1, 2]);
    await audit.append(note("c"));
    await exporting.stop();
    expect(file.at(-1)).toMatchObject({ seq: 3, sha256: store.records[2]?.sha256 });
    expect(clock.timers()).toBe(0);
    expect(await audit.verify()).toMatchObject({ headsConfirmed: 3 });
  });

  test("is not exported over one that the chain no longer has, and the log says so", async () => {
    await audit.append(note("a"));
    await audit.append(note("b"));
    await clock.advance(1);
    const before = file;
    store.records.pop();
    await audit.append(note("something else"));
    await clock.advance(exportEveryMs);
    expect(file).toBe(before);
    expect(logged.lines).toMatchObject([{ level: "error", exportedSeq: 2 }]);
    expect((await audit.verify()).fault).toMatchObject({ kind: "rewritten" });
  });
});

test("after a restore the heads that the store no longer has are dropped, and exporting goes on", async () => {
  await audit.append(note("a"));
  await clock.advance(1);
  const before = store.records.length;
  await audit.append(note("b"));
  await clock.advance(exportEveryMs);
  // The store of an hour ago, which then went another way.
  store.records.length = before;
  await audit.append(note("cell.safe-mode"));
  expect((await audit.verify()).fault).not.toBeNull();
  expect(await dropLostHeads({ store, heads })).toBe(1);
  expect(await dropLostHeads({ store, heads })).toBe(0);
  await clock.advance(exportEveryMs);
  expect(file.map(({ seq }) => seq)).toEqual([1, 2]);
  expect(await audit.verify()).toMatchObject({ fault: null, headsConfirmed: 2 });
});

describe("denied attempts", () => {
  test("are written each, and beyond the limit of a minute counted", async () => {
    for (let number = 0; number < denialsPerMinuteMax + 500; number += 1)
      await audit.append(note(number % 2 === 0 ? "session.signin" : "token.use", "denied"));
    expect(store.records).toHaveLength(denialsPerMinuteMax);
    await audit.append(note("plan.apply"));
    await clock.advance(60_000);
    expect(store.records.slice(denialsPerMinuteMax)).toMatchObject([
      { action: "plan.apply", outcome: "done" },
      { action: "session.signin", outcome: "denied", facts: { times: 250 } },
      { action: "token.use", outcome: "denied", facts: { times: 250 } },
    ]);
    await audit.append(note("session.signin", "denied"));
    expect(store.records.at(-1)).toMatchObject({ actor: "ada" });
  });

  test("that were counted are written when the manager stops", async () => {
    for (let number = 0; number <= denialsPerMinuteMax; number += 1)
      await audit.append(note("session.signin", "denied"));
    await audit.stop();
    expect(store.records.at(-1)).toMatchObject({ facts: { times: 1 } });
    await exporting.stop();
    expect(clock.timers()).toBe(0);
  });
});
