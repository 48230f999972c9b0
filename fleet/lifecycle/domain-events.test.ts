import { expect, test } from "vitest";
import type { FleetEvent } from "#fleet/inventory/fleet-events.ts";
import { createEventBus } from "#fleet/inventory/event-bus.ts";
import type { LinkState } from "#fleet/inventory/links.ts";
import type { AuditEntry, AuditRecord } from "#fleet/audit/audit-entry.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { ana, planFleet, type PlanFleetShape } from "#test/support/plan-fleet.ts";
import { fc } from "#test/support/properties.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { createVirtualClock, virtualStartMs } from "#test/support/virtual-clock.ts";
import type { KnownEvent } from "./domain-event-store.ts";
import { findDomainEvents, type FoundEvent, mergeDomainEvents } from "./domain-events.ts";
import { createDomainScopes } from "./domain-scopes.ts";
import { watchDomainEvents } from "./watch-domain-events.ts";

/** Ten racks of ten in one row of one site. */
const shape: PlanFleetShape = { racksPerRow: 10, hostsPerRack: 10 };
const upTo = (count: number, from = 1) => Array.from({ length: count }, (_, at) => from + at);

/** Host and seconds after the start at which it fell silent. */
function find(
  losses: readonly (readonly [number, number])[],
  of: PlanFleetShape = shape,
): readonly FoundEvent[] {
  const { hosts, racks } = planFleet(of);
  return findDomainEvents(
    losses.flatMap(([number, atS]) => {
      const host = hosts[number - 1];
      return host === undefined
        ? []
        : [{ host, silentSinceMs: unixMs(virtualStartMs + atS * 1_000) }];
    }),
    () => hosts,
    createDomainScopes(racks),
  );
}
const names = (found: readonly FoundEvent[]) =>
  found.map(({ scope, lost, of }) => `${scope.kind} ${scope.name}: ${lost.length} of ${of}`);

test("three of ten hosts of a rack within a minute are one event of that rack", () => {
  expect(
    names(
      find([
        [1, 0],
        [2, 20],
        [3, 60],
      ]),
    ),
  ).toEqual(["rack fra2/row-a/rack-01: 3 of 10"]);
});

test("two hosts are none, and three of twenty are none", () => {
  expect(
    find([
      [1, 0],
      [2, 0],
    ]),
  ).toEqual([]);
  expect(
    find(
      [
        [1, 0],
        [2, 0],
        [3, 0],
      ],
      { racksPerRow: 5, hostsPerRack: 20 },
    ),
  ).toEqual([]);
});

test("a slow trickle is no event: each minute has its own", () => {
  expect(find(upTo(10).map((number) => [number, number * 61] as const))).toEqual([]);
  // The same hosts, a little faster: any minute that holds three of them is enough.
  expect(find(upTo(10).map((number) => [number, number * 30] as const))).toHaveLength(1);
});

test("hosts that were lost long before are no part of what was there", () => {
  const old = upTo(5).map((number) => [number, -3_600] as const);
  expect(names(find([...old, [6, 0], [7, 0], [8, 0]]))).toEqual([
    "rack fra2/row-a/rack-01: 5 of 10",
  ]);
  const scattered = upTo(5).map((number) => [number, -3_600 * number] as const);
  expect(names(find([...scattered, [6, 0], [7, 0], [8, 0]]))).toEqual([
    "rack fra2/row-a/rack-01: 3 of 5",
  ]);
});

test("two dark racks of ten are one event of the site, the widest", () => {
  expect(names(find(upTo(20).map((number) => [number, 0] as const)))).toEqual([
    "site fra2: 20 of 100",
  ]);
});

test("a dark rack in each of two sites are two events", () => {
  const sites = { ...shape, sites: ["fra2", "nrt1"] };
  const both = [...upTo(10), ...upTo(10, 101)].map((number) => [number, 0] as const);
  expect(names(find(both, sites))).toEqual([
    "rack fra2/row-a/rack-01: 10 of 10",
    "rack nrt1/row-a/rack-01: 10 of 10",
  ]);
});

test("a power line of a row, and a switch, are scopes of their own", () => {
  const rows = { racksPerRow: 5, hostsPerRack: 2, rowsPerSite: 5, sharedFeeds: true };
  const row = find(
    [1, 3, 5].map((number) => [number, 0] as const),
    rows,
  );
  expect(names(row)).toEqual(["feed fra2/row-a A of ups-a: 3 of 10"]);
  const wired: PlanFleetShape = {
    racksPerRow: 30,
    hostsPerRack: 5,
    host: (number) => ({ switchPort: number % 10 === 0 ? `sw-1/Eth${number}` : null }),
  };
  const cut = find(
    upTo(15).map((number) => [number * 10, 0] as const),
    wired,
  );
  expect(names(cut)).toEqual(["switch sw-1: 15 of 15"]);
});

test("whatever is lost, each event holds at least three hosts, a fifth, and one minute", () => {
  const losses = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 300 })),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(losses, (raw) => {
      const byHost = new Map(raw);
      const found = find([...byHost]);
      for (const { lost, of } of found) {
        expect(lost.length).toBeGreaterThanOrEqual(3);
        expect(lost.length / of).toBeGreaterThanOrEqual(0.2);
        const times = upTo(100)
          .filter((number) => lost.includes(hostIdOf(number)))
          .map((number) => byHost.get(number) ?? 0);
        expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(60);
      }
    }),
    { numRuns: 60 },
  );
});

/** `kept`: what the store has; a second watch over it is the manager after a restart. */
function watch(
  of: PlanFleetShape = shape,
  kept = new Map<string, KnownEvent>(),
  off: ReadonlySet<HostId> = new Set(),
) {
  const fleet = planFleet(of);
  const clock = createVirtualClock();
  const events = createEventBus(silentLog);
  const links = new Map<HostId, { state: LinkState; lastHeardMs: number }>();
  const told: FleetEvent[] = [];
  const audit: AuditEntry[] = [];
  events.subscribe((event) => {
    if (event.kind === "domain-event") told.push(event);
  });
  const hosts = [...fleet.hosts];
  const watcher = watchDomainEvents({
    inventory: { hosts: async () => hosts, racks: async () => fleet.racks },
    links: {
      view: (id) => ({
        state: links.get(id)?.state ?? "connected",
        sinceMs: null,
        lastHeardMs: unixMs(links.get(id)?.lastHeardMs ?? clock.nowUnixMs()),
        sessionId: null,
        clockOffsetMs: null,
      }),
    },
    events,
    audit: {
      append: async (entry) => {
        audit.push(entry);
        return entry as AuditRecord;
      },
    },
    store: {
      readEvents: async () => [...kept.values()].filter(({ endedMs }) => endedMs === null),
      async writeEvents(changed) {
        for (const one of changed) kept.set(one.event.id, one);
        return "written";
      },
    },
    switchedOff: { among: async () => off },
    term: () => 1,
    clock,
    random: createSeededRandom(3),
    log: silentLog,
  });
  const set = (numbers: readonly number[], state: LinkState): void => {
    for (const number of numbers) {
      const hostId = hostIdOf(number);
      const lastHeardMs = state === "lost" ? clock.nowUnixMs() - 90_000 : clock.nowUnixMs();
      links.set(hostId, { state, lastHeardMs });
      events.publish({ kind: "link-changed", hostId, state });
    }
  };
  const codes = (number: number) => {
    const host = hosts[number - 1];
    return host === undefined ? null : (watcher.whyStopped(host)?.code ?? null);
  };
  const waits = (number: number) => {
    const host = hosts[number - 1];
    const why = host === undefined ? null : watcher.whyNotBegin(host);
    return why === null ? null : [why.code, (why.untilMs ?? clock.nowUnixMs()) - clock.nowUnixMs()];
  };
  return { ...watcher, clock, set, told, audit, codes, waits, hosts, kept };
}

test("nothing begins on a host that was just lost before it is known whether its rack was lost too", async () => {
  const world = watch();
  await world.clock.advance(300_000);
  world.set(upTo(10), "lost");
  // The brake is not on yet, and drains of lost hosts cost no budget.
  expect([world.codes(1), world.waits(1), world.waits(11)]).toEqual([null, ["grace", 1_000], null]);
  await world.clock.advance(2_000);
  expect(world.waits(1)).toEqual(["domain-event", 0]);
  world.stop();
});

test("one that was lost alone waits a second, and again when it comes back and is lost anew", async () => {
  const world = watch();
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
  const world = watch();
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
  const world = watch();
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
  const world = watch({ racksPerRow: 20, hostsPerRack: 10 });
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
  const world = watch();
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
  const world = watch();
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
  const world = watch();
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
  const world = watch();
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
  const before = watch();
  await before.clock.advance(300_000);
  before.set(upTo(5), "lost");
  await before.clock.advance(20_000);
  const [event] = before.open();
  before.stop();
  const after = watch(shape, before.kept);
  await after.takenOver();
  expect([after.open()[0]?.id, after.codes(1)]).toEqual([event?.id, "domain-event"]);
  after.set(upTo(5), "lost");
  await after.clock.advance(330_000);
  expect(after.open().map(({ id }) => id)).toEqual([event?.id]);
  expect(after.audit).toEqual([]);
  after.stop();
});

test("over a restart what a person has seen is no news, and its end is kept", async () => {
  const before = watch();
  await before.clock.advance(600_000);
  before.set(upTo(5), "lost");
  await before.clock.advance(20_000);
  const [event] = before.open();
  if (event !== undefined) await before.acknowledge(event.id, ana);
  before.stop();
  const after = watch(shape, before.kept);
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
  const world = watch();
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
  const world = watch(shape, new Map(), new Set(upTo(5).map(hostIdOf)));
  await world.clock.advance(300_000);
  world.set(upTo(5), "lost");
  await world.clock.advance(5_000);
  expect(world.open()).toEqual([]);
  world.set([6, 7, 8], "lost");
  await world.clock.advance(5_000);
  expect(world.open()).toMatchObject([{ of: 5, lost: [6, 7, 8].map(hostIdOf) }]);
  world.stop();
});

test("a brake on a site stays on the site when more is lost on a power line of it, however few were there when it began", () => {
  const lost = upTo(6).map(hostIdOf);
  const event = (kind: "site" | "feed", name: string, of: number, count: number) => ({
    id: "01930000-0000-7f01-8000-000000000001" as KnownEvent["event"]["id"],
    raisedMs: unixMs(virtualStartMs),
    scope: { kind, name },
    lost: lost.slice(0, count),
    of,
    sinceMs: unixMs(virtualStartMs),
  });
  const site = event("site", "fra2", 15, 5);
  const line = event("feed", "fra2/row-a A of ups-a0", 15, 6);
  const merge = (open: typeof site, found: typeof site) =>
    mergeDomainEvents([open], [found], (made) => ({
      ...made,
      id: site.id,
      raisedMs: site.raisedMs,
    }));
  expect(merge(site, line)).toMatchObject({ open: [{ scope: site.scope, lost }], widened: [] });
  // And the other way round it widens, though fewer of the site are left to be lost.
  const shrunk = event("site", "fra2", 12, 6);
  expect(merge(line, shrunk)).toMatchObject({ open: [{ scope: site.scope }] });
  expect(merge(line, shrunk).widened).toHaveLength(1);
});
