import { afterEach, expect, test } from "vitest";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import { ann, drainAction } from "#test/support/drain-builders.ts";
import { hostIdOf, hostRecord } from "#test/support/inventory-builders.ts";
import { planFleet } from "#test/support/plan-fleet.ts";
import { openUrgentWorld, type UrgentWorld } from "#test/support/urgent-world.ts";

const fleet = (count: number, classOf: (at: number) => string = () => "r650"): HostRecord[] =>
  Array.from({ length: count }, (_, at) =>
    hostRecord(at + 1, {
      serial: `S${at + 1}`,
      bootId: "boot-1" as never,
      hardwareClass: classOf(at),
    }),
  );

let world: UrgentWorld | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});
async function open(...args: Parameters<typeof openUrgentWorld>): Promise<UrgentWorld> {
  world = await openUrgentWorld(...args);
  await world.minutes(6);
  return world;
}
function works(one: UrgentWorld, number: number): void {
  const forever = { isRunning: true, stopMs: 3 * 3_600_000, wasStopped: false };
  one.port.host(hostIdOf(number)).workloads.set("web", forever);
}
const waits = async (one: UrgentWorld, number: number): Promise<string> =>
  (await one.life().plans.judge(hostIdOf(number))).waits.map(({ words }) => words).join("; ");

test("a fault that ends while the cell is frozen is no reason for a drain when it is lifted", async () => {
  const one = await open({ hosts: fleet(10) });
  await one.setHealth(hostIdOf(1), "failing");
  await one.life().freeze.begin("ann", "smoke in row b");
  await one.setHealth(hostIdOf(1), "ok");
  await one.minutes(10);
  await one.life().freeze.lift("ann", "it was a toaster", true);
  await one.minutes(5);
  const host = await one.inventory().host(hostIdOf(1));
  if (host === undefined) throw new Error("no host");
  expect(one.life().lifecycle.view(host).holds).toEqual([]);
  expect(await one.plans()).toEqual([]);
});

test("a person's drain is neither hurried nor resumed by the automation's own", async () => {
  const { hosts, sites, racks } = planFleet({ racksPerRow: 1, hostsPerRack: 12 });
  const one = await open({ hosts, sites, racks });
  for (const number of [1, 2]) works(one, number);
  await one.setHealth(hostIdOf(1), "failing");
  await one.minutes(5);
  await one.setHealth(hostIdOf(2), "failing");
  await one.minutes(5);
  expect((await one.operations(hostIdOf(2))).length).toBe(0);
  const { lifecycle } = one.life();
  const ask = { hostId: hostIdOf(2), action: drainAction(), planId: null, asker: ann };
  const started = await lifecycle.start(ask);
  if (!started.ok) throw new Error(JSON.stringify(started.problem));
  await lifecycle.pause(started.value.id, ann);
  await one.minutes(10);
  expect(await one.operations(hostIdOf(2))).toMatchObject([
    { by: ann.name, status: "paused", detail: { drain: "planned" } },
  ]);
  expect(await waits(one, 2)).toContain("has an operation already: drain by ann");
});

test("hosts that failed cost no share, and are drained by itself no more at once than the shares", async () => {
  const one = await open({ hosts: fleet(30) });
  const ill = [1, 2, 3, 4, 5];
  for (const number of ill) works(one, number);
  for (const number of ill) await one.setHealth(hostIdOf(number), "failed");
  await one.minutes(20);
  const begun = await Promise.all(ill.map((number) => one.operations(hostIdOf(number))));
  expect(begun.flat().length).toBe(1);
  const why = await Promise.all(ill.map((number) => waits(one, number)));
  const held = why.filter((words) => words.includes("1 of 1 hosts drained by the automation"));
  expect(held.length).toBe(4);
});

test("many at fault in one place are a person's matter, whatever their classes", async () => {
  const one = await open({ hosts: fleet(12, (at) => (at % 2 === 0 ? "r650" : "r750")) });
  for (const number of [1, 2, 3, 4]) await one.setHealth(hostIdOf(number), "failing");
  await one.minutes(20);
  expect(await one.plans()).toEqual([]);
  expect(await waits(one, 1)).toContain("4 of 12 hosts");
});

test("what a person decided on a fault is known after a take-over, however many plans came after it", async () => {
  const one = await open({ hosts: fleet(10) });
  works(one, 1);
  await one.setHealth(hostIdOf(1), "failing");
  await one.minutes(4);
  const [drain] = await one.operations(hostIdOf(1));
  if (drain === undefined) throw new Error("no drain");
  await one.life().lifecycle.cancel(drain.id, ann);
  const ask = { action: drainAction(), selector: "host-2", hostIds: [hostIdOf(2)], asker: ann };
  for (let made = 0; made < 120; made += 1) {
    const planned = await one.life().plans.plan(ask);
    expect(planned.ok).toBe(true);
    await one.clock.advance(10);
  }
  await one.restart();
  await one.minutes(10);
  expect((await one.operations(hostIdOf(1))).map(({ status }) => status)).toEqual(["canceled"]);
});
