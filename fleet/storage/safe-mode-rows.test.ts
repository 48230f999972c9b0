import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LifeChange } from "#fleet/lifecycle/life-store.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { describeBothEngines, storeOptions } from "#test/support/control-stores.ts";
import { hostIdOf, hostRecord } from "#test/support/inventory-builders.ts";
import {
  auditEntry,
  holdIdOf,
  holdRecord,
  operationRecord,
  planRecord,
  tenantRecord,
} from "#test/support/life-builders.ts";
import { type ControlStore, openControlStore } from "./control-store.ts";
import type { StorePlace } from "./engine.ts";
import { restoreDump } from "./restore-dump.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-safe-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lead = (store: ControlStore, holder: string, nowMs = 100) =>
  store.leader.lead({ holder, nowMs: unixMs(nowMs), untilMs: unixMs(nowMs + 10) });
const word = (by: string) => ({ by, atMs: unixMs(9), reason: "compared with the hosts" });
const actionsOf = async (store: ControlStore) =>
  (await store.audit.read(1, 99)).map(({ action }) => action);

describeBothEngines("safe mode", (bench) => {
  let store: ControlStore;
  let change: (facts: Partial<LifeChange>) => LifeChange;

  beforeEach(async () => {
    store = await bench.open();
    await store.inventory.insertHost(hostRecord(1));
    const { term } = await lead(store, "m1");
    change = (facts) => ({ term, audit: auditEntry("test"), ...facts });
    const begun = change({
      operations: [{ record: operationRecord(1), expectedVersion: 0 }],
      plans: [{ record: planRecord(1), expectedVersion: 0 }],
      holdsAdded: [holdRecord(1)],
    });
    expect(await store.lifecycle.commit(begun)).toMatchObject({ ok: true });
  });

  const enter = (seenTerm: number) =>
    store.safeMode.enter({ seenTerm, hosts: [hostIdOf(1)], atMs: unixMs(7) });

  test("is entered where hosts know a later term: who led leads no more, and the next term is above", async () => {
    expect(await store.safeMode.read()).toBeNull();
    const mode = await enter(7);
    expect(mode).toEqual({
      sinceMs: 7,
      because: "hosts-ahead",
      storeTerm: 1,
      seenTerm: 7,
      backupMs: null,
      hosts: [hostIdOf(1)],
      acknowledged: [],
    });
    expect(await store.safeMode.read()).toEqual(mode);
    const late = change({ holdsAdded: [holdRecord(2)] });
    expect(await store.lifecycle.commit(late)).toMatchObject({
      problem: { kind: "term-over", current: 7 },
    });
    expect(await lead(store, "m1")).toMatchObject({ isLeader: true, term: 8, holder: "m1" });
  });

  test("is not entered where the store's term is as late, nor twice for the same", async () => {
    expect(await enter(1)).toBeNull();
    await enter(7);
    const first = await store.safeMode.acknowledge(word("ada"));
    expect(first).toMatchObject({ ok: true });
    expect((await enter(7))?.acknowledged).toHaveLength(1);
    // What is later still is another state of things, and looked at again.
    expect(await enter(12)).toMatchObject({
      sinceMs: 7,
      storeTerm: 1,
      seenTerm: 12,
      acknowledged: [],
    });
    expect((await actionsOf(store)).filter((action) => action === "cell.safe-mode")).toHaveLength(
      2,
    );
  });

  test("lets nothing begin or go on, and lets people hold, pause, cancel and locate", async () => {
    await enter(7);
    const { term } = await lead(store, "m1");
    const commit = (facts: Partial<LifeChange>) =>
      store.lifecycle.commit({ ...change(facts), term });
    const version2 = { version: 2 } as const;
    for (const facts of [
      { operations: [{ record: operationRecord(2), expectedVersion: 0 }] },
      {
        operations: [
          { record: operationRecord(1, { ...version2, step: "notify" }), expectedVersion: 1 },
        ],
      },
      {
        plans: [
          {
            record: planRecord(1, { ...version2, status: "applying" as const }),
            expectedVersion: 1,
          },
        ],
      },
      { tenants: [{ record: tenantRecord(1), expectedVersion: 0 }] },
      { holdsReleased: [holdIdOf(1)] },
      {
        hosts: [
          {
            record: hostRecord(1, { revision: 2, phase: "retired" as const }),
            expectedRevision: 1,
          },
        ],
      },
    ])
      expect(await commit(facts)).toEqual({ ok: false, problem: { kind: "safe-mode" } });
    for (const facts of [
      { holdsAdded: [holdRecord(3)] },
      {
        operations: [
          {
            record: operationRecord(3, { kind: "locate", detail: { kind: "other" } }),
            expectedVersion: 0,
          },
        ],
      },
      {
        operations: [
          {
            record: operationRecord(1, { ...version2, status: "paused" as const }),
            expectedVersion: 1,
          },
        ],
      },
      {
        plans: [
          {
            record: planRecord(1, { ...version2, status: "canceled" as const }),
            expectedVersion: 1,
          },
        ],
      },
    ] satisfies Partial<LifeChange>[])
      expect(await commit(facts)).toEqual({ ok: true, value: undefined });
  });

  test("ends with the word of two people, each in the audit", async () => {
    expect(await store.safeMode.acknowledge(word("ada"))).toEqual({
      ok: false,
      problem: "not-in-safe-mode",
    });
    await enter(7);
    expect(await store.safeMode.acknowledge(word("ada"))).toMatchObject({
      value: { acknowledged: [{ by: "ada", reason: "compared with the hosts" }] },
    });
    expect(await store.safeMode.acknowledge(word("ada"))).toEqual({
      ok: false,
      problem: "same-person",
    });
    expect(await store.safeMode.acknowledge(word("bob"))).toEqual({ ok: true, value: null });
    expect(await store.safeMode.read()).toBeNull();
    const { term } = await lead(store, "m1");
    const goOn = { ...change({ holdsReleased: [holdIdOf(1)] }), term };
    expect(await store.lifecycle.commit(goOn)).toMatchObject({ ok: true });
    expect(await actionsOf(store)).toEqual([
      "test",
      "cell.safe-mode",
      "cell.safe-mode.acknowledge",
      "cell.safe-mode.end",
      "test",
    ]);
    const unsound = (await store.check()).filter(({ isSound }) => !isSound);
    // The operation of this test stands alone, without its host's record.
    expect(unsound.map(({ what }) => what)).toEqual(["control store: operations"]);
  });

  describe("of a store that was restored", () => {
    const restore = async (): Promise<StorePlace> => {
      const path = await store.backup(folder);
      if (store.kind === "sqlite") return { sqlite: path };
      const place = await bench.freshPlace();
      await restoreDump(path, place, storeOptions);
      return place;
    };

    test("begins when a manager opens it, with a term above all that can have been since", async () => {
      const place = await restore();
      // Meanwhile the former store went on, and its hosts with it.
      for (let nowMs = 1_000; nowMs < 1_500; nowMs += 100) await lead(store, `m${nowMs}`, nowMs);
      const former = (await lead(store, "last", 9_000)).term;
      const restored = await bench.open(place);
      expect(await restored.safeMode.read()).toMatchObject({
        because: "restored",
        storeTerm: 1,
        backupMs: expect.any(Number),
      });
      const { term } = await lead(restored, "m1", 9_000);
      expect(term).toBeGreaterThan(former);
      const old = {
        record: operationRecord(1, { version: 2, step: "notify" }),
        expectedVersion: 1,
      };
      expect(await restored.lifecycle.commit({ ...change({ operations: [old] }), term })).toEqual({
        ok: false,
        problem: { kind: "safe-mode" },
      });
      await restored.safeMode.acknowledge(word("ada"));
      await restored.safeMode.acknowledge(word("bob"));
      await restored.close();
      const again = await openControlStore(place, storeOptions);
      expect(await again.safeMode.read()).toBeNull();
      await again.close();
    });

    test("does not begin where a backup is only looked at, nor in the store it was made of", async () => {
      const place = await restore();
      const looked = await openControlStore(place, { ...storeOptions, cell: null });
      expect(await looked.safeMode.read()).toBeNull();
      await looked.close();
      expect(await store.safeMode.read()).toBeNull();
      const opened = await bench.open(place);
      expect(await opened.safeMode.read()).toMatchObject({ because: "restored" });
    });
  });
});
