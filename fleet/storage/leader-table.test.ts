import { beforeEach, expect, test } from "vitest";
import type { LeaderStore, LifeChange } from "#fleet/lifecycle/life-store.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { describeBothEngines } from "#test/support/control-stores.ts";
import { hostRecord } from "#test/support/inventory-builders.ts";
import { auditEntry, operationIdOf, operationRecord } from "#test/support/life-builders.ts";
import type { ControlStore } from "./control-store.ts";

describeBothEngines("the leadership", (bench) => {
  let store: ControlStore;
  let leader: LeaderStore;

  beforeEach(async () => {
    store = await bench.open();
    leader = store.leader;
  });

  const lead = (holder: string, now: number, until = now + 10) =>
    leader.lead({ holder, nowMs: unixMs(now), untilMs: unixMs(until) });

  test("is taken by whoever comes first, and kept under the same term", async () => {
    expect(await lead("a", 100)).toMatchObject({ isLeader: true, term: 1, holder: "a" });
    expect(await lead("b", 105)).toMatchObject({ isLeader: false, term: 1, holder: "a" });
    expect(await lead("a", 108)).toMatchObject({ isLeader: true, term: 1, holder: "a" });
    expect(await lead("b", 117)).toMatchObject({ isLeader: false, term: 1, holder: "a" });
  });

  test("goes to another when its time is over, and the term rises", async () => {
    await lead("a", 100);
    expect(await lead("b", 110)).toMatchObject({ isLeader: true, term: 2, holder: "b" });
    expect(await lead("a", 111)).toMatchObject({ isLeader: false, term: 2, holder: "b" });
    expect(await lead("a", 120)).toMatchObject({ isLeader: true, term: 3, holder: "a" });
  });

  test("is kept by one that was late, where nobody came in between", async () => {
    await lead("a", 100);
    expect(await lead("a", 5_000)).toMatchObject({ isLeader: true, term: 1, holder: "a" });
  });

  test("that was given up is free at once, and the term rises for whoever takes it", async () => {
    await lead("a", 100);
    await leader.release("b");
    expect(await lead("b", 101)).toMatchObject({ isLeader: false });
    await leader.release("a");
    expect(await lead("a", 102)).toMatchObject({ isLeader: true, term: 2, holder: "a" });
  });

  test("that was seen unrenewed is free, whatever its holder's clock said", async () => {
    const ahead = await lead("a", 3_600_000);
    expect(await lead("b", 100)).toMatchObject({ isLeader: false, untilMs: ahead.untilMs });
    const takeOver = (seen: typeof ahead) =>
      leader.lead({ holder: "b", nowMs: unixMs(200), untilMs: unixMs(210), unrenewed: seen });
    const renewed = await lead("a", 3_600_005);
    expect(await takeOver(ahead)).toEqual({ ...renewed, isLeader: false });
    expect(await takeOver(renewed)).toEqual({
      isLeader: true,
      term: 2,
      holder: "b",
      untilMs: 210,
    });
  });

  test("has one holder however many ask at once, and none is told a term of another", async () => {
    await lead("old", 1);
    const asked = ["a", "b", "c", "d", "e"].map((holder) => lead(holder, 100));
    const answers = await Promise.all(asked);
    expect(answers.filter(({ isLeader }) => isLeader)).toHaveLength(1);
    for (const { term, holder } of answers) {
      expect(term).toBe(2);
      expect(holder).toBe(answers.find(({ isLeader }) => isLeader)?.holder);
    }
  });

  test("that another has taken lets a manager that slept write nothing more", async () => {
    await store.inventory.insertHost(hostRecord(1));
    const { lifecycle } = store;
    const begin: LifeChange = {
      operations: [{ record: operationRecord(1), expectedVersion: 0 }],
      term: (await lead("old", 100)).term,
      audit: auditEntry("operation.start"),
    };
    expect(await lifecycle.commit(begin)).toMatchObject({ ok: true });

    // It sleeps past its time, in the middle of its work; another takes over and goes on.
    const { term } = await lead("new", 400_000);
    const taken = operationRecord(1, { version: 2, step: "notify" });
    const goOn: LifeChange = {
      operations: [{ record: taken, expectedVersion: 1 }],
      term,
      audit: auditEntry("operation.adopt"),
    };
    expect(await lifecycle.commit(goOn)).toMatchObject({ ok: true });

    // It wakes, and does not know.
    const late: LifeChange = {
      operations: [{ record: operationRecord(1, { version: 3 }), expectedVersion: 2 }],
      term: begin.term,
      audit: auditEntry("operation.step"),
    };
    const over = { kind: "term-over", term: 1, current: 2 };
    expect(await lifecycle.commit(late)).toEqual({ ok: false, problem: over });
    expect(await lifecycle.findOperation(operationIdOf(1))).toEqual(taken);
    // What it wrote in its time was written: it may learn so when its answer was lost.
    expect(await lifecycle.commit(begin)).toMatchObject({ ok: true });
    expect((await store.audit.read(1, 9)).map(({ action }) => action)).toEqual([
      "operation.start",
      "operation.adopt",
    ]);
  });

  test("of a store that is older than the manager lets it write nothing either", async () => {
    await store.inventory.insertHost(hostRecord(1));
    await lead("a", 100);
    const ahead: LifeChange = {
      operations: [{ record: operationRecord(1), expectedVersion: 0 }],
      term: 7,
      audit: auditEntry("operation.start"),
    };
    expect(await store.lifecycle.commit(ahead)).toEqual({
      ok: false,
      problem: { kind: "term-over", term: 7, current: 1 },
    });
  });
});
