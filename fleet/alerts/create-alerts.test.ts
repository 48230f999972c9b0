import { afterEach, describe, expect, test } from "vitest";
import type { AlertId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import {
  afterGraceMs,
  type AlertWorld,
  type KeptChannel,
  keptChannel,
  openAlertWorld,
} from "#test/support/alert-world.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { drainDetail, operationRecord, planRecord, someWhy } from "#test/support/life-builders.ts";

const ann = { name: "ann", kind: "person", reason: "on my way" } as const;
const minute = 60_000;
const hour = 60 * minute;

let world: AlertWorld;
let pager: KeptChannel;
async function open(...more: KeptChannel[]): Promise<void> {
  pager = keptChannel();
  world = await openAlertWorld([pager, ...more]);
  await world.clock.advance(afterGraceMs);
}
afterEach(() => world.stop());

const openKinds = async () => (await world.alerts.open()).map(({ kind }) => kind);
const rackOne = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

describe("hosts that are lost", () => {
  test("a single one is told when it has lasted, and resolved by itself", async () => {
    await open();
    world.setLink([3], "lost");
    await world.clock.advance(10_000);
    expect([await openKinds(), world.told(pager)]).toEqual([["host-lost"], []]);
    await world.clock.advance(2 * minute);
    expect(world.told(pager)).toEqual(["opened host-lost"]);
    expect(pager.batches[0]?.deliveries[0]?.alert).toMatchObject({
      severity: "warn",
      words: "web-3 is not heard any more",
      command: "wws-fleet host explain web-3",
      place: { region: "eu", site: "fra2", row: "row-b", rack: "rack-01" },
    });
    world.setLink([3], "connected");
    await world.clock.advance(5 * minute);
    expect([await openKinds(), world.told(pager)]).toEqual([
      [],
      ["opened host-lost", "resolved host-lost"],
    ]);
  });

  test("a whole rack is one alert with its hosts in it, never one for each of them", async () => {
    await open();
    for (const number of rackOne) {
      world.setLink([number], "lost");
      await world.clock.advance(4_000);
    }
    await world.clock.advance(10 * minute);
    expect(world.told(pager)[0]).toBe("opened domain-event");
    expect(world.told(pager).filter((one) => one.includes("host-lost"))).toEqual([]);
    const [alert, ...others] = await world.alerts.open();
    expect(others).toEqual([]);
    expect(alert?.hosts.map(({ name }) => name)).toContain("web-7");
    expect(alert).toMatchObject({ severity: "page", of: 20 });
  });

  test("acknowledged it is told once more, and resolved when all are back", async () => {
    await open();
    world.setLink(rackOne, "lost");
    await world.clock.advance(minute);
    const [alert] = await world.alerts.open();
    const done = await world.alerts.acknowledge(alert?.id ?? ("" as AlertId), ann);
    expect(done).toMatchObject({ ok: true, value: { acknowledged: { by: "ann" } } });
    await world.clock.advance(10 * minute);
    expect(await openKinds()).toEqual(["domain-event"]);
    world.setLink(rackOne, "connected");
    await world.clock.advance(minute);
    expect(await openKinds()).toEqual([]);
    expect(world.told(pager)).toEqual([
      "opened domain-event",
      "acknowledged domain-event",
      "resolved domain-event",
    ]);
  });

  test("flapping at 1 Hz for ten minutes is at most one open and one resolve (F7)", async () => {
    await open();
    for (let second = 0; second < 600; second += 1) {
      world.setLink([3], second % 2 === 0 ? "lost" : "connected");
      await world.clock.advance(1_000);
    }
    await world.clock.advance(10 * minute);
    const told = world.told(pager);
    expect(told.length).toBeLessThanOrEqual(2);
    expect(new Set(told).size).toBe(told.length);
    expect(await openKinds()).toEqual([]);
  });

  test("in the grace time after a start nothing is alarmed that may be our own blindness", async () => {
    pager = keptChannel();
    world = await openAlertWorld([pager]);
    world.setLink([1, 15], "lost");
    await world.clock.advance(4 * minute);
    expect([await openKinds(), world.told(pager)]).toEqual([[], []]);
    world.facts.freeBytes = () => 100;
    await world.clock.advance(10_000);
    expect(world.told(pager)).toEqual(["opened disk"]);
  });
});

describe("planned work", () => {
  const op = (kind: "reboot" | "service" | "drain") => ({
    id: "op" as never,
    kind,
    step: "down",
    epoch: 1,
    deadlineMs: null,
    isPaused: false,
  });

  test("a host that we restart is listed, marked, and not told; after it, what is still so is", async () => {
    await open();
    world.change(3, { op: op("reboot") });
    world.setLink([3], "lost");
    await world.clock.advance(10 * minute);
    const [alert] = await world.alerts.open();
    expect(alert?.silenced).toEqual({ by: "work", words: "web-3 is in reboot" });
    expect(world.told(pager)).toEqual([]);
    world.change(3, { op: null });
    await world.clock.advance(minute);
    expect(world.told(pager)).toEqual(["opened host-lost"]);
  });

  test("a drain explains no silence, and a full disk is nobody's work", async () => {
    await open();
    world.change(3, { op: op("drain") });
    world.setLink([3], "lost");
    world.facts.freeBytes = () => 100;
    await world.clock.advance(5 * minute);
    expect(world.told(pager).toSorted()).toEqual(["opened disk", "opened host-lost"]);
  });
});

describe("a silence", () => {
  const silence = (selector: string, forMs: number) =>
    world.alerts.silence({ selector, untilMs: unixMs(world.clock.nowUnixMs() + forMs) }, ann);

  test("keeps what it covers from being told, and ends by itself", async () => {
    await open();
    expect(await silence("site=fra2,kind=host-lost", hour)).toMatchObject({ ok: true });
    world.setLink([3], "lost");
    await world.clock.advance(30 * minute);
    expect((await world.alerts.open())[0]?.silenced).toEqual({
      by: "silence",
      words: "ann: on my way",
    });
    expect(world.told(pager)).toEqual([]);
    await world.clock.advance(31 * minute);
    expect(world.told(pager)).toEqual(["opened host-lost"]);
    expect(await world.alerts.silences()).toEqual([]);
  });

  test("is ended by a word, and both are in the audit", async () => {
    await open();
    const made = await silence("web-3", hour);
    if (!made.ok) throw new Error("refused");
    world.setLink([3], "lost");
    await world.clock.advance(5 * minute);
    expect(world.told(pager)).toEqual([]);
    expect(await world.alerts.endSilence(made.value.id, ann)).toMatchObject({ ok: true });
    await world.clock.advance(10_000);
    expect(world.told(pager)).toEqual(["opened host-lost"]);
    const audit = await world.store.audit.list({ beforeSeq: null, limit: 9 });
    expect(audit.map(({ action }) => action)).toEqual(["silence.end", "silence.add"]);
    expect(await world.alerts.endSilence(made.value.id, ann)).toMatchObject({ ok: false });
  });

  test.each([
    ["host=web-3", ["opened domain-event"]],
    ["site=fra2", ["opened domain-event"]],
    ["severity=page", ["opened domain-event"]],
    ["kind=*", ["opened domain-event"]],
    ["site=fra2,kind=domain-event", []],
  ])("of %s, when a rack goes dark: %j", async (selector, told) => {
    await open();
    expect(await silence(selector, hour)).toMatchObject({ ok: true });
    world.setLink(rackOne, "lost");
    await world.clock.advance(5 * minute);
    expect(world.told(pager)).toEqual(told);
  });

  test.each([
    ["", hour, /empty/],
    ["colour=red", hour, /no part of a selector/],
    ["web-3", 0, /is over/],
    ["web-3", 31 * 24 * hour, /more than 30 days/],
  ])("of %j for %d ms is refused: %s", async (selector, forMs, words) => {
    await open();
    expect(await silence(selector, forMs)).toMatchObject({
      ok: false,
      problem: { kind: "invalid", words: expect.stringMatching(words) },
    });
  });
});

describe("the manager's own troubles, plans and operations", () => {
  test("each has its severity and its command", async () => {
    await open();
    world.facts.safeMode = () => ({
      sinceMs: world.clock.nowUnixMs(),
      because: "restored",
      storeTerm: 1,
      seenTerm: null,
      backupMs: null,
      hosts: [],
      acknowledged: [],
    });
    world.facts.clones = () => [hostIdOf(4)];
    const detail = { ...drainDetail, drain: "planned" } as const;
    const stalled = { ...someWhy, code: "stalled", words: "no progress for 20 min" } as const;
    const startedMs = unixMs(world.clock.nowUnixMs() - 5 * hour);
    world.facts.listOperations = async () => [
      operationRecord(1, { hostId: hostIdOf(1), status: "running", detail, why: [stalled] }),
      operationRecord(2, {
        hostId: hostIdOf(2),
        kind: "service",
        status: "running",
        startedMs,
        detail: { kind: "other" },
      }),
    ];
    await world.clock.advance(2 * minute);
    const found = (await world.alerts.open()).map(
      ({ kind, severity, command }) => `${severity} ${kind}: ${command}`,
    );
    expect(found.toSorted()).toEqual([
      "page host-cloned: wws-fleet host explain web-4",
      "page safe-mode: wws-fleet store acknowledge --reason REASON",
      "page service-overdue: wws-fleet op list",
      expect.stringMatching(/^warn drain-stalled: /),
    ]);
  });

  test("a stopped plan is told once, and over when somebody has looked; not again after a restart", async () => {
    pager = keptChannel();
    const clock = createVirtualClock();
    const endedMs = clock.nowUnixMs();
    const plan = planRecord(1, { status: "stopped", endedMs, why: [someWhy] });
    world = await openAlertWorld([pager], { clock, plans: [plan] });
    await world.clock.advance(10_000);
    const [alert] = await world.alerts.open();
    expect(alert).toMatchObject({
      kind: "plan-stopped",
      command: `wws-fleet plan show ${plan.id}`,
      words: expect.stringContaining(someWhy.words),
    });
    await world.alerts.acknowledge(alert?.id ?? ("" as AlertId), ann);
    await world.clock.advance(5 * minute);
    expect(await openKinds()).toEqual([]);
    world = await world.restart("stopped");
    await world.clock.advance(5 * minute);
    expect(world.told(pager)).toEqual([
      "opened plan-stopped",
      "acknowledged plan-stopped",
      "resolved plan-stopped",
    ]);
  });

  test("a broken audit is found, told, and never silenced by work", async () => {
    await open();
    const fault = { seq: 7, kind: "edited", words: "its hash is another" } as never;
    world.facts.verifyAudit = async () => ({
      records: 6,
      head: { seq: 6, sha256: "0" },
      fault,
      headsConfirmed: 0,
    });
    await world.clock.advance(11 * minute);
    expect(world.told(pager)).toContain("opened audit-broken");
  });

  test("a manager that ended without a word is told by the one after it", async () => {
    await open();
    world = await world.restart("killed");
    await world.clock.advance(10_000);
    expect(world.told(pager)).toEqual(["opened leadership"]);
    await world.clock.advance(30 * minute);
    world = await world.restart("stopped");
    await world.clock.advance(10_000);
    expect(world.told(pager)).toEqual(["opened leadership", "resolved leadership"]);
  });
});

test("over a restart alerts stay what they were: told once, acknowledged, silenced", async () => {
  await open();
  world.setLink([3], "lost");
  await world.clock.advance(5 * minute);
  const [alert] = await world.alerts.open();
  await world.alerts.acknowledge(alert?.id ?? ("" as AlertId), ann);
  await world.alerts.silence(
    { selector: "web-5", untilMs: unixMs(world.clock.nowUnixMs() + hour) },
    ann,
  );
  world = await world.restart("stopped");
  world.setLink([3], "lost");
  await world.clock.advance(2 * afterGraceMs);
  const [after] = await world.alerts.open();
  expect(after).toMatchObject({ id: alert?.id, acknowledged: { by: "ann" } });
  expect(world.told(pager)).toEqual(["opened host-lost", "acknowledged host-lost"]);
  expect((await world.alerts.silences()).map(({ selector }) => selector)).toEqual(["web-5"]);
});
