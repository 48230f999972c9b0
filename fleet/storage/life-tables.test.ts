import { beforeEach, describe, expect, test } from "vitest";
import type { LifeChange, LifeStore } from "#fleet/lifecycle/life-store.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { describeBothEngines } from "#test/support/control-stores.ts";
import { hostIdOf, hostRecord } from "#test/support/inventory-builders.ts";
import {
  auditEntry,
  drainDetail,
  holdIdOf,
  holdRecord,
  leaseIdOf,
  leaseRecord,
  operationIdOf,
  operationRecord,
  planIdOf,
  planRecord,
  someWhy,
  tenantIdOf,
  tenantRecord,
} from "#test/support/life-builders.ts";
import type { ControlStore } from "./control-store.ts";

const changeOf = (facts: Partial<LifeChange>, action = "test"): LifeChange => ({
  term: 0,
  audit: auditEntry(action),
  ...facts,
});
const isNew = <Item>(record: Item) => ({ record, expectedVersion: 0 });
const follows = <Item extends { readonly version: number }>(record: Item) => ({
  record,
  expectedVersion: record.version - 1,
});
const moved = (what: string, id: string) => ({ ok: false, problem: { kind: "moved", what, id } });

describeBothEngines("the store of the lifecycle", (bench) => {
  let store: ControlStore;
  let life: LifeStore;

  beforeEach(async () => {
    store = await bench.open();
    life = store.lifecycle;
    await store.inventory.insertHost(hostRecord(1));
    await store.inventory.insertHost(hostRecord(2));
  });

  const write = (facts: Partial<LifeChange>, action?: string) =>
    life.commit(changeOf(facts, action));
  const actions = async () => (await store.audit.read(1, 99)).map(({ action }) => action);

  describe("a change", () => {
    test("is written whole, with one entry in the audit, and read back as it was", async () => {
      const operation = operationRecord(1, {
        why: [someWhy],
        planId: planIdOf(1),
        deadlineMs: unixMs(2_000_000_000_000),
        found: "silent",
        foundHeardMs: unixMs(4),
        detail: {
          ...drainDetail,
          fence: { agentAckMs: unixMs(5), tenancyAckMs: null, tenancyRevision: 3 },
          remaining: ["systemd:ünï'\" \u0000.service"],
          proof: {
            epoch: 1,
            agentMs: unixMs(5),
            tenancyMs: unixMs(6),
            tenancyRevision: 3,
            by: "typed-serial",
          },
        },
        history: [
          {
            step: "cordon",
            startedMs: unixMs(1),
            endedMs: unixMs(2),
            attempts: 1,
            outcome: "done",
            evidence: "fence epoch 1 acknowledged by agent and tenancy",
          },
        ],
      });
      const host = hostRecord(1, {
        revision: 2,
        epoch: 1,
        op: {
          id: operation.id,
          kind: "drain",
          step: "cordon",
          epoch: 1,
          deadlineMs: null,
          isPaused: false,
        },
      });
      const done = await write({
        hosts: [{ record: host, expectedRevision: 1 }],
        operations: [isNew(operation)],
        plans: [isNew(planRecord(1))],
        tenants: [isNew(tenantRecord(1))],
        leases: [isNew(leaseRecord(1))],
        holdsAdded: [holdRecord(1), holdRecord(2, { expiresMs: unixMs(9), forWhom: "photo" })],
      });
      expect(done).toEqual({ ok: true, value: undefined });
      expect(await store.inventory.findHost(hostIdOf(1))).toEqual(host);
      expect(await life.findOperation(operation.id)).toEqual(operation);
      expect(await life.findPlan(planIdOf(1))).toEqual(planRecord(1));
      expect(await life.listTenants()).toEqual([tenantRecord(1)]);
      expect(await life.listLeases()).toEqual([leaseRecord(1)]);
      expect((await life.listHolds()).map(({ id }) => id)).toEqual([holdIdOf(1), holdIdOf(2)]);
      expect(await actions()).toEqual(["test"]);
    });

    test("whose answer was lost is not done twice, also when the world has gone on", async () => {
      const first: Partial<LifeChange> = {
        hosts: [{ record: hostRecord(1, { revision: 2, epoch: 1 }), expectedRevision: 1 }],
        operations: [isNew(operationRecord(1))],
        holdsAdded: [holdRecord(1)],
      };
      const second: Partial<LifeChange> = {
        operations: [follows(operationRecord(1, { version: 2, step: "notify" }))],
        holdsReleased: [holdIdOf(1)],
      };
      await write(first, "first");
      expect(await write(first, "first")).toMatchObject({ ok: true });
      await write(second, "second");
      expect(await write(second, "second")).toMatchObject({ ok: true });
      expect(await write(first, "first")).toMatchObject({ ok: true });
      expect(await actions()).toEqual(["first", "second"]);
      expect((await life.findOperation(operationIdOf(1)))?.version).toBe(2);
    });

    test("is no repeat where only the audit is the same, or only the records", async () => {
      await write({ operations: [isNew(operationRecord(1))] }, "first");
      const other = { operations: [isNew(operationRecord(1, { by: "bob" }))] };
      expect(await write(other, "first")).toEqual(moved("operation", operationIdOf(1)));
      const same = { operations: [isNew(operationRecord(1))] };
      expect(await write(same, "second")).toEqual(moved("operation", operationIdOf(1)));
      expect(await actions()).toEqual(["first"]);
    });

    test("of the same moment and the same words is another one where it writes something else", async () => {
      expect(await write({ holdsAdded: [holdRecord(1)] })).toMatchObject({ ok: true });
      expect(await write({ holdsReleased: [holdIdOf(7)] })).toEqual(moved("hold", holdIdOf(7)));
      expect(await write({ holdsAdded: [holdRecord(1, { reason: "another" })] })).toEqual(
        moved("hold", holdIdOf(1)),
      );
      expect(await write({ holdsAdded: [holdRecord(2)] })).toMatchObject({ ok: true });
      expect(await write({ holdsReleased: [holdIdOf(1)] })).toMatchObject({ ok: true });
      expect(await actions()).toEqual(["test", "test", "test"]);
    });

    test("of nothing but the audit is written once", async () => {
      for (let times = 0; times < 2; times += 1)
        expect(await write({}, "looked")).toMatchObject({ ok: true });
      expect(await actions()).toEqual(["looked"]);
    });

    test.each<[string, Partial<LifeChange>, string, string]>([
      [
        "a host",
        { hosts: [{ record: hostRecord(1, { revision: 4 }), expectedRevision: 3 }] },
        "host",
        hostIdOf(1),
      ],
      [
        "a host that is gone",
        { holdsAdded: [holdRecord(1, { hostId: hostIdOf(9) })] },
        "host",
        hostIdOf(9),
      ],
      [
        "an operation",
        { operations: [follows(operationRecord(1, { version: 3 }))] },
        "operation",
        operationIdOf(1),
      ],
      ["a plan", { plans: [follows(planRecord(7, { version: 2 }))] }, "plan", planIdOf(7)],
      [
        "a tenant",
        { tenants: [follows(tenantRecord(7, { version: 2 }))] },
        "tenant",
        tenantIdOf(7),
      ],
      ["a lease", { leases: [follows(leaseRecord(7, { version: 2 }))] }, "lease", leaseIdOf(7)],
      ["a lease's tenant", { leases: [isNew(leaseRecord(7))] }, "tenant", tenantIdOf(1)],
      ["a hold", { holdsReleased: [holdIdOf(7)] }, "hold", holdIdOf(7)],
    ])("is refused whole where %s moved", async (_, facts, what, id) => {
      await write({ operations: [isNew(operationRecord(1))] }, "first");
      const more = { holdsAdded: [holdRecord(5), ...(facts.holdsAdded ?? [])] };
      expect(await write({ ...facts, ...more })).toEqual(moved(what, id));
      expect(await life.listHolds()).toEqual([]);
      expect(await actions()).toEqual(["first"]);
    });

    test("of which two want the same is written once, and the other hears that it moved", async () => {
      const others = Array.from({ length: 8 }, (_, number) =>
        write(
          { operations: [isNew(operationRecord(1, { by: `operator ${number}` }))] },
          `${number}`,
        ),
      );
      const answers = await Promise.all(others);
      expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
      expect(await actions()).toHaveLength(1);
    });

    test("that many write at once stands in the audit in one order, each once", async () => {
      const numbers = Array.from({ length: 20 }, (_, index) => index + 1);
      await Promise.all(
        numbers.map((number) =>
          write({ operations: [isNew(operationRecord(number))] }, String(number)),
        ),
      );
      const records = await store.audit.read(1, 99);
      expect(records.map(({ seq }) => seq)).toEqual(numbers);
      expect(new Set(records.map(({ action }) => action)).size).toBe(20);
      for (const [index, record] of records.entries())
        expect(record.previousSha256).toBe(records[index - 1]?.sha256 ?? "0".repeat(64));
    });

    test("races with the inventory, and one of them hears of it", async () => {
      const mine = write({
        hosts: [{ record: hostRecord(1, { revision: 2, epoch: 1 }), expectedRevision: 1 }],
      });
      const theirs = store.inventory.updateHost(hostRecord(1, { revision: 2, serial: "S1" }), 1);
      const answers = await Promise.all([mine, theirs]);
      expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    });

    test("whose version does not follow is a defect, and nothing is written", async () => {
      const wrong = { record: operationRecord(1, { version: 3 }), expectedVersion: 0 };
      await expect(write({ operations: [wrong] })).rejects.toThrow(RangeError);
      const unreadable = operationRecord(1, { attempt: Number.NaN });
      await expect(write({ operations: [isNew(unreadable)] })).rejects.toMatchObject({
        code: "STORE_DAMAGED",
      });
      expect(await actions()).toEqual([]);
    });
  });

  describe("leases", () => {
    beforeEach(async () => {
      await write({ tenants: [isNew(tenantRecord(1)), isNew(tenantRecord(2))] });
    });
    const taken = (by: number) => ({
      ok: false,
      problem: { kind: "lease-taken", hostId: hostIdOf(1), by: leaseIdOf(by) },
    });

    test("share a host where all are shared", async () => {
      for (const number of [1, 2, 3])
        expect(
          await write({ leases: [isNew(leaseRecord(number, { share: "shared" }))] }),
        ).toMatchObject({ ok: true });
      expect(await write({ leases: [isNew(leaseRecord(4))] })).toEqual(taken(1));
    });

    test("have a host alone where one is exclusive, until it ends", async () => {
      await write({ leases: [isNew(leaseRecord(1))] });
      expect(await write({ leases: [isNew(leaseRecord(2))] })).toEqual(taken(1));
      const shared = leaseRecord(3, { share: "shared", tenantId: tenantIdOf(2) });
      expect(await write({ leases: [isNew(shared)] })).toEqual(taken(1));
      const elsewhere = leaseRecord(4, { hostId: hostIdOf(2) });
      expect(await write({ leases: [isNew(elsewhere)] })).toMatchObject({ ok: true });
      const ended = leaseRecord(1, { version: 2, endedMs: unixMs(9) });
      expect(await write({ leases: [follows(ended), isNew(shared)] })).toMatchObject({ ok: true });
      expect((await life.listLeases()).map(({ id }) => id)).toEqual([leaseIdOf(3), leaseIdOf(4)]);
    });

    test("of one change do not stand in each other's way unseen", async () => {
      const both = [isNew(leaseRecord(1)), isNew(leaseRecord(2, { share: "shared" }))];
      expect(await write({ leases: both })).toMatchObject({ problem: { kind: "lease-taken" } });
    });

    test("are claimed by one of many who want the same", async () => {
      const claims = Array.from({ length: 8 }, (_, number) =>
        write({ leases: [isNew(leaseRecord(number + 1))] }, `claim ${number}`),
      );
      expect((await Promise.all(claims)).filter(({ ok }) => ok)).toHaveLength(1);
    });

    test("name a tenant whose name is its own", async () => {
      const twin = tenantRecord(3, { name: "tenant-1" });
      expect(await write({ tenants: [isNew(twin)] })).toEqual({
        ok: false,
        problem: { kind: "name-taken", name: "tenant-1" },
      });
    });
  });

  describe("a list", () => {
    test("of operations is newest first, page by page, of a host or a plan", async () => {
      for (const number of [1, 2, 3, 4])
        await write({
          operations: [
            isNew(
              operationRecord(number, {
                hostId: hostIdOf(number === 2 ? 2 : 1),
                planId: number > 2 ? planIdOf(1) : null,
              }),
            ),
          ],
        });
      const list = async (ask: object) =>
        (await life.listOperations({ before: null, limit: 9, ...ask })).map(({ id }) =>
          Number.parseInt(id.slice(-4), 16),
        );
      expect(await list({})).toEqual([4, 3, 2, 1]);
      expect(await list({ hostId: hostIdOf(1), limit: 2 })).toEqual([4, 3]);
      expect(await list({ hostId: hostIdOf(1), before: operationIdOf(3) })).toEqual([1]);
      expect(await list({ planId: planIdOf(1) })).toEqual([4, 3]);
    });

    test("of what is under way leaves out what has ended", async () => {
      await write({
        operations: [
          isNew(operationRecord(1, { status: "paused" })),
          isNew(operationRecord(2, { status: "done", endedMs: unixMs(1) })),
          isNew(operationRecord(3)),
        ],
        plans: [
          isNew(planRecord(1)),
          isNew(planRecord(2, { status: "applying" })),
          isNew(planRecord(3, { status: "paused" })),
          isNew(planRecord(4, { status: "stopped" })),
        ],
      });
      expect((await life.listOpenOperations()).map(({ id }) => id)).toEqual([
        operationIdOf(1),
        operationIdOf(3),
      ]);
      expect((await life.listOpenPlans()).map(({ id }) => id)).toEqual([planIdOf(2), planIdOf(3)]);
      const page = await life.listPlans({ before: planIdOf(4), limit: 2 });
      expect(page.map(({ id }) => id)).toEqual([planIdOf(3), planIdOf(2)]);
    });

    test("of durations has those that ended well, newest first", async () => {
      const ended = (number: number, tookMs: number, status: "done" | "failed" = "done") =>
        isNew(
          operationRecord(number, {
            status,
            startedMs: unixMs(100),
            endedMs: unixMs(100 + tookMs),
          }),
        );
      await write({
        operations: [ended(1, 10), ended(2, 20), ended(3, 30, "failed"), isNew(operationRecord(4))],
      });
      expect(await life.listDurations("drain", 9)).toEqual([20, 10]);
      expect(await life.listDurations("drain", 1)).toEqual([20]);
      expect(await life.listDurations("reboot", 9)).toEqual([]);
    });

    test("of starts has those after a moment, of the newest alone, newest first", async () => {
      const begun = (number: number, startedMs: number) =>
        isNew(operationRecord(number, { startedMs: unixMs(startedMs) }));
      await write({ operations: [begun(1, 300), begun(2, 100), begun(3, 200), begun(4, 201)] });
      expect(await life.listStarts(unixMs(100), 9)).toEqual([201, 200, 300]);
      expect(await life.listStarts(unixMs(200), 9)).toEqual([201, 300]);
      expect(await life.listStarts(unixMs(0), 2)).toEqual([201, 200]);
      expect(await life.listStarts(unixMs(400), 9)).toEqual([]);
    });
  });

  test("a host with an open operation or a running lease is not removed; with ended ones it is", async () => {
    await store.inventory.insertHost(hostRecord(3));
    await write({
      operations: [isNew(operationRecord(1)), isNew(operationRecord(3, { hostId: hostIdOf(3) }))],
    });
    await write({
      operations: [
        follows(operationRecord(3, { hostId: hostIdOf(3), version: 2, status: "paused" })),
      ],
    });
    await write({ tenants: [isNew(tenantRecord(1))] });
    await write({ leases: [isNew(leaseRecord(1, { hostId: hostIdOf(2) }))] });
    const remove = () =>
      Promise.all([1, 2, 3].map((at) => store.inventory.removeHost(hostIdOf(at))));
    expect(await remove()).toEqual(["in-use", "in-use", "in-use"]);
    expect((await store.inventory.listHosts()).length).toBe(3);
    const over = { version: 2, status: "done", endedMs: unixMs(9) } as const;
    await write({
      operations: [
        follows(operationRecord(1, over)),
        follows(operationRecord(3, { ...over, hostId: hostIdOf(3), version: 3 })),
      ],
    });
    await write({
      leases: [follows(leaseRecord(1, { hostId: hostIdOf(2), version: 2, endedMs: unixMs(9) }))],
    });
    expect(await remove()).toEqual(["removed", "removed", "removed"]);
  });

  test("holds go with a host that is removed", async () => {
    await write({ holdsAdded: [holdRecord(1), holdRecord(2, { hostId: hostIdOf(2) })] });
    await store.inventory.removeHost(hostIdOf(1));
    expect((await life.listHolds()).map(({ id }) => id)).toEqual([holdIdOf(2)]);
  });
});
