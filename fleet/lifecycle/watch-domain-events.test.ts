import { expect, test } from "vitest";
import { watchDomains, watchedShape } from "#test/support/domain-watch.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { ana } from "#test/support/plan-fleet.ts";

const upTo = (count: number, from = 1) => Array.from({ length: count }, (_, at) => from + at);

test("nothing begins on a host that was just lost before it is known whether its rack was lost too", async () => {
  const world = watchDomains();
  await world.clock.advance(300_000);
  world.set(upTo(10), "lost");
  // The brake is not on yet, and drains of lost hosts cost no budget.
  expect([world.codes(1), world.waits(1), world.waits(11)]).toEqual([null, ["grace", 1_000], null]);
  await world.clock.advance(2_000);
  expect(world.waits(1)).toEqual(["domain-event", 0]);
  world.stop();
});

test("one that was lost alone waits a second, and again when it comes back and is lost anew", async () => {
  const world = watchDomains();
  await world.clock.advance(300_000);
  for (let time = 0; time < 3; time += 1) {
    world.set([1], "lost");
    expect(world.waits(1)).toEqual(["grace", 1_000]);
    await world.clock.advance(1_000);
    expect(world.waits(1)).toBeNull();
    world.set([1], "connected");
    expect(world.waits(1)).toBeNull();
  }
  world.stop();
});

test("who has just taken over begins nothing on what is lost before the grace time is over", async () => {
  const world = watchDomains();
  await world.clock.advance(600_000);
  world.set([1], "lost");
  await world.clock.advance(2_000);
  expect(world.waits(1)).toBeNull();
  await world.takenOver();
  world.set(upTo(9, 2), "lost");
  expect([world.waits(1), world.waits(2)]).toEqual([
    ["grace", 300_000],
    ["grace", 300_000],
  ]);
  await world.clock.advance(301_000);
  expect(world.waits(2)?.[0]).toBe("domain-event");
  world.stop();
});

test("a rack goes dark: one alarm, nothing begins there, everything goes on elsewhere (F32)", async () => {
  const world = watchDomains();
  await world.clock.advance(300_000);
  world.set(upTo(10), "lost");
  await world.clock.advance(2_000);
  expect([world.codes(1), world.told]).toEqual(["domain-event", []]);
  await world.clock.advance(15_000);
  expect(world.told).toHaveLength(1);
  expect(world.audit.map(({ action }) => action)).toEqual(["domain-event.raise"]);
  expect([world.codes(1), world.codes(10), world.codes(11)]).toEqual([
    "domain-event",
    "domain-event",
    null,
  ]);
  world.stop();
});

test("much of a site goes dark rack after rack: still one alarm, and it widens to the site", async () => {
  const world = watchDomains({ racksPerRow: 20, hostsPerRack: 10 });
  await world.clock.advance(300_000);
  for (let rack = 0; rack < 10; rack += 1) {
    world.set(upTo(10, 1 + rack * 10), "lost");
    await world.clock.advance(3_000);
  }
  await world.clock.advance(60_000);
  expect(world.open()).toHaveLength(1);
  expect(world.open()[0]).toMatchObject({ scope: { kind: "site", name: "fra2" } });
  expect(world.audit.filter(({ action }) => action === "domain-event.raise")).toHaveLength(1);
  expect(world.codes(199)).toBe("domain-event");
  world.stop();
});

test("it stands until a person says so, also when the hosts are back", async () => {
  const world = watchDomains();
  await world.clock.advance(300_000);
  world.set(upTo(5), "lost");
  await world.clock.advance(2_000);
  world.set(upTo(5), "connected");
  await world.clock.advance(600_000);
  expect(world.codes(1)).toBe("domain-event");
  const [event] = world.open();
  if (event === undefined) throw new Error("no event");
  expect((await world.acknowledge(event.id, ana)).ok).toBe(true);
  expect(world.codes(1)).toBeNull();
  expect((await world.acknowledge(event.id, ana)).ok).toBe(false);
  world.stop();
});

test("what a person has seen raises no second alarm, and new losses do", async () => {
  const world = watchDomains();
  await world.clock.advance(300_000);
  world.set(upTo(5), "lost");
  await world.clock.advance(2_000);
  const [event] = world.open();
  if (event !== undefined) await world.acknowledge(event.id, ana);
  world.set([6], "lost");
  await world.clock.advance(2_000);
  expect(world.open()).toEqual([]);
  world.set([7, 8], "lost");
  await world.clock.advance(2_000);
  expect(world.open()).toHaveLength(1);
  world.stop();
});

test("hosts that come and go raise one alarm, not one for each time", async () => {
  const world = watchDomains();
  await world.clock.advance(300_000);
  for (let time = 0; time < 20; time += 1) {
    world.set(upTo(6), "lost");
    await world.clock.advance(30_000);
    world.set(upTo(6), "connected");
    await world.clock.advance(30_000);
  }
  expect(world.audit).toHaveLength(1);
  expect(world.open()).toHaveLength(1);
  world.stop();
});

test("after a start or a take-over nobody is lost for the grace time, and is judged after it", async () => {
  const world = watchDomains();
  world.set(upTo(10), "lost");
  await world.clock.advance(290_000);
  expect(world.open()).toEqual([]);
  await world.takenOver();
  await world.clock.advance(290_000);
  expect(world.open()).toEqual([]);
  await world.clock.advance(20_000);
  expect(world.open()).toHaveLength(1);
  world.stop();
});

test("over a restart an open brake stays on, with its name, and is told once", async () => {
  const before = watchDomains();
  await before.clock.advance(300_000);
  before.set(upTo(5), "lost");
  await before.clock.advance(20_000);
  const [event] = before.open();
  before.stop();
  const after = watchDomains(watchedShape, before.kept);
  await after.takenOver();
  expect([after.open()[0]?.id, after.codes(1)]).toEqual([event?.id, "domain-event"]);
  after.set(upTo(5), "lost");
  await after.clock.advance(330_000);
  expect(after.open().map(({ id }) => id)).toEqual([event?.id]);
  expect(after.audit).toEqual([]);
  after.stop();
});

test("over a restart what a person has seen is no news, and its end is kept", async () => {
  const before = watchDomains();
  await before.clock.advance(600_000);
  before.set(upTo(5), "lost");
  await before.clock.advance(20_000);
  const [event] = before.open();
  if (event !== undefined) await before.acknowledge(event.id, ana);
  before.stop();
  const after = watchDomains(watchedShape, before.kept);
  await after.takenOver();
  expect(after.known().map(({ acknowledged }) => acknowledged?.by)).toEqual([ana.name]);
  // The same silences: the clock of the new one begins earlier than they ended.
  after.set(upTo(5), "lost");
  await after.clock.advance(330_000);
  expect([after.open(), after.codes(1)]).toEqual([[], null]);
  await after.clock.advance(600_000);
  after.set(upTo(5), "connected");
  await after.clock.advance(5_000);
  expect(after.known()).toEqual([]);
  expect([...after.kept.values()].map(({ endedMs }) => endedMs === null)).toEqual([false]);
  after.stop();
});

test("hosts that we restart ourselves are not lost", async () => {
  const world = watchDomains();
  await world.clock.advance(300_000);
  for (const number of upTo(5)) {
    const host = world.hosts[number - 1];
    if (host === undefined) continue;
    const op = {
      id: "op" as never,
      kind: "reboot",
      step: "down",
      epoch: 1,
      deadlineMs: null,
      isPaused: false,
    } as const;
    world.hosts[number - 1] = { ...host, op };
  }
  world.set(upTo(5), "lost");
  await world.clock.advance(5_000);
  expect(world.open()).toEqual([]);
  world.stop();
});

test("hosts that were switched off together on purpose are no event, and hide none", async () => {
  const world = watchDomains(watchedShape, new Map(), new Set(upTo(5).map(hostIdOf)));
  await world.clock.advance(300_000);
  world.set(upTo(5), "lost");
  await world.clock.advance(5_000);
  expect(world.open()).toEqual([]);
  world.set([6, 7, 8], "lost");
  await world.clock.advance(5_000);
  expect(world.open()).toMatchObject([{ of: 5, lost: [6, 7, 8].map(hostIdOf) }]);
  world.stop();
});

test("who leads on at its term heard all the while: what is lost is judged at once, also what was while it did not lead", async () => {
  const world = watchDomains();
  await world.takenOver();
  await world.clock.advance(302_000);
  // Its wall clock was set forward: by that its leadership is over, until it is asked for again.
  world.leads.term = 0;
  world.wall.jumpWall(40_000);
  world.set(upTo(5), "lost");
  await world.clock.advance(2_000);
  expect(world.codes(10)).toBeNull();
  world.leads.term = 1;
  await world.takenOver();
  await world.clock.advance(2_000);
  expect(world.codes(10)).toBe("domain-event");
  // Another led in between: what that one heard is not known here.
  world.leads.term = 3;
  await world.takenOver();
  world.set(upTo(5, 11), "lost");
  await world.clock.advance(290_000);
  expect([world.codes(10), world.codes(20)]).toEqual(["domain-event", null]);
  await world.clock.advance(12_000);
  expect(world.codes(20)).toBe("domain-event");
  world.stop();
});

test("a brake that the store did not take stays on where the manager leads on at its term", async () => {
  const world = watchDomains();
  await world.takenOver();
  await world.clock.advance(302_000);
  world.set(upTo(5), "lost");
  await world.clock.advance(900);
  // Asked whether it leads when it judges, and no more when it writes.
  world.leads.refuses = true;
  await world.clock.advance(5_000);
  expect([world.codes(10), world.kept.size]).toEqual(["domain-event", 0]);
  world.leads.refuses = false;
  world.set(upTo(5), "connected");
  await world.takenOver();
  await world.clock.advance(5_000);
  expect([world.codes(10), world.kept.size]).toEqual(["domain-event", 1]);
  world.stop();
});

test("what was looked at and heard again is news when it is lost anew, also by a clock that was set back", async () => {
  const world = watchDomains();
  await world.clock.advance(302_000);
  world.set(upTo(5), "lost");
  await world.clock.advance(2_000);
  const [event] = world.open();
  if (event !== undefined) await world.acknowledge(event.id, ana);
  world.wall.jumpWall(-3_600_000);
  world.set(upTo(4), "connected");
  await world.clock.advance(2_000);
  expect(world.known().flatMap(({ acknowledged }) => acknowledged?.silences ?? [])).toHaveLength(1);
  await world.clock.advance(120_000);
  world.set(upTo(4), "lost");
  await world.clock.advance(2_000);
  expect([world.codes(10), world.open()[0]?.lost]).toEqual(["domain-event", upTo(4).map(hostIdOf)]);
  world.stop();
});
