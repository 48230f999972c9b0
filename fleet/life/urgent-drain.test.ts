import { afterEach, expect, test } from "vitest";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import { ann } from "#test/support/drain-builders.ts";
import { hostIdOf, hostRecord } from "#test/support/inventory-builders.ts";
import { planFleet } from "#test/support/plan-fleet.ts";
import { openUrgentWorld, type UrgentWorld } from "#test/support/urgent-world.ts";

const hostId = hostIdOf(1);
const fleet = (count: number, facts: Partial<HostRecord> = {}): readonly HostRecord[] =>
  Array.from({ length: count }, (_, at) =>
    hostRecord(at + 1, { serial: `S${at + 1}`, bootId: "boot-1" as never, ...facts }),
  );

let world: UrgentWorld | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});
async function open(...args: Parameters<typeof openUrgentWorld>): Promise<UrgentWorld> {
  world = await openUrgentWorld(...args);
  return world;
}
const holdsOf = async (one: UrgentWorld): Promise<readonly string[]> => {
  const host = await one.inventory().host(hostId);
  if (host === undefined) throw new Error("no host");
  return one
    .life()
    .lifecycle.view(host)
    .holds.map(({ kind }) => kind);
};
const waits = async (one: UrgentWorld): Promise<string> =>
  (await one.life().plans.judge(hostId)).waits.map(({ words }) => words).join("; ");

test("an active host whose health fails is held at once, and drained by the automation's own plan", async () => {
  const one = await open({ hosts: fleet(10) });
  await one.minutes(6);
  await one.setHealth(hostId, "failing");
  expect(await holdsOf(one)).toEqual(["fault"]);
  await one.minutes(1);
  expect(await one.plans()).toEqual([]);
  await one.minutes(5);
  const [plan] = await one.plans();
  expect(plan).toMatchObject({
    createdBy: "health",
    createdByKind: "automation",
    reason: "failing: supply 2 gives nothing",
    action: { kind: "drain", drain: "degraded", force: false },
    status: "done",
  });
  expect(await one.inventory().host(hostId)).toMatchObject({ phase: "drained" });
  const entries = await one.store.audit.list({ beforeSeq: null, limit: 100 });
  const started = entries.find(({ action }) => action === "operation.start");
  expect(started).toMatchObject({ actor: "health", actorKind: "automation", reason: plan?.reason });
});

test("a verdict that flaps begins one drain, and the drain goes on when the host is well again", async () => {
  const one = await open({ hosts: fleet(10) });
  for (const workload of ["web"])
    one.port
      .host(hostId)
      .workloads.set(workload, { isRunning: true, stopMs: 3 * 3_600_000, wasStopped: false });
  await one.minutes(6);
  for (let turn = 0; turn < 20; turn += 1) {
    await one.setHealth(hostId, "failing");
    await one.minutes(4);
    await one.setHealth(hostId, "ok");
    await one.minutes(1);
  }
  const operations = await one.operations(hostId);
  expect(operations.map(({ kind, by }) => [kind, by])).toEqual([["drain", "health"]]);
  expect((await one.plans()).length).toBe(1);
  await one.minutes(180);
  expect(await one.inventory().host(hostId)).toMatchObject({ phase: "drained" });
});

test("what refuses a drain refuses this one, and is told", async () => {
  const one = await open({ hosts: fleet(10) });
  await one.minutes(6);
  const tenantHold = { hostId, kind: "tenant", reviewMs: null, forWhom: "acme" } as const;
  const expiresMs = (one.clock.nowUnixMs() + 7 * 86_400_000) as never;
  await one.life().lifecycle.addHold({ ...tenantHold, expiresMs }, ann);
  await one.setHealth(hostId, "failed");
  await one.minutes(5);
  expect((await one.plans()).map(({ status }) => status)).toEqual([]);
  expect(one.lines.filter(({ message }) => message === "urgent drain not planned").length).toBe(1);
  expect(await waits(one)).toContain("tenant acme holds");
});

test("a host that is only watched is told of and left alone", async () => {
  const one = await open({ hosts: fleet(10, { watchedOnly: true, adopted: true }) });
  await one.minutes(6);
  await one.setHealth(hostId, "failing");
  await one.minutes(30);
  expect([await one.plans(), await one.operations(hostId)]).toEqual([[], []]);
  expect(
    one.lines.filter(({ message }) => message.startsWith("would have been drained")).length,
  ).toBe(1);
  expect(await waits(one)).toContain("only watched");
});

test("in the grace time after a start, and of a host that nobody hears, nothing is begun", async () => {
  const one = await open({ hosts: fleet(10) });
  await one.setHealth(hostId, "failing");
  await one.minutes(4);
  expect(await one.plans()).toEqual([]);
  expect(await waits(one)).toContain("watches first");
  one.setLink(hostId, "lost");
  await one.minutes(30);
  expect(await one.plans()).toEqual([]);
  expect(await waits(one)).toContain("not connected");
  one.setLink(hostId, "connected");
  await one.minutes(2);
  expect((await one.plans()).length).toBe(1);
});

test("where many of a class are at fault together a person decides", async () => {
  const one = await open({ hosts: fleet(10) });
  await one.minutes(6);
  for (const number of [1, 2, 3]) await one.setHealth(hostIdOf(number), "failing");
  await one.minutes(20);
  expect(await one.plans()).toEqual([]);
  expect(await waits(one)).toContain("3 of 10 hosts");
});

test("a rack gives one host at a time; a drain that has not begun when its host is well again is taken back", async () => {
  const { hosts, sites, racks } = planFleet({ racksPerRow: 1, hostsPerRack: 12 });
  const one = await open({ hosts, sites, racks });
  one.port
    .host(hostId)
    .workloads.set("web", { isRunning: true, stopMs: 3 * 3_600_000, wasStopped: false });
  await one.minutes(6);
  await one.setHealth(hostIdOf(1), "failing");
  await one.minutes(5);
  await one.setHealth(hostIdOf(2), "failing");
  await one.minutes(30);
  expect((await one.operations(hostIdOf(1))).length).toBe(1);
  expect((await one.operations(hostIdOf(2))).length).toBe(0);
  expect((await one.life().plans.judge(hostIdOf(2))).waits.map(({ code }) => code)).toContain(
    "budget",
  );
  await one.setHealth(hostIdOf(2), "ok");
  await one.minutes(1);
  const mine = (await one.plans()).find(({ hosts: [first] }) => first?.hostId === hostIdOf(2));
  expect(mine).toMatchObject({ status: "canceled" });
});

test("the policy may be to hold only, or nothing", async () => {
  const held = await open({ hosts: fleet(10), policy: { onFault: "hold" } });
  await held.minutes(6);
  await held.setHealth(hostId, "failing");
  await held.minutes(20);
  expect([await holdsOf(held), await held.plans()]).toEqual([["fault"], []]);
  expect(await waits(held)).toContain("health.on_fault");
  await held.close();
  const off = await open({ hosts: fleet(10), policy: { onFault: "off" } });
  await off.minutes(6);
  await off.setHealth(hostId, "failing");
  await off.minutes(20);
  expect([await holdsOf(off), await off.plans()]).toEqual([[], []]);
});

test("a manager that dies after it planned plans no second time, nor for a fault a person answered", async () => {
  const one = await open({ hosts: fleet(10) });
  await one.minutes(6);
  one.port
    .host(hostId)
    .workloads.set("web", { isRunning: true, stopMs: 3 * 3_600_000, wasStopped: false });
  await one.setHealth(hostId, "failing");
  await one.minutes(4);
  const [drain] = await one.operations(hostId);
  if (drain === undefined) throw new Error("no drain");
  await one.restart();
  await one.life().lifecycle.cancel(drain.id, ann);
  await one.minutes(60);
  expect((await one.plans()).length).toBe(1);
  expect((await one.operations(hostId)).map(({ status }) => status)).toEqual(["canceled"]);
  expect(await waits(one)).toContain("was answered by plan");
});
