import { expect, test } from "vitest";
import { unixMs } from "#proto/vocabulary/units.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { planFleet, type PlanFleetShape } from "#test/support/plan-fleet.ts";
import { fc } from "#test/support/properties.ts";
import { virtualStartMs } from "#test/support/virtual-clock.ts";
import {
  coversBy,
  type DomainEvent,
  findDomainEvents,
  type FoundEvent,
  mergeDomainEvents,
} from "./domain-events.ts";
import { createDomainScopes, type DomainScope, scopeKey } from "./domain-scopes.ts";

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

/** Three racks of a row on one line, one beside them, and a switch across two racks. */
function wiredFleet() {
  const { hosts, racks } = planFleet({
    racksPerRow: 4,
    hostsPerRack: 6,
    host: (number) => ({ switchPort: number > 9 && number <= 15 ? `sw-1/Eth${number}` : null }),
  });
  const fed = racks.map((rack, at) => ({
    ...rack,
    feeds: rack.feeds.map((feed) => ({ ...feed, upstream: at < 3 ? "ups-0" : "ups-1" })),
  }));
  const scopes = createDomainScopes(fed);
  return { hosts, scopes, covers: coversBy(hosts, scopes) };
}
let raised = 0;
const raise = (made: FoundEvent): DomainEvent => {
  raised += 1;
  return { ...made, id: `event-${raised}` as DomainEvent["id"], raisedMs: unixMs(virtualStartMs) };
};
const foundIn = (
  kind: DomainScope["kind"],
  name: string,
  numbers: readonly number[],
): FoundEvent => ({
  scope: { kind, name },
  lost: numbers.map(hostIdOf),
  of: numbers.length,
  sinceMs: unixMs(virtualStartMs),
});
const line = "fra2/row-a A of ups-0";

test("a brake on a site stays on the site when more is lost on a power line of it, however few were there when it began", () => {
  const { covers } = wiredFleet();
  const site = raise(foundIn("site", "fra2", upTo(5)));
  const more = foundIn("feed", line, upTo(6));
  expect(mergeDomainEvents([site], [more], covers, raise)).toMatchObject({
    open: [{ id: site.id, scope: site.scope, lost: more.lost, of: 6 }],
    widened: [],
  });
  // And the other way round it widens.
  const narrow = raise(foundIn("feed", line, upTo(8)));
  const whole = mergeDomainEvents([narrow], [foundIn("site", "fra2", upTo(6))], covers, raise);
  expect(whole.open).toMatchObject([{ id: narrow.id, scope: site.scope, lost: narrow.lost }]);
  expect(whole.widened).toHaveLength(1);
});

test("a site's brake is not taken in by that of a power line which was there beside it", () => {
  const { covers } = wiredFleet();
  const site = raise(foundIn("site", "fra2", [...upTo(5, 7), ...upTo(5, 19)]));
  const beside = raise(foundIn("feed", line, upTo(4)));
  const again = mergeDomainEvents(
    [site, beside],
    [foundIn("feed", line, upTo(5, 7))],
    covers,
    raise,
  );
  expect(again.open.map(({ id, scope }) => [id, scope.kind]).toSorted()).toEqual(
    [
      [site.id, "site"],
      [beside.id, "feed"],
    ].toSorted(),
  );
  // The site takes the line in, with all that was lost there.
  const all = mergeDomainEvents(again.open, [foundIn("site", "fra2", upTo(3))], covers, raise);
  expect(all.open).toMatchObject([
    {
      id: site.id,
      scope: site.scope,
      lost: [...upTo(4), ...upTo(5, 7), ...upTo(5, 19)].map(hostIdOf),
    },
  ]);
});

test("whatever is lost when, no host's brake goes, and each scope that was found has one", () => {
  const { hosts, scopes, covers } = wiredFleet();
  const stopped = (open: readonly DomainEvent[]): ReadonlySet<string> => {
    const keys = new Set(open.map(({ scope }) => scopeKey(scope)));
    const held = hosts.filter((host) => scopes.of(host).some((scope) => keys.has(scopeKey(scope))));
    return new Set(held.map(({ id }) => id));
  };
  const burst = fc.array(fc.integer({ min: 1, max: hosts.length }), { maxLength: 16 });
  fc.assert(
    fc.property(fc.array(burst, { maxLength: 8 }), (bursts) => {
      let open: readonly DomainEvent[] = [];
      for (const numbers of bursts) {
        const losses = hosts
          .filter((_host, at) => numbers.includes(at + 1))
          .map((host) => ({ host, silentSinceMs: unixMs(virtualStartMs) }));
        const found = findDomainEvents(losses, () => hosts, scopes);
        const before = stopped(open);
        ({ open } = mergeDomainEvents(open, found, covers, raise));
        const after = stopped(open);
        expect([...before].filter((id) => !after.has(id))).toEqual([]);
        for (const { scope } of found)
          for (const host of hosts)
            if (scopes.of(host).some((one) => scopeKey(one) === scopeKey(scope)))
              expect(after.has(host.id)).toBe(true);
      }
      expect(new Set(open.map(({ scope }) => scopeKey(scope))).size).toBe(open.length);
    }),
    { numRuns: 200 },
  );
});
